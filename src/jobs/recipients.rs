//! The recipients of alerts: people with an address and responsibility for a region, and the addresses of the
//! settings.

use crate::domain::person::{Language, Person, Role, Scope};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A recipient of mails.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    pub address: String,
    pub name: Option<String>,
    pub user_id: Option<Uuid>,
    pub language: Language,
    pub scope: Scope,
}

impl Recipient {
    /// The subject of this recipient's jobs: the person's id, or one derived from the address, the same in every
    /// process.
    pub fn id(&self) -> Uuid {
        self.user_id.unwrap_or_else(|| {
            let digest = Sha256::digest(self.key().as_bytes());
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&digest[..16]);
            uuid::Builder::from_custom_bytes(bytes).into_uuid()
        })
    }

    /// The address in the form used for storage and comparison.
    pub fn key(&self) -> String {
        self.address.to_lowercase()
    }

    /// An officer, head or inspector with an address, for their region; `None` for anybody else.
    pub fn of_person(person: Person) -> Option<Self> {
        if answers_for_works(&person) { Self::of_participant(person) } else { None }
    }

    /// Anybody with an address who is concerned with a finding, including administrators.
    pub fn of_participant(person: Person) -> Option<Self> {
        let scope = person.scope();
        Some(Self {
            address: person.email?,
            name: Some(person.name),
            user_id: Some(person.id),
            language: person.language,
            scope,
        })
    }

    /// An address of the settings, which receives everything.
    pub fn of_address(address: &str) -> Self {
        Self { address: address.to_owned(), name: None, user_id: None, language: Language::Id, scope: Scope::all() }
    }
}

/// Whether this person is notified of the works of the region without having taken part.
pub const fn answers_for_works(person: &Person) -> bool {
    matches!(person.role, Role::Officer | Role::VillageHead | Role::Inspector)
}

/// The configured recipient whose jobs have this subject.
pub fn find_configured(configured: &[String], subject: Uuid) -> Option<Recipient> {
    configured.iter().map(|address| Recipient::of_address(address)).find(|one| one.id() == subject)
}

/// All recipients, people and `configured` addresses, ordered by address. Of several people with one address, those
/// whose region is within another's are left out: it would be the same mail. A configured address that is also a
/// person's comes after the person, who is notified first.
pub fn recipients(configured: &[String], people: Vec<Person>) -> Vec<Recipient> {
    let people = people.into_iter().filter_map(Recipient::of_person);
    let mut all: Vec<Recipient> =
        people.chain(configured.iter().map(|address| Recipient::of_address(address))).collect();
    // For each address people first, wider regions before narrower ones.
    let order = |one: &Recipient| (one.key(), one.user_id.is_none(), one.scope.low.clone());
    all.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| b.scope.high.cmp(&a.scope.high)));
    let mut kept: Vec<Recipient> = Vec::with_capacity(all.len());
    for one in all {
        let before = kept.iter().rev().take_while(|other| other.key() == one.key());
        if !before.into_iter().any(|other| other.scope.contains(&one.scope)) {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(login: u128, region: &str, email: &str) -> Person {
        Person {
            id: Uuid::from_u128(login),
            login: login.to_string(),
            name: login.to_string(),
            role: Role::VillageHead,
            email: Some(email.to_owned()),
            region_code: Some(region.to_owned()),
            region_name: None,
            language: Language::Id,
        }
    }

    #[test]
    fn two_regions_that_share_an_address_both_get_their_mails() {
        let people = |regions: [&str; 3]| {
            let numbered = (1..).zip(regions).map(|(n, region)| person(n, region, "Kantor@example.org"));
            recipients(&[], numbered.collect()).into_iter().map(|one| one.scope.low).collect::<Vec<_>>()
        };
        assert_eq!(people(["35.10.01.2001", "35.10.02.2001", "35.10.01.2001"]), ["35.10.01.2001", "35.10.02.2001"]);
        assert_eq!(people(["35.10.01.2001", "35.10", "35.10.02.2001"]), ["35.10"]);
        let with_settings =
            recipients(&["kantor@example.org".to_owned()], vec![person(1, "35.10", "Kantor@example.org")]);
        let by_person: Vec<bool> = with_settings.iter().map(|one| one.user_id.is_some()).collect();
        assert_eq!(by_person, [true, false], "what is not theirs comes by the settings");
    }

    #[test]
    fn an_address_of_the_settings_has_the_same_job_in_every_process_and_however_it_is_written() {
        let one = |address: &str| recipients(&[address.to_owned()], Vec::new())[0].id();
        assert_eq!(one("camat@example.org"), one("Camat@Example.org"));
        assert_ne!(one("camat@example.org"), one("bupati@example.org"));
    }
}
