//! The audit chain as a test reads it.

use super::TestApp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tapak::store::{AuditEntry, audit};

/// Reads the chain as it grows.
pub struct Chain<'a> {
    app: &'a TestApp,
    last: i64,
    /// The actions of all entries so far.
    pub seen: BTreeSet<String>,
    /// Who did what the last entry tells, with the address shown.
    pub who: Value,
}

impl<'a> Chain<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, last: 0, seen: BTreeSet::new(), who: Value::Null }
    }

    /// What was written since, with personal values shown: `action entity`, the changes, the reason.
    pub async fn told(&mut self) -> Vec<(String, Value, Value)> {
        let mut tx = self.app.app.store.read().await.unwrap();
        let entries = audit::list_after(&mut tx, self.last, 1_000).await.unwrap();
        let mut told = Vec::new();
        for entry in entries {
            self.last = entry.number;
            self.seen.insert(entry.action.clone());
            let (changes, reason, who) = shown(&mut tx, &entry).await;
            self.who = who;
            told.push((format!("{} {}", entry.action, entry.entity), changes, reason));
        }
        told
    }

    /// The one entry that was written since.
    pub async fn only(&mut self, expected: &str) -> (Value, Value) {
        let mut told = self.told().await;
        assert_eq!(told.len(), 1, "{expected}: {told:#?}");
        let (what, changes, reason) = told.remove(0);
        assert_eq!(what, expected);
        (changes, reason)
    }

    /// The kinds of entries that were written since.
    pub async fn kinds(&mut self) -> Vec<String> {
        self.told().await.into_iter().map(|(what, ..)| what).collect()
    }
}

/// The changes, the reason and the doer of an entry, with the values that their digests stand for.
async fn shown(tx: &mut tapak::store::Tx, entry: &AuditEntry) -> (Value, Value, Value) {
    let mut who: Value = serde_json::from_str(&entry.who).unwrap();
    if let Some(digest) = who["address"]["hmac"].as_str().map(str::to_owned) {
        let found = audit::find_values(tx, std::slice::from_ref(&digest)).await.unwrap();
        who["address"] = json!({ "personal": found.get(&digest) });
    }
    let mut changes: Value = serde_json::from_str(&entry.changes).unwrap();
    let reason: Vec<String> = entry.reason.clone().into_iter().collect();
    for sides in changes.as_object_mut().unwrap().values_mut() {
        for side in sides.as_array_mut().unwrap() {
            if let Some(digest) = side["hmac"].as_str().map(str::to_owned) {
                let found = audit::find_values(tx, std::slice::from_ref(&digest)).await.unwrap();
                *side = json!({ "personal": found.get(&digest) });
            }
        }
    }
    let reasons = audit::find_values(tx, &reason).await.unwrap();
    (changes, reasons.into_values().next().unwrap_or_default(), who)
}
