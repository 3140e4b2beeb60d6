//! What their titles say.

use super::super::*;
use super::*;
use crate::domain::facts::FundingFact;
use crate::domain::footprint::How;
use crate::domain::project::Status;
use crate::domain::verdict::VerdictKind as Kind;

#[test]
fn works_in_a_language_without_tables_are_judged_by_the_other_comparisons() {
    let a = record(1, "Réfection de la voirie rue des Lilas", road(0.0, 0.0));
    alerts(&judge(a.clone(), record(2, "Refection voirie, rue des Lilas", road(2.0, 1.0))), Kind::DoubleEntry);
    explains(&judge(a.clone(), record(2, "Réfection de la voirie rue des Lilas", road(5_000.0, 0.0))), Kind::Unrelated);
    let next = judge(a, record(2, "Construction du pont des Pêcheurs", road(0.0, 60.0)));
    assert_ne!(next.band, Band::Alert, "{next:#?}");
}

#[test]
fn works_without_a_place_are_explained_by_their_titles() {
    let nowhere = |id: u128, title: &str, year: i32| {
        let mut facts = record(id, title, spot(0.0));
        facts.parts = Box::default();
        facts.fiscal_year = Some(year);
        facts
    };
    let title = "Pembangunan Jembatan Kali Lo";
    let mut failed = nowhere(1, title, 2025);
    failed.status = Some(Status::TenderFailed);
    explains(&judge(failed, nowhere(2, title, 2025)), Kind::Retender);
    let (first, second) = (nowhere(1, "Jembatan Kali Lo tahap I", 2025), nowhere(2, "Jembatan Kali Lo tahap II", 2026));
    explains(&judge(first, second), Kind::Continuation);
    explains(&judge(nowhere(1, title, 2024), nowhere(2, "Pemeliharaan Jembatan Kali Lo", 2026)), Kind::Maintenance);
}

#[test]
fn numbers_in_lists_contradict_only_where_none_is_in_common() {
    let rt = |id: u128, title: &str| record(id, title, road(0.0, 0.0));
    explains(&judge(rt(1, "Paving gang RT 1-3"), rt(2, "Paving gang RT 4 dan 5")), Kind::Sibling);
    alerts(&judge(rt(1, "Paving gang RT 1-3"), rt(2, "Paving gang RT 03")), Kind::DoubleEntry);
    explains(&judge(rt(1, "Jembatan Melati 1 Krajan"), rt(2, "Jembatan Melati II Krajan")), Kind::Sibling);
    explains(&judge(rt(1, "Paving Gang 10"), rt(2, "Paving Gang 10 A")), Kind::Sibling);
}

#[test]
fn a_name_with_and_without_its_space_is_one_and_another_name_is_another() {
    let level = |a: &str, b: &str| {
        let verdict = judge(record(1, a, road(0.0, 0.0)), record(2, b, road(0.0, 0.0)));
        verdict.evidence.iter().find(|item| item.name == "title").map(|item| item.level.clone()).unwrap_or_default()
    };
    assert_eq!(level("Jembatan Sumber Agung", "Jembatan Sumberagung"), "same");
    assert_eq!(
        level("Drainase permukiman sumber agung krajan melati", "Drainase permukiman sumber agung krajan mawar"),
        "like"
    );
    assert_eq!(level("Talud Jalan Melati", "Plengsengan Jl. Melati"), "same");
}

#[test]
fn spanish_and_portuguese_titles_are_read_with_and_without_accents() {
    let a = record(1, "Construcción muro de contención vía La Esperanza", road(0.0, 0.0));
    alerts(&judge(a, record(2, "CONSTRUCCION MURO CONTENCION LA ESPERANZA", road(2.0, 1.0))), Kind::DoubleEntry);
    let road_a = record(1, "Pavimentação da Rua das Flores", road(0.0, 0.0));
    explains(&judge(road_a, record(2, "Drenagem da Rua das Flores", road(0.0, 1.0))), Kind::Companion);
    let right = record(1, "Cuneta margen derecho camino El Roble", road(0.0, 0.0));
    explains(&judge(right, record(2, "Cuneta margen izquierdo camino El Roble", road(0.0, 6.0))), Kind::Adjoining);
}

#[test]
fn left_and_right_are_sides_in_any_language() {
    let a = record(1, "Drainage Melati street, left side", road(0.0, 0.0));
    explains(&judge(a, record(2, "Drainage Melati street, right side", road(0.0, 1.0))), Kind::Adjoining);
}

/// Regressions: each of these was once read wrongly.
#[test]
fn titles_that_were_once_misread_are_read_whole() {
    let of = |id: u128, title: &str| {
        let mut facts = record(id, title, road(0.0, 0.0));
        facts.executor = Some("CV Maju".into());
        facts
    };
    // A title without a package number contradicts none.
    alerts(&judge(of(1, "Rabat beton Jalan Melati"), of(2, "Rabat beton Jalan Melati paket 2")), Kind::DoubleEntry);
    // A quantity is not an identifier.
    for (a, b) in [
        ("Paving Jalan Melati 50 m²", "Paving Jalan Melati 60 m²"),
        ("Rabat beton 3 lokasi Krajan", "Rabat beton 2 lokasi Krajan"),
        ("Paving Jalan Melati lebar 2m", "Paving Jalan Melati lebar 3m"),
        ("Paving RT 1-3 100 m", "Paving RT 3 100 m"),
        ("Concreting of Sta. Maria road Purok 1-2", "Concreting of Sta. Maria road Purok 2, 120 m"),
    ] {
        alerts(&judge(of(1, a), of(2, b)), Kind::DoubleEntry);
    }
    explains(&judge(of(1, "PKTD drainase Jalan Melati"), of(2, "Rabat beton Jalan Melati")), Kind::Companion);
}

#[test]
fn neighbours_with_names_of_one_sound_are_two() {
    let house = |id: u128, name: &str, east_m: f64| record(id, &format!("Rehab RTLH a.n. {name} RT 03"), spot(east_m));
    for (a, b) in [("Budi", "Rudi"), ("Siti", "Suti"), ("Marno", "Warno")] {
        explains(&judge(house(1, a, 0.0), house(2, b, 10.0)), Kind::Sibling);
    }
    let hamlet = |id: u128, name: &str| {
        let mut facts = record(id, "Pembangunan balai dusun", spot(0.0));
        facts.hamlet = Some(name.into());
        facts
    };
    let level = |a: &str, b: &str| {
        let verdict = judge(hamlet(1, a), hamlet(2, b));
        verdict.evidence.iter().find(|item| item.name == "hamlet").map(|item| item.level.clone())
    };
    assert_eq!(level("Krajan I", "Krajan II").as_deref(), Some("different"));
    assert_eq!(level("Krajan A", "Krajan B").as_deref(), Some("different"));
    assert_eq!(level("Krajan I", "Krajan 1").as_deref(), Some("same"));
    assert_eq!(level("Sumber Agung", "Sumberagong").as_deref(), Some("same"));
}

/// Found by fuzzing: a word that is both a compound and a part of another word.
#[test]
fn compounds_written_as_two_words_are_found_in_either_order() {
    for (a, b) in [("jjjjjj", "jjj jjjjjjjjjjjj"), ("sumberagung sumber", "sumber agung sumberagungsumber")] {
        judge(record(1, a, road(0.0, 0.0)), record(2, b, road(0.0, 0.0))); // asserts that the order of the two does not matter
    }
}

#[test]
fn names_of_only_punctuation_are_not_one() {
    let with = |id, name: &str| {
        let name: Option<std::sync::Arc<str>> = Some(name.into());
        let paid = FundingFact {
            fund: "…".into(),
            budget_line: Some("-".into()),
            contract_number: Some("--".into()),
            ..fund("")
        };
        Facts {
            executor: name.clone(),
            agreement: name.clone(),
            hamlet: name,
            owner: Some("- -".into()),
            photo_marks: ["-".to_owned()].into(),
            funding: [paid].into(),
            ..record(id, "Rabat beton Jalan Melati paket 1", road(0.0, 0.0))
        }
    };
    for (a, b) in [("-", "-"), ("-", "…"), ("—", "..")] {
        let judge = Judge::new(Settings::default());
        let (a, b) = (judge.prepare(with(1, a)), judge.prepare(with(2, b)));
        let levels = judge.levels(&a, &b, &Context::default());
        for name in ["executor", "fund", "number", "photo", "hamlet", "owner"] {
            assert!(levels.contains(&(name, "unknown")), "{name}: {levels:?}");
        }
        assert!(levels.contains(&("link", "no")), "{levels:?}");
        let house = |id| Facts { title: "Bedah rumah a.n. Sumiati".into(), ..with(id, "-") };
        let (one, two) = (judge.prepare(house(3)), judge.prepare(house(4)));
        let levels = judge.levels(&one, &two, &Context::default());
        assert!(levels.contains(&("owner", "same")), "the title names the owner: {levels:?}");
        let mut lexicon = Lexicon::default();
        let packed = a.pack(&mut lexicon);
        assert_eq!(format!("{:?}", packed.unpack(a.facts.id, &lexicon)), format!("{a:?}"));
    }
}

#[test]
fn numbers_as_people_write_them_tell_works_apart_without_year_or_place() {
    for (a, b, kind) in [
        (
            "Riprap at Molave Creek, Sta. 1 + 200 - Sta. 1 + 600",
            "Riprap at Molave Creek, Sta. 1 + 600 - Sta. 2 + 050",
            Kind::Adjoining,
        ),
        ("Lined canal, Purok 2 & 3, Barangay Anahaw", "Lined canal, Purok 6, Barangay Anahaw", Kind::Sibling),
        ("Road opening Anahaw (Phase XIX)", "Road opening Anahaw (Phase XXIV)", Kind::Continuation),
        ("Pembangunan gedung serba guna Anggrek", "Lanjutan pembangunan gedung serba guna Anggrek", Kind::Continuation),
        ("Pembangunan gedung serba guna Anggrek", "Pembangunan gedung serba guna Anggrek tahap 3", Kind::Continuation),
        ("Pembangunan jembatan Anggrek", "Pembangunan jembatan Anggrek (tender ulang)", Kind::Retender),
    ] {
        explains(&judge(titled(1, a), titled(2, b)), kind);
    }
    for (a, b) in [
        (
            "Peningkatan jalan lingkungan Kecamatan Anggrek Paket 4",
            "Peningkatan jalan lingkungan Kecamatan Anggrek Paket 5",
        ),
        ("Pemasangan PJU 6 titik dusun Anggrek", "Pemasangan PJU 12 titik dusun Anggrek"),
        ("Sumur dangkal 90 M dan tandon 1000 L Anggrek", "Sumur dangkal 60 M dan tandon 1000 L Anggrek"),
        ("Sumur Anggrek Paket 1/2/3", "Sumur Anggrek Paket 4"),
    ] {
        let verdict = judge(titled(1, a), titled(2, b));
        assert_eq!(verdict.band, Band::Silent, "{a} | {b}: {verdict:#?}");
    }
    let one = judge(
        titled(1, "Lined canal, Brgy. Anahaw, Molave City"),
        titled(2, "Lined canal, Barangay Anahaw, Molave City"),
    );
    assert_ne!(one.band, Band::Silent, "{one:#?}");
    let santa =
        judge(titled(1, "Lined canal, Sta. Clara, Molave City"), titled(2, "Lined canal, Santa Clara, Molave City"));
    assert_ne!(santa.band, Band::Silent, "{santa:#?}");
}

#[test]
fn a_phase_or_tender_that_one_title_alone_tells_only_weakens_works_of_one_year_that_were_both_built() {
    let hall = |id: u128, title: &str| record(id, title, road(0.0, 0.0));
    let plain = || hall(1, "Rabat beton Jalan Anggrek");
    let continued = judge(plain(), hall(2, "Lanjutan rabat beton Jalan Anggrek"));
    level(&continued, "phase", "alone");
    alerts(&continued, Kind::DoubleEntry);
    level(&judge(plain(), hall(2, "Rabat beton Jalan Anggrek (ulang)")), "phase", "alone");
    let mut planned = hall(2, "Rabat beton Jalan Anggrek (ulang)");
    planned.status = Some(Status::Planned);
    explains(&judge(plain(), planned), Kind::Retender);
}

#[test]
fn a_direction_in_the_name_of_a_place_is_no_side() {
    let side = |a: &str, b: &str, village: &str| {
        let of = |id: u128, title: &str| Facts { village_name: village.into(), ..record(id, title, road(0.0, 0.0)) };
        let verdict = judge(of(1, a), of(2, b));
        verdict.evidence.iter().find(|item| item.name == "side").map(|item| item.level.clone())
    };
    for (title, village) in [
        ("Sumur bor Desa Karangsari Wetan", ""),
        ("Drainase Dusun Mulyo Timur", ""),
        ("Talud jalan Karangsari Kidul RT 2", "Karangsari Kidul"),
    ] {
        assert_eq!(side(title, title, village), None, "{title}");
    }
    assert_eq!(side("Talud Jalan Anggrek utara", "Talud Jalan Anggrek utara", "").as_deref(), Some("same"));
    assert_eq!(
        side("Drainase sisi timur Desa Karangsari Wetan", "Drainase sisi barat Desa Karangsari Wetan", "").as_deref(),
        Some("direction")
    );
    assert_eq!(side("Drainase Dusun Mulyo Timur", "Drainase Dusun Mulyo Barat", "").as_deref(), Some("direction"));
}

#[test]
fn a_road_of_houses_and_one_of_fields_are_two_kinds() {
    let mut a = titled(1, "Rabat beton jalan permukiman (Karangsari Wetan)");
    let mut b = titled(2, "Jalan usaha tani Karangsari Wetan");
    for facts in [&mut a, &mut b] {
        (facts.fiscal_year, facts.budget_rupiah) = (Some(2026), Some(250_000_000));
    }
    let verdict = judge(a, b);
    level(&verdict, "object", "other_use");
    assert_ne!(verdict.band, Band::Alert, "{verdict:#?}");
}

#[test]
fn grants_known_by_nothing_but_a_hamlet_are_siblings() {
    let grant = |id: u128, title: &str| {
        let mut facts = titled(id, title);
        (facts.hamlet, facts.fiscal_year) = (Some("Ngasinan".into()), Some(2026));
        (facts.budget_rupiah, facts.volume, facts.volume_unit) = (Some(20_000_000), Some(1.0), Some("unit".into()));
        facts
    };
    for title in ["Bantuan RTLH", "Jamban sehat keluarga miskin", "Sumur bor dusun Ngasinan", "Bansos RTLH Ngasinan"] {
        explains(&judge(grant(1, title), grant(2, title)), Kind::Sibling);
    }
    let named = judge(grant(1, "Sumur bor Al Falah"), grant(2, "Sumur bor Al Falah"));
    assert_ne!(named.kind, Kind::Sibling, "a name of its own: {named:#?}");
}

#[test]
fn a_title_of_one_word_twice_on_one_point_is_put_before_somebody() {
    for (a, b) in [
        ("Drainase", "Drainase"),
        ("Paving", "Pavingisasi"),
        ("Rabat beton", "Rabat beton"),
        ("Drainase", "Pembangunan drainase"),
    ] {
        let of = |id: u128, title: &str, name: &str| {
            let mut facts = record(id, title, spot(0.0));
            (facts.activity_code, facts.budget_rupiah, facts.how) = (None, None, Some(How::Import));
            facts.parts[0].accuracy_m = 15.0;
            facts.funding = vec![fund(name)].into();
            facts
        };
        let verdict = judge(of(1, a, "DD"), of(2, b, "ADD"));
        assert_ne!(verdict.band, Band::Silent, "{a}, {b}: {verdict:#?}");
    }
}

#[test]
fn word_for_word_says_more_than_alike() {
    let title = |other: &str| {
        let verdict = judge(
            record(1, "Rabat beton Jalan Anggrek Ngasinan Lor", road(0.0, 0.0)),
            record(2, other, road(0.0, 0.0)),
        );
        level(&verdict, "title", "same");
        bits_of(&verdict, "title")
    };
    assert!(
        title("Rabat beton Jalan Anggrek Ngasinan Lor") > title("Rabat beton Jalan Anggrek Ngasinan Sawahan") + 1.0
    );
}
