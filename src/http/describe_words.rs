//! The words of the description that belong to no handler: examples of bodies, parameters that mean the same everywhere, groups.

use serde_json::{Value, json};

/// What a group of operations is about.
pub const TAGS: &[(&str, &str)] = &[
    ("session", "Signing in and out, one-time codes, and what the service says about itself."),
    ("account", "One's own password, sessions and posts."),
    ("people", "The accounts of a region, for its administrator."),
    ("posts", "Offices that people hold for a time, and what they give."),
    ("villages", "Villages with their borders."),
    ("projects", "Works of village budgets: lists, one, registered, corrected, ended."),
    ("uploads", "Files of works: sent, checked, stored."),
    ("progress", "Reports on site and their photos."),
    ("findings", "What a person should look at: doubles and other observations, and what was decided."),
    ("map", "Works and findings as features for a map."),
    ("events", "What changes, as it changes."),
    ("messages", "Mails that were sent."),
    ("jobs", "Work in the background that waits or was given up, and the last backups."),
];

/// A parameter, by its name, where its handler says nothing about it.
pub fn parameter(name: &str) -> Option<&'static str> {
    const ALL: &[(&str, &str)] = &[
        ("id", "Its id, a UUID."),
        ("holder", "The id of the holding."),
        (
            "Idempotency-Key",
            "Made by the client, 1 to 255 letters: the same again within 24 hours gets the answer of before.",
        ),
        ("limit", "How many rows at most."),
        ("after", "The `next` of the page before."),
        ("village", "The id of a village."),
        ("year", "The fiscal year."),
        ("status", "The status of a work."),
        ("state", "The state."),
        ("severity", "The severity."),
        ("kind", "The kind."),
        ("size", "`thumb` (320 px) or `screen` (1600 px)."),
        ("lon", "Longitude, degrees, WGS 84."),
        ("lat", "Latitude, degrees, WGS 84."),
        ("accuracy_m", "How far the place may be from where it is said to be, metres."),
        ("role", "A role."),
        ("name", "The name of the file."),
        ("radius_m", "Metres within which works are compared."),
        ("corridor_m", "Metres within which two lines beside each other are one line."),
        ("angle_deg", "Degrees that the directions of one line drawn twice may differ."),
        ("stacked", "Works on one point from which on the point says nothing."),
        ("life_years", "Years that a work lasts."),
        ("alert", "Probability, 0 to 1, from which a pair is an alert."),
        ("review", "Probability, 0 to 1, from which a pair is worth a look."),
    ];
    ALL.iter().find(|(known, _)| *known == name).map(|(_, words)| *words)
}

/// An example of a body, by the name of its schema.
pub fn example(schema: &str) -> Option<Value> {
    let (id, other) = ("01920000-0000-7000-8000-000000000001", "01920000-0000-7000-8000-000000000002");
    let work = |id: Option<&str>| {
        let mut work = json!({
            "title": "Rabat Beton Gang Masjid RT 02", "village_id": other, "fiscal_year": 2026, "status": "planned",
            "activity_code": "02.03.10", "authority": "village", "executor": "TPK Barat",
            "funding": [{ "fund": "DD", "amount_rupiah": 150_000_000 }],
            "footprint": { "how": "map", "parts": [{
                "accuracy_m": 5.0,
                "geometry": { "type": "LineString", "coordinates": [[114.305, -8.21], [114.307, -8.21]] },
            }] },
        });
        if let Some(id) = id {
            work["id"] = json!(id);
        }
        work
    };
    Some(match schema {
        "Login" => json!({ "login": "officer", "password": "a long enough password" }),
        "PasswordChange" => json!({ "old": "the password of before", "new": "a long enough password" }),
        "NewPassword" => json!({ "password": "a long enough password" }),
        "Invitation" => json!({
            "id": id, "login": "siti", "name": "Siti Aminah", "email": "siti@desa.example", "language": "id",
            "role": "village_head", "region_code": "35.10.01.2001", "by": "card",
        }),
        "CodeWanted" => json!({ "by": "card" }),
        "TypedCode" => json!({ "code": "K7QM-4XTP-9HWD-2RNB" }),
        "ChosenPassword" => json!({ "code": "K7QM-4XTP-9HWD-2RNB", "password": "a long enough password" }),
        "Proof" => json!({ "password": "a long enough password", "code": "123456" }),
        "ShownCode" => json!({ "code": "123456" }),
        "Forgotten" => json!({ "login": "siti" }),
        "SubstituteInput" => json!({ "id": id, "login": "budi", "from": "2026-12-01", "last_day": "2026-12-14" }),
        "AppointmentInput" => json!({ "id": id, "login": "siti", "capacity": "holder", "from": "2026-12-01" }),
        "PostInput" => {
            json!({ "id": id, "name": "Kepala Desa Barat", "grants": [{ "role": "village_head", "region_code": "35.10.01.2001" }] })
        }
        "EndInput" => json!({ "last_day": "2026-12-31" }),
        "CommentDraft" => json!({ "id": id, "text": "Ini dua ruas yang berbeda; foto papan menyusul." }),
        "DecisionDraft" => {
            json!({ "id": id, "row_version": 1, "decision": "different_works", "reason": "Dua ruas, diperiksa di lapangan" })
        }
        "TakeBack" => json!({ "decision": id }),
        "ProjectDraft" => work(Some(id)),
        "ProjectPatch" => json!({ "row_version": 1, "reason": "Salah ketik", "title": "Rabat Beton Gang Mawar RT 02" }),
        "Merge" => json!({ "row_version": 1, "into": other, "reason": "Tercatat dua kali" }),
        "Undo" => json!({ "row_version": 2 }),
        "Withdrawal" => json!({ "row_version": 1, "reason": "Salah desa" }),
        "ReportDraft" => {
            json!({ "id": id, "percent": 50.0, "reported_on": "2026-11-20", "stage": "50%", "note": "Cor hari ini" })
        }
        "UploadChoice" => json!({ "revision": 1, "options": {} }),
        "UploadStoring" => json!({ "revision": 2, "keep_good": true }),
        _ => return None,
    })
}
