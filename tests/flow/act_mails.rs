//! Comments and decisions on findings reach those concerned by mail, once, and nobody else.

use super::alerts::{add_person, claim_border_road};
use crate::common::people::{a_person, keep, right};
use crate::common::{EAST, ELSEWHERE, TestApp, WEST, draft, new_id, on_both_engines, road, three_villages};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tapak::actions::manage_person::disable_person;
use tapak::domain::act::ActKind;
use tapak::domain::job::JobKind;
use tapak::domain::person::{Language, Person};
use tapak::domain::post::Role;
use tapak::jobs::worker;
use tapak::store::acts::{self, Addressee, NewAct};
use tapak::store::comments::{self, NewComment};
use tapak::store::jobs::{NewJob, enqueue};
use tapak::store::users;
use uuid::Uuid;

/// A road that both villages claim, with the people who answer for them: the finding about it, of which everybody was told.
async fn claimed(app: &TestApp) -> Value {
    for (login, role, region) in [
        ("kades-barat", Role::VillageHead, WEST),
        ("kades-timur", Role::VillageHead, EAST),
        ("petugas-luar", Role::Officer, ELSEWHERE),
    ] {
        add_person(app, login, role, region).await;
    }
    app.sign_in_as("inspector", Some("35.10")).await;
    claim_border_road(app).await;
    app.work().await;
    let found = app.get("/api/v1/findings?state=open&kind=duplicate").await.is(StatusCode::OK);
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    shown(app, &found["items"][0]).await
}

async fn shown(app: &TestApp, finding: &Value) -> Value {
    app.get(&format!("/api/v1/findings/{}", finding["id"].as_str().unwrap())).await.is(StatusCode::OK)
}

fn path(finding: &Value, rest: &str) -> String {
    format!("/api/v1/findings/{}/{rest}", finding["id"].as_str().unwrap())
}

async fn comment(app: &TestApp, finding: &Value, text: &str) -> Value {
    let comment = json!({ "id": new_id(), "text": text });
    app.post(&path(finding, "comments"), &comment).await.is(StatusCode::OK);
    comment
}

async fn decide(app: &TestApp, finding: &Value, word: &str) -> Value {
    let finding = shown(app, finding).await;
    let decision = json!({ "id": new_id(), "row_version": finding["row_version"], "decision": word,
        "reason": "Dilihat di lapangan, panjangnya lain." });
    app.post(&path(&finding, "decision"), &decision).await.is(StatusCode::OK);
    decision
}

async fn take_back(app: &TestApp, finding: &Value, decision: &Value) {
    app.post(&path(finding, "decision/undo"), &json!({ "decision": decision["id"] })).await.is(StatusCode::OK);
}

/// Mails about comments and decisions, oldest first.
async fn act_mails(app: &TestApp) -> Vec<Value> {
    app.sign_in_as("administrator", None).await;
    let listed = app.get("/api/v1/messages?limit=200").await.is(StatusCode::OK);
    let mut all = Vec::new();
    for message in listed["items"].as_array().unwrap().iter().rev() {
        if message["comments"] != 0 || message["decisions"] != 0 {
            assert_eq!(message["findings"], 0, "it tells of no new finding: {message}");
            all.push(
                app.get(&format!("/api/v1/messages/{}", message["id"].as_str().unwrap())).await.is(StatusCode::OK),
            );
        }
    }
    all
}

fn addresses(mails: &[Value]) -> Vec<&str> {
    let mut to: Vec<&str> = mails.iter().map(|mail| mail["to"].as_str().unwrap()).collect();
    to.sort_unstable();
    to
}

/// Of the mail to this address what it says.
fn text<'a>(mails: &'a [Value], to: &str) -> &'a str {
    mails.iter().find(|mail| mail["to"] == to).unwrap()["text"].as_str().unwrap()
}

async fn person_id(app: &TestApp, login: &str) -> Uuid {
    let mut tx = app.app.store.read().await.unwrap();
    users::find_id(&mut tx, login).await.unwrap().unwrap()
}

on_both_engines!(a_comment_notifies_both_villages_the_inspector_and_earlier_authors_but_not_its_author, |app| {
    let finding = claimed(&app).await;
    app.sign_in_as("administrator", None).await;
    comment(&app, &finding, "Mohon kedua desa menjelaskan.").await;
    app.work().await;
    let first = act_mails(&app).await;
    let concerned = ["inspector@example.org", "kades-barat@example.org", "kades-timur@example.org"];
    assert_eq!(addresses(&first), concerned, "an administrator is no more than the writer");

    app.sign_in_as("village_head", Some(WEST)).await;
    let said = comment(&app, &finding, "Ruas kami berhenti di gapura. Sisanya milik Timur.").await;
    app.work().await;
    let mails = act_mails(&app).await;
    let second = &mails[first.len()..];
    assert_eq!(
        addresses(second),
        ["administrator@example.org", "inspector@example.org", "kades-barat@example.org", "kades-timur@example.org",],
        "the administrator wrote before; the writer knows; the other regency has nothing to do with it"
    );
    let mail = &second[0];
    assert_eq!((&mail["comments"], &mail["decisions"]), (&json!(1), &json!(0)));
    assert_eq!(mail["finding_ids"], json!([finding["id"]]));
    let subject = mail["subject"].as_str().unwrap();
    assert!(subject.starts_with("Komentar baru: ") && subject.contains("perbatasan Barat"), "{subject}");
    let text = text(second, "kades-timur@example.org");
    for part in [
        "Tes village_head (kepala desa, Barat) menulis:",
        "> Ruas kami berhenti di gapura. Sisanya milik Timur.",
        "Pembangunan Jalan Rabat Beton Batas Desa Timur",
        &format!(
            "http://tapak.example.org/findings/{}#comment-{}",
            finding["id"].as_str().unwrap(),
            said["id"].as_str().unwrap()
        ),
    ] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    assert!(!text.contains("Mohon kedua desa"), "what was told is not told again: {text}");
    // The page's list of who was told of the finding is that of alerts.
    assert_eq!(shown(&app, &finding).await["messages"].as_array().unwrap().len(), 3);
});

on_both_engines!(a_decision_and_its_reversal_notify_both_villages, |app| {
    let finding = claimed(&app).await;
    let decision = decide(&app, &finding, "different_works").await;
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(addresses(&mails), ["kades-barat@example.org", "kades-timur@example.org"]);
    assert!(
        mails[0]["subject"].as_str().unwrap().starts_with("Diputuskan pekerjaan berbeda: "),
        "{}",
        mails[0]["subject"]
    );
    let said = text(&mails, "kades-timur@example.org");
    for part in ["memutuskan: pekerjaan berbeda", "> Dilihat di lapangan, panjangnya lain.", "sudah ditutup"] {
        assert!(said.contains(part), "{part:?} is missing: {said}");
    }
    app.sign_in_as("inspector", Some("35.10")).await;
    take_back(&app, &finding, &decision).await;
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(mails.len(), 4, "and that it is no more");
    assert!(mails[3]["subject"].as_str().unwrap().starts_with("Keputusan dibatalkan, "), "{}", mails[3]["subject"]);
    let text = mails[3]["text"].as_str().unwrap();
    assert!(text.contains("membatalkan keputusan: pekerjaan berbeda.") && text.contains("masih terbuka"), "{text}");
});

on_both_engines!(a_merge_across_the_border_notifies_the_village_that_lost_its_record, |app| {
    let finding = claimed(&app).await;
    let keep = finding["members"].as_array().unwrap().iter().find(|one| one["village"]["code"] == WEST).unwrap();
    let decision = json!({ "id": new_id(), "row_version": finding["row_version"], "decision": "same_work",
        "reason": "Satu ruas.", "keep": keep["id"] });
    app.post(&path(&finding, "decision"), &decision).await.is(StatusCode::OK);
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(addresses(&mails), ["kades-barat@example.org", "kades-timur@example.org"]);
    let text = text(&mails, "kades-timur@example.org");
    assert!(text.contains(&format!("Catatan yang tetap: {}.", keep["title"].as_str().unwrap())), "{text}");
});

on_both_engines!(a_decision_taken_back_before_the_mail_notifies_nobody_but_its_author, |app| {
    let finding = claimed(&app).await;
    let decision = decide(&app, &finding, "different_works").await;
    take_back(&app, &finding, &decision).await;
    app.work().await;
    assert!(act_mails(&app).await.is_empty(), "for the villages nothing happened");
    app.sign_in_as("inspector", Some("35.10")).await;
    let decision = decide(&app, &finding, "upkeep").await;
    app.sign_in_as("administrator", None).await;
    take_back(&app, &finding, &decision).await;
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(addresses(&mails), ["inspector@example.org"], "somebody else took it back");
    assert!(
        mails[0]["text"].as_str().unwrap().contains("membatalkan keputusan: pemeliharaan."),
        "{}",
        mails[0]["text"]
    );
});

on_both_engines!(a_decision_taken_back_after_it_was_addressed_notifies_nobody, |app| {
    let finding = claimed(&app).await;
    let decision = decide(&app, &finding, "different_works").await;
    // Those concerned are looked up; their mails are not written yet.
    app.work_until(JobKind::NotifyOfActs).await;
    let mut tx = app.app.store.read().await.unwrap();
    let waiting = tapak::store::jobs::list(&mut tx, false, 100).await.unwrap();
    drop(tx);
    let asked: BTreeSet<Uuid> =
        waiting.iter().filter(|job| job.kind == JobKind::NotifyOfActs.as_str()).map(|job| job.subject_id).collect();
    let heads = [person_id(&app, "kades-barat").await, person_id(&app, "kades-timur").await];
    assert_eq!(asked, heads.into(), "of a whole country only those who see it are asked");
    let mut tx = app.app.store.read().await.unwrap();
    let act = acts::list_unsent(&mut tx, heads[0], 100).await.unwrap()[0].id;
    drop(tx);
    take_back(&app, &finding, &decision).await;
    app.work().await;
    assert!(act_mails(&app).await.is_empty());
    let mut tx = app.app.store.read().await.unwrap();
    for head in heads {
        assert!(acts::list_unsent(&mut tx, head, 100).await.unwrap().is_empty(), "it is not looked at again and again");
    }
    drop(tx);
    let mut tx = app.app.store.write().await.unwrap();
    assert_eq!(acts::settle(&mut tx, heads[0], &[act], None).await.unwrap(), 0, "another worker settled it");
});

on_both_engines!(acts_within_a_short_time_share_one_mail_however_often_they_were_sent, |app| {
    let finding = claimed(&app).await;
    let first = comment(&app, &finding, "Satu.").await;
    app.app.clock.advance(Duration::from_secs(5));
    comment(&app, &finding, "Dua.").await;
    app.post(&path(&finding, "comments"), &first).await.is(StatusCode::OK);
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(addresses(&mails), ["kades-barat@example.org", "kades-timur@example.org"]);
    let text = mails[0]["text"].as_str().unwrap();
    assert!(text.find("> Satu.").unwrap() < text.find("> Dua.").unwrap(), "{text}");
    assert_eq!(text.matches("> Satu.").count(), 1, "{text}");
    assert_eq!(mails[0]["comments"], 2);
    // Run again, as after a crash, the jobs find nothing to tell; and sent again it is no news.
    app.sign_in_as("inspector", Some("35.10")).await;
    app.post(&path(&finding, "comments"), &first).await.is(StatusCode::OK);
    let again = [(JobKind::ComposeActs, Uuid::nil()), (JobKind::NotifyOfActs, person_id(&app, "kades-timur").await)];
    run_again(&app, &again).await;
    assert_eq!(act_mails(&app).await.len(), 2);
});

on_both_engines!(a_dozen_comments_in_a_row_are_two_mails_a_person_the_first_one_soon, |app| {
    let finding = claimed(&app).await;
    for n in 1..=12 {
        comment(&app, &finding, &format!("Catatan {n}.")).await;
        app.app.clock.advance(Duration::from_secs(19));
        worker::run_due(&app.app).await.unwrap();
        app.app.clock.advance(Duration::from_secs(2));
        worker::run_due(&app.app).await.unwrap();
    }
    app.work().await;
    app.app.clock.advance(Duration::from_secs(300));
    app.work().await;
    let mails = act_mails(&app).await;
    let to: Vec<_> = mails.iter().filter(|mail| mail["to"] == "kades-timur@example.org").collect();
    let comments: Vec<_> = to.iter().map(|mail| mail["comments"].as_u64().unwrap()).collect();
    assert_eq!(comments, [1, 11]);
});

async fn run_again(app: &TestApp, jobs: &[(JobKind, Uuid)]) {
    let now = app.app.clock.now();
    let mut tx = app.app.store.write().await.unwrap();
    let again: Vec<NewJob> = jobs
        .iter()
        .map(|(kind, subject_id)| NewJob { id: new_id(), kind: *kind, subject_id: *subject_id, run_at: now })
        .collect();
    enqueue(&mut tx, &again, now).await.unwrap();
    tx.commit().await.unwrap();
    app.work().await;
}

on_both_engines!(line_breaks_of_comments_and_reasons_survive_on_the_page_and_in_the_mail, |app| {
    let finding = claimed(&app).await;
    comment(&app, &finding, "Ruas kami:\n- 120 m sampai gapura <barat>\n\nSisanya milik Timur.").await;
    app.work().await;
    let shown = shown(&app, &finding).await;
    let kept = "Ruas kami:\n- 120 m sampai gapura <barat>\n\nSisanya milik Timur.";
    assert_eq!(shown["comments"][0]["text"], kept);
    let mails = act_mails(&app).await;
    let text = text(&mails, "kades-timur@example.org");
    let quoted = "   > Ruas kami:\n   > - 120 m sampai gapura <barat>\n   > \n   > Sisanya milik Timur.\n";
    assert!(text.contains(quoted), "{text}");
    let id = mails[0]["id"].as_str().unwrap();
    let html = String::from_utf8(app.get(&format!("/api/v1/messages/{id}/preview")).await.bytes).unwrap();
    let lines = "Ruas kami:<br>- 120 m sampai gapura &lt;barat&gt;<br><br>Sisanya milik Timur.";
    assert!(html.contains(lines), "{html}");
});

on_both_engines!(comments_on_several_findings_are_one_mail_a_person, |app| {
    let finding = claimed(&app).await;
    let west = app.village(WEST).await;
    for title in ["Paving Gang Masjid RT 02", "Pavingisasi gang masjid Rt.02"] {
        app.register(&draft(west, title, road(114.305, -8.215))).await;
    }
    app.work().await;
    let found = app.get("/api/v1/findings?state=open&kind=duplicate").await.is(StatusCode::OK);
    let other = found["items"].as_array().unwrap().iter().find(|one| one["id"] != finding["id"]).unwrap();
    comment(&app, &finding, "Tentang jalan.").await;
    comment(&app, other, "Tentang gang.").await;
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(addresses(&mails), ["kades-barat@example.org", "kades-timur@example.org"]);
    let west = text(&mails, "kades-barat@example.org");
    assert!(west.contains("Tentang jalan.") && west.contains("Tentang gang."), "{west}");
    assert!(!text(&mails, "kades-timur@example.org").contains("Tentang gang."), "each reads of their own findings");
});

on_both_engines!(a_person_disabled_before_the_mail_is_written_gets_none, |app| {
    let finding = claimed(&app).await;
    comment(&app, &finding, "Mohon penjelasan.").await;
    disable_person(&app.app, None, person_id(&app, "kades-timur").await).await.unwrap();
    app.work().await;
    assert_eq!(addresses(&act_mails(&app).await), ["kades-barat@example.org"]);
    // Nor when it happens after those concerned were looked up.
    app.sign_in_as("inspector", Some("35.10")).await;
    comment(&app, &finding, "Sekali lagi.").await;
    app.work_until(JobKind::NotifyOfActs).await;
    disable_person(&app.app, None, person_id(&app, "kades-barat").await).await.unwrap();
    app.work().await;
    assert_eq!(act_mails(&app).await.len(), 1);
});

on_both_engines!(a_shared_address_gets_one_mail_and_none_about_acts_of_its_owners, |app| {
    let finding = claimed(&app).await;
    // Head and officer of the eastern village read one box.
    for (login, role) in [("kades-dua", Role::VillageHead), ("petugas-dua", Role::Officer)] {
        let address = if role == Role::Officer { "Desa@example.org" } else { "desa@example.org" };
        let person = Person {
            email: Some(address.to_owned()),
            language: Language::En,
            rights: right(role, Some(EAST)).into_iter().collect(),
            ..a_person(login)
        };
        keep(&app, person, String::new()).await;
    }
    comment(&app, &finding, "Mohon penjelasan.").await;
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(addresses(&mails), ["desa@example.org", "kades-barat@example.org", "kades-timur@example.org"]);
    let english = text(&mails, "desa@example.org");
    assert!(english.contains("Tes inspector (inspector, Kabupaten Banyuwangi) writes:"), "{english}");
    // What the head of the west wrote under the address of the inspector.
    let mut tx = app.app.store.read().await.unwrap();
    let head = users::find_by_login(&mut tx, "kades-dua", app.app.clock.now()).await.unwrap().unwrap().0;
    drop(tx);
    let remark = tapak::actions::comment_on_finding::Remark {
        id: new_id(),
        finding: finding["id"].as_str().unwrap().parse().unwrap(),
        text: "Dari desa.".to_owned(),
        answers: None,
    };
    tapak::actions::comment_on_finding::comment_on_finding(&app.app, &head, &remark, None).await.unwrap();
    app.work().await;
    let all = act_mails(&app).await;
    assert_eq!(
        addresses(&all[mails.len()..]),
        ["inspector@example.org", "kades-barat@example.org", "kades-timur@example.org"]
    );
});

on_both_engines!(
    an_address_from_the_settings_is_notified_of_decisions_but_not_of_comments,
    [("alerts", "camat@example.org")],
    |app| {
        let finding = claimed(&app).await;
        comment(&app, &finding, "Mohon penjelasan.").await;
        app.work().await;
        assert_eq!(addresses(&act_mails(&app).await), ["kades-barat@example.org", "kades-timur@example.org"]);
        app.sign_in_as("inspector", Some("35.10")).await;
        decide(&app, &finding, "different_works").await;
        app.work().await;
        let mails = act_mails(&app).await;
        assert_eq!(addresses(&mails[2..]), ["camat@example.org", "kades-barat@example.org", "kades-timur@example.org"]);
        // Of a wrong place no alert told it: how that ended is nothing to it.
        app.sign_in_as("inspector", Some("35.10")).await;
        let outside = json!({ "type": "Point", "coordinates": [114.36, -8.21] });
        app.register(&draft(app.village(WEST).await, "Gapura batas desa", outside)).await;
        app.work().await;
        let found = app.get("/api/v1/findings?state=open&kind=place_outside_village").await.is(StatusCode::OK);
        decide(&app, &found["items"][0], "wrong_coordinate").await;
        app.work().await;
        assert_eq!(addresses(&act_mails(&app).await[mails.len()..]), ["kades-barat@example.org"]);
    }
);

on_both_engines!(no_mail_about_a_comment_reveals_more_of_a_hidden_house_than_the_page, |app| {
    app.import_villages(&three_villages()).await;
    add_person(&app, "jember", Role::Inspector, "35.09").await;
    add_person(&app, "banyuwangi", Role::Inspector, "35.10").await;
    let (west, elsewhere) = (app.village(WEST).await, app.village(ELSEWHERE).await);
    app.sign_in_as("administrator", None).await;
    for (village, lon, lat) in [(west, 114.3005, -8.2043), (elsewhere, 114.300_52, -8.204_31)] {
        let at = json!({ "type": "Point", "coordinates": [lon, lat] });
        let mut house = draft(village, "Rehab RTLH a.n. Zulaikhaq RT 77 RW 88", at);
        if village == elsewhere {
            house["title"] = json!("Bedah rumah tidak layak huni di dusun Krajan");
        }
        house["owner"] = json!("Zulaikhaq");
        house["hamlet"] = json!("Krajan");
        house["rt"] = json!("77");
        house["rw"] = json!("88");
        app.register(&house).await;
    }
    app.work().await;
    let found = app.get("/api/v1/findings?kind=duplicate").await.is(StatusCode::OK);
    let finding = &found["items"][0];
    comment(&app, finding, "Mohon diperiksa bersama.").await;
    app.work().await;
    let mails = act_mails(&app).await;
    assert_eq!(addresses(&mails), ["banyuwangi@example.org", "jember@example.org"]);
    let (own, other) = (text(&mails, "banyuwangi@example.org"), text(&mails, "jember@example.org"));
    assert!(own.contains("Rehab RTLH a.n. Zulaikhaq RT 77 RW 88"), "{own}");
    let mail = mails.iter().find(|mail| mail["to"] == "jember@example.org").unwrap();
    let preview = app.get(&format!("/api/v1/messages/{}/preview", mail["id"].as_str().unwrap())).await;
    for said in [other, mail["subject"].as_str().unwrap(), &String::from_utf8_lossy(&preview.bytes)] {
        assert!(!said.contains("Zulaikhaq") && !said.contains("RT 77"), "{said}");
    }
});

on_both_engines!(more_comments_than_one_mail_takes_are_in_the_next_one, |app| {
    const MOST: usize = 500;
    let finding = claimed(&app).await;
    let finding_id = finding["id"].as_str().unwrap().parse().unwrap();
    let (by, head) = (person_id(&app, "inspector-35.10").await, person_id(&app, "kades-timur").await);
    let now = app.app.clock.now();
    let mut tx = app.app.store.write().await.unwrap();
    let inspector = users::find(&mut tx, by, now).await.unwrap().unwrap();
    let by = inspector.author(&inspector.rights[0]);
    let mut addressees = Vec::new();
    for number in 0..=MOST {
        let (text, about_id, act_id) = (format!("Catatan {number}."), new_id(), new_id());
        let comment = NewComment {
            id: about_id,
            finding_id,
            answers: None,
            text: &text,
            written_by: by.clone(),
            body_digest: "",
        };
        comments::insert(&mut tx, &comment, now).await.unwrap();
        let act = NewAct { id: act_id, finding_id, kind: ActKind::Comment, about_id, by: by.clone() };
        acts::insert(&mut tx, &act, now).await.unwrap();
        let recipient = "kades-timur@example.org".to_owned();
        addressees.push(Addressee { act_id, recipient, recipient_id: head });
    }
    let ids: Vec<Uuid> = addressees.iter().map(|one| one.act_id).collect();
    acts::mark_addressed(&mut tx, &ids).await.unwrap();
    acts::address(&mut tx, &addressees).await.unwrap();
    tx.commit().await.unwrap();
    run_again(&app, &[(JobKind::NotifyOfActs, head)]).await;
    let told: Vec<i64> = act_mails(&app).await.iter().map(|mail| mail["comments"].as_i64().unwrap()).collect();
    assert_eq!(told, [500, 1]);
});
