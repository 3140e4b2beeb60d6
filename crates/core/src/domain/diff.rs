//! What a change changed: the fields that are another way, each with its value before and after.

use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One field before and after; null where there was or is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub before: Value,
    pub after: Value,
    /// It says something of a person: in the audit chain it stands as a digest, and it can be erased.
    pub is_personal: bool,
}

/// Changed fields by name. A field that is as it was is none of them, but for one that [`Diff::known`] names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff(BTreeMap<&'static str, Changed>);

impl Diff {
    pub fn new() -> Self {
        Self::default()
    }

    /// A field that may be known to everybody who ever sees the chain.
    #[must_use]
    pub fn field(self, name: &'static str, before: impl Serialize, after: impl Serialize) -> Self {
        self.with(name, before, after, false)
    }

    /// A field that says something of a person: a name, an address, what somebody wrote.
    #[must_use]
    pub fn personal(self, name: &'static str, before: impl Serialize, after: impl Serialize) -> Self {
        self.with(name, before, after, true)
    }

    /// A field that was not there before.
    #[must_use]
    pub fn now(self, name: &'static str, after: impl Serialize) -> Self {
        self.field(name, Value::Null, after)
    }

    /// A field that is as it was, and without which the others could not be understood: which of several is meant.
    #[must_use]
    pub fn known(mut self, name: &'static str, value: impl Serialize) -> Self {
        let value = plain(value);
        self.0.insert(name, Changed { before: value.clone(), after: value, is_personal: false });
        self
    }

    fn with(mut self, name: &'static str, before: impl Serialize, after: impl Serialize, is_personal: bool) -> Self {
        let (before, after) = (plain(before), plain(after));
        if before != after {
            self.0.insert(name, Changed { before, after, is_personal });
        }
        self
    }

    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &Changed)> {
        self.0.iter().map(|(name, changed)| (*name, changed))
    }
}

fn plain(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("what is told of a change is plain data")
}
