//! The recipients of alerts: people with an address who answer for a region, and the addresses of the settings.

use crate::domain::person::{Language, Person, Role, Scope};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Somebody who gets mails.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    pub address: String,
    pub name: Option<String>,
    pub user_id: Option<Uuid>,
    pub language: Language,
    pub scope: Scope,
}

impl Recipient {
    /// The subject of this recipient's jobs: the person's id, or one made of the address, the same in every process.
    pub fn id(&self) -> Uuid {
        self.user_id.unwrap_or_else(|| {
            let digest = Sha256::digest(self.key().as_bytes());
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&digest[..16]);
            uuid::Builder::from_custom_bytes(bytes).into_uuid()
        })
    }

    /// The address as it is kept and compared.
    pub fn key(&self) -> String {
        self.address.to_lowercase()
    }
}

/// Officers, heads and inspectors with an address, each for their region, and the `configured` addresses, which get
/// everything. One mail an address, by address.
pub fn recipients(configured: &[String], people: Vec<Person>) -> Vec<Recipient> {
    let mut all: Vec<Recipient> = people
        .into_iter()
        .filter(|person| matches!(person.role, Role::Officer | Role::VillageHead | Role::Inspector))
        .filter_map(|person| {
            let scope = person.scope();
            Some(Recipient {
                address: person.email?,
                name: Some(person.name),
                user_id: Some(person.id),
                language: person.language,
                scope,
            })
        })
        .collect();
    all.extend(configured.iter().map(|address| Recipient {
        address: address.clone(),
        name: None,
        user_id: None,
        language: Language::Id,
        scope: Scope::all(),
    }));
    all.sort_by_key(Recipient::key);
    all.dedup_by_key(|recipient| recipient.key());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_settings_has_the_same_job_in_every_process_and_however_it_is_written() {
        let one = |address: &str| recipients(&[address.to_owned()], Vec::new())[0].id();
        assert_eq!(one("camat@example.org"), one("Camat@Example.org"));
        assert_ne!(one("camat@example.org"), one("bupati@example.org"));
    }
}
