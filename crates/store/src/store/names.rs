//! Executors, programmes and agreements: names with an identity, found by their folded key.

use super::{Result, Tx, insert_many, list_in};
use crate::clock::Clock;
use crate::domain::text::fold;
use std::collections::HashMap;
use uuid::Uuid;

/// Which register of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Register {
    Executors,
    Programmes,
    Agreements,
}

impl Register {
    const fn insert(self) -> &'static str {
        match self {
            Self::Executors => "INSERT INTO executors (id, name, name_key) ",
            Self::Programmes => "INSERT INTO programmes (id, name, name_key) ",
            Self::Agreements => "INSERT INTO agreements (id, name, name_key) ",
        }
    }

    const fn select(self) -> &'static str {
        match self {
            Self::Executors => "SELECT name_key, id FROM executors WHERE name_key",
            Self::Programmes => "SELECT name_key, id FROM programmes WHERE name_key",
            Self::Agreements => "SELECT name_key, id FROM agreements WHERE name_key",
        }
    }
}

/// The ids of these names by their folded key; those not there yet are added.
pub async fn resolve(tx: &mut Tx, ids: &Clock, register: Register, names: &[&str]) -> Result<HashMap<String, Uuid>> {
    let mut keyed: Vec<(String, &str)> = names.iter().map(|name| (fold(name), *name)).collect();
    keyed.sort_unstable(); // a fixed order: two writers of the same names must not wait for each other in a ring
    keyed.dedup_by(|a, b| a.0 == b.0);
    if keyed.is_empty() {
        return Ok(HashMap::new());
    }
    insert_many!(
        tx,
        register.insert(),
        keyed,
        |b, row| {
            b.push_bind(ids.id()).push_bind(row.1.to_owned()).push_bind(row.0.clone());
        },
        " ON CONFLICT (name_key) DO NOTHING"
    );
    let keys: Vec<String> = keyed.into_iter().map(|(key, _)| key).collect();
    Ok(list_in!(tx, (String, Uuid), register.select(), keys).into_iter().collect())
}
