//! `tapak audit`: the head, the chain verified against it, and what is erased.

use crate::common::command::{tapak, text};
use crate::common::{Engine, WEST, draft, new_id, on_both_engines, road};
use serde_json::{Value, json};

on_both_engines!(the_terminal_prints_the_head_verifies_the_chain_and_exits_with_3_where_it_is_broken, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    app.work().await;
    let url = app.engine.url(app.folder.path());
    let run = |arguments: &[&str]| {
        let done = tapak(app.folder.path(), &[&["--database", &url], arguments].concat());
        (done.status.code(), text(&done.stdout) + &text(&done.stderr))
    };
    let (code, printed) = run(&["audit", "head"]);
    assert_eq!(code, Some(0), "{printed}");
    let kept = app.folder.path().join("kept.txt");
    std::fs::write(&kept, &printed).unwrap();
    let kept = kept.display().to_string();
    let (_, as_json) = run(&["audit", "head", "--json"]);
    let head: Value = serde_json::from_str(&as_json).unwrap();
    let hash = head["hash"].as_str().unwrap();
    let groups: Vec<&str> = (0..8).map(|n| &hash[8 * n..8 * n + 8]).collect();
    assert!(printed.contains(&groups.join(" ")), "{printed}");
    for given in [kept.as_str(), hash] {
        let (code, told) = run(&["audit", "verify", "--expect", given]);
        assert_eq!(
            (code, told.contains("the chain is whole"), told.contains("nothing was cut off")),
            (Some(0), true, true),
            "{told}"
        );
    }
    let (code, told) = run(&["audit", "verify", "--expect", &"0".repeat(64)]);
    assert!(code == Some(3) && told.contains("were cut off at the end"), "{told}");
    let (code, told) = run(&["audit", "verify", "--expect", "nowhere.txt"]);
    assert!(code == Some(1) && told.contains("nowhere.txt"), "{told}");
    let (code, told) = run(&["audit", "show", project["id"].as_str().unwrap()]);
    assert!(code == Some(0) && told.contains("register") && !told.contains("Tes officer"), "{told}");
    let (code, told) = run(&["audit", "erase", "officer-35.10.01.2001"]);
    assert!(code == Some(0) && told.contains("4 values of the audit chain"), "{told}");
    let (code, told) = run(&["audit", "erase", &new_id().to_string()]);
    assert!(code == Some(1) && told.contains("knows nothing about"), "{told}");
    let drop = match app.engine {
        Engine::Sqlite => "DROP TRIGGER audit_not_updated;",
        Engine::Postgres { .. } => "ALTER TABLE audit DISABLE TRIGGER USER;",
    };
    app.engine.execute(app.folder.path(), &format!("{drop} UPDATE audit SET action = 'merge' WHERE number = 2")).await;
    let (code, told) = run(&["audit", "verify"]);
    assert!(code == Some(3) && told.contains("broken at entry 2: it is not what it was"), "{told}");
    let (code, told) = run(&["audit", "verify", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &told["broken"]), (Some(3), &json!({ "number": 2, "fault": "content" })));
});
