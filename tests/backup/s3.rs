//! Backups in S3-compatible storage, against a server of it.

use crate::common::recorded::{Home, Recorded, refuses, succeeds};
use crate::common::s3::{BUCKET, S3};
use crate::common::{jpeg, on_both_engines};

on_both_engines!(backups_in_a_bucket_come_back_and_old_ones_go, |app| {
    if let Some(s3) = S3::start().await {
        let mut recorded = Recorded::make(&app, 2).await;
        let settings = s3.settings();
        let with = |arguments: &[&'static str]| -> Vec<String> {
            let sets = settings.iter().flat_map(|setting| ["--set".to_owned(), setting.clone()]);
            sets.chain(arguments.iter().map(|argument| (*argument).to_owned())).collect()
        };
        let run = |arguments: &[&'static str]| {
            let arguments = with(arguments);
            app.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
        };
        const TARGET: &str = "s3://cadangan/kabupaten/satu";
        assert!(TARGET.contains(BUCKET));
        refuses(run(&["backup", "verify", TARGET]), "There is no whole backup");
        refuses(run(&["backup", "s3://tidak-ada/x"]), "s3://tidak-ada/x");
        succeeds(run(&["backup", TARGET]));
        recorded.photograph(&app, recorded.projects[0].0, jpeg(120, 90)).await;
        app.work().await;
        succeeds(run(&["backup", TARGET]));
        let said = succeeds(run(&["backup", "verify", TARGET]));
        assert!(said.contains("2 backups") && said.contains("Everything is as it was stored"), "{said}");
        let said = succeeds(run(&["backup", "prune", TARGET, "--keep", "1"]));
        assert!(said.contains("1 backup removed, 1 left"), "{said}");
        let to = Home::empty(&app.engine).await;
        let arguments = with(&["restore", TARGET]);
        succeeds(to.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()));
        let other = to.open().await;
        recorded.is_in(&other).await;
        other.finish().await;

        // Another machine is at work there.
        let lock = format!("{}/{BUCKET}/kabupaten/satu/lock", s3.endpoint);
        let client = reqwest::Client::new();
        client.put(&lock).body("another").send().await.unwrap().error_for_status().unwrap();
        refuses(run(&["backup", TARGET]), "Another backup or prune is at work in s3://cadangan/kabupaten/satu");
        client.delete(&lock).send().await.unwrap().error_for_status().unwrap();
        // Somebody else's storage may lose or change something.
        let list = client.get(format!("{}/{BUCKET}?list-type=2&prefix=kabupaten/satu/files", s3.endpoint)).send().await;
        let list = list.unwrap().text().await.unwrap();
        let key = list.split("<Key>").nth(1).unwrap().split("</Key>").next().unwrap().to_owned();
        client.put(format!("{}/{BUCKET}/{key}", s3.endpoint)).body("other bytes").send().await.unwrap();
        let (code, said) = run(&["backup", "verify", TARGET]);
        assert_eq!((code, said.contains("is damaged: the photo")), (Some(3), true), "{said}");
    }
});
