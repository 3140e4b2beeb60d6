//! One entry of the audit chain, what its hash is made of, and the digests that stand in it for personal values.

use super::changes::Change;
use super::to_text;
use crate::canonical_json::{canonical, is_canonical};
use crate::domain::change::{ChangeAction, Entity};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What the first entry names as the hash before it.
pub(super) const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The name under which a digest stands for a value: `{"hmac": "…"}`.
pub const HMAC: &str = "hmac";

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct AuditEntry {
    pub number: i64,
    pub at: String,
    pub entity: String,
    pub entity_id: Uuid,
    pub action: String,
    /// Canonical JSON.
    pub who: String,
    /// Canonical JSON: each field with its value before and after.
    pub changes: String,
    pub reason: Option<String>,
    pub previous: String,
    pub hash: String,
}

impl AuditEntry {
    /// The entry as canonical JSON, without the hashes. What is JSON already stands in it as it is: the parts of canonical JSON
    /// are canonical.
    pub(super) fn content(&self) -> String {
        let text = |text: &str| canonical(&Value::from(text));
        let reason = self.reason.as_deref().map_or_else(|| "null".to_owned(), text);
        format!(
            r#"{{"action":{},"at":{},"changes":{},"entity":{},"entity_id":"{}","number":{},"reason":{reason},"who":{}}}"#,
            text(&self.action),
            text(&self.at),
            self.changes,
            text(&self.entity),
            self.entity_id,
            self.number,
            self.who
        )
    }

    /// SHA-256 of the previous hash, as it is written, and of the content.
    pub fn sealed(&self) -> String {
        let digest = Sha256::new().chain_update(&self.previous).chain_update(self.content());
        hex::encode(digest.finalize())
    }

    /// Whether what stands in it as JSON is canonical: other bytes could else be another entry of the same content.
    pub(super) fn is_canonical(&self) -> bool {
        is_canonical(&self.who) && is_canonical(&self.changes)
    }
}

/// A personal value of an entry, with the key under which the entry has its digest.
#[derive(Clone, Debug)]
pub(super) struct HiddenValue {
    pub digest: String,
    pub about_id: Uuid,
    pub key: String,
    /// Canonical JSON.
    pub value: String,
}

impl HiddenValue {
    fn new(about_id: Uuid, value: &Value) -> Self {
        let (key, value) = (random_key(), canonical(value));
        Self { digest: keyed_digest(&key, &value), about_id, key, value }
    }
}

/// A key for one value: without it nobody can try names against the digest.
#[expect(clippy::disallowed_methods, reason = "a secret must be random; nothing depends on its value")]
fn random_key() -> String {
    use rand::Rng;
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// HMAC-SHA-256 of a value under a key as it is stored, hex.
pub(super) fn keyed_digest(key: &str, value: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(value.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// An entry without its place in the chain, and its personal values: made before the lock is taken.
#[derive(Clone, Debug)]
pub(super) struct Unsealed {
    pub entry: AuditEntry,
    pub values: Vec<HiddenValue>,
}

impl Unsealed {
    /// The entry of one change.
    pub fn of(change: &Change) -> Self {
        let mut values = Vec::new();
        let mut hide = |about_id, value: &Value| {
            let hidden = HiddenValue::new(about_id, value);
            let digest = hidden.digest.clone();
            values.push(hidden);
            digest
        };
        let mut changes = Map::new();
        for (name, changed) in change.diff.fields() {
            let mut shown = |value: &Value| match (changed.is_personal, value) {
                (true, value) if !value.is_null() => json!({ HMAC: hide(change.entity_id, value) }),
                (_, value) => value.clone(),
            };
            changes.insert(name.to_owned(), json!([shown(&changed.before), shown(&changed.after)]));
        }
        let mut who = json!(change.by);
        if let Some(address) = change.by.address {
            let about = change.by.person.unwrap_or(change.entity_id);
            who["address"] = json!({ HMAC: hide(about, &json!(address)) });
        }
        let reason = change.note.as_ref().map(|note| hide(change.entity_id, &json!(note)));
        let head = (change.at, change.entity, change.entity_id, change.action);
        let mut unsealed = Self::new(head, &who, &Value::Object(changes));
        unsealed.entry.reason = reason;
        unsealed.values = values;
        unsealed
    }

    /// An entry without personal values.
    pub fn new(
        (at, entity, entity_id, action): (crate::domain::Time, Entity, Uuid, ChangeAction),
        who: &Value,
        changes: &Value,
    ) -> Self {
        let entry = AuditEntry {
            number: 0,
            at: to_text(at),
            entity: entity.as_str().to_owned(),
            entity_id,
            action: action.as_str().to_owned(),
            who: canonical(who),
            changes: canonical(changes),
            reason: None,
            previous: String::new(),
            hash: String::new(),
        };
        Self { entry, values: Vec::new() }
    }
}

/// SHA-256 over what an import chunk registered: its ids in order, hex.
pub(super) fn chunk_digest(mut ids: Vec<Uuid>) -> String {
    ids.sort_unstable();
    let digest = ids.iter().fold(Sha256::new(), |digest, id| digest.chain_update(id.as_bytes()));
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diff::Diff;
    use crate::domain::doer::Doer;

    fn change() -> Change {
        let at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let diff = Diff::new().field("volume", 1.5, 2.0).personal("owner", Value::Null, "Mbok Nah \"é\"");
        let by = Doer { address: Some("203.0.113.7".parse().unwrap()), person: Some(Uuid::nil()), ..Doer::terminal() };
        Change::new(at, Entity::Project, Uuid::nil(), ChangeAction::Correct, by)
            .noted(Some("di\nlapangan".to_owned()))
            .with(diff)
    }

    #[test]
    fn the_content_of_an_entry_is_canonical_and_holds_no_personal_value() {
        let unsealed = Unsealed::of(&change());
        let content = unsealed.entry.content();
        assert!(is_canonical(&content), "{content}");
        for secret in ["Nah", "lapangan", "203.0.113"] {
            assert!(!content.contains(secret), "{content}");
            assert!(unsealed.values.iter().any(|value| value.value.contains(secret)), "{secret}");
        }
        for value in &unsealed.values {
            assert!(content.contains(&value.digest));
            assert_eq!(keyed_digest(&value.key, &value.value), value.digest);
        }
    }

    #[test]
    fn the_same_value_twice_has_two_digests() {
        let digests = |unsealed: Unsealed| unsealed.values.into_iter().map(|value| value.digest).collect::<Vec<_>>();
        let (first, second) = (digests(Unsealed::of(&change())), digests(Unsealed::of(&change())));
        assert!(first.iter().all(|digest| !second.contains(digest)));
    }

    #[test]
    fn the_digest_of_a_value_is_that_of_rfc_4231() {
        // Test case 2.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(keyed_digest("Jefe", "what do ya want for nothing?"), expected);
    }
}
