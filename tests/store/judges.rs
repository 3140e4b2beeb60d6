use crate::common::{WEST, draft, new_id, on_both_engines, road};
use tapak::domain::verdict::{Band, Kept};
use tapak::jobs::rejudge;
use tapak::store::pairs::{self, Digests, NewPair};
use tapak::store::{judges, projects};
use uuid::Uuid;

on_both_engines!(a_verdict_of_a_later_judge_is_neither_judged_nor_overwritten_by_an_earlier_one, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let mut ids = Vec::new();
    for title in ["Paving Gang Masjid RT 02", "Pavingisasi gang masjid Rt.02"] {
        let made = app.register(&draft(west, title, road(114.305, -8.21))).await;
        ids.push(made["id"].as_str().unwrap().parse::<Uuid>().unwrap());
    }
    ids.sort_unstable();
    rejudge::ask(&app.app).await.unwrap();
    app.work().await;
    let now = app.app.clock.now();
    let mut tx = app.app.store.write().await.unwrap();
    let standing = judges::find_standing(&mut tx, app.app.atlas.judge.fingerprint()).await.unwrap();
    assert_eq!((standing.own, standing.last), (1, 1));
    projects::lock_shared(&mut tx, &ids).await.unwrap();
    let is_its_own_word = |known: &Kept| matches!(known, Kept::WhileVerdict(_));
    for (judge, is_its_own) in [(0, false), (1, true), (2, true)] {
        let known = pairs::list_known(&mut tx, &ids, judge).await.unwrap();
        assert_eq!(is_its_own_word(&known[&ids[0]][&ids[1]]), is_its_own, "of judge {judge}");
    }
    let Kept::WhileFacts(facts) = pairs::list_known(&mut tx, &ids, 0).await.unwrap()[&ids[0]][&ids[1]].clone() else {
        panic!("an earlier judge looks at the facts alone");
    };
    let links = pairs::list_links(&mut tx, &ids, &std::collections::BTreeSet::new()).await.unwrap();
    let [link] = links[..] else { panic!("{links:?}") };
    let mut verdict = pairs::find_many(&mut tx, &[link.id]).await.unwrap().remove(0).verdict;
    assert_ne!(verdict.band, Band::Silent);
    verdict.band = Band::Silent;
    for (judge, facts, stays) in [(0, facts.as_str(), true), (0, "others", false), (1, "others", false)] {
        let digests = Digests { facts: facts.to_owned(), verdict: "v".to_owned() };
        let new = NewPair { id: new_id(), a_id: ids[0], b_id: ids[1], verdict: &verdict, digests };
        pairs::upsert_many(&mut tx, &[new], judge, now).await.unwrap();
        let kept = pairs::find_many(&mut tx, &[link.id]).await.unwrap().remove(0);
        assert_eq!(kept.verdict.band != Band::Silent, stays, "judge {judge}, facts {facts}");
    }
    // Dropped: nothing of this was kept.
    drop(tx);
});
