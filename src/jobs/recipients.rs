//! The recipients of alerts: people with an address and responsibility for a region, and the addresses of the
//! settings.

use crate::domain::person::{Language, Person};
use crate::domain::post::{Right, Role};
use crate::domain::scope::Scope;
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

    /// Somebody with an address whose posts answer for works, for the regions of these posts; `None` for anybody else.
    pub fn of_person(person: Person) -> Option<Self> {
        let scope = notified_of(&person);
        if scope == Scope::none() { None } else { Self::of_participant(person).map(|one| Self { scope, ..one }) }
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

/// The regions of whose works this person is notified without having taken part: administrators are not.
pub fn notified_of(person: &Person) -> Scope {
    let answering = person.rights.iter().filter(|right| right.role != Role::Administrator);
    Scope::union(answering.map(Right::scope))
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
    // For each address people first.
    all.sort_by_cached_key(|one| (one.key(), one.user_id.is_none(), one.scope.ranges().to_vec()));
    let is_told_by = |(at, one): (usize, &Recipient), (other_at, other): (usize, &Recipient)| {
        let may = other.user_id.is_some() || one.user_id.is_none();
        may && other.scope.contains(&one.scope) && (other_at < at || !one.scope.contains(&other.scope))
    };
    let mut kept: Vec<Recipient> = Vec::with_capacity(all.len());
    for same in all.chunk_by(|a, b| a.key() == b.key()) {
        let others = || same.iter().enumerate();
        let needed = |one: (usize, &Recipient)| !others().any(|other| other.0 != one.0 && is_told_by(one, other));
        kept.extend(others().filter(|one| needed(*one)).map(|(_, one)| one.clone()));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::Capacity;

    fn person(login: u128, region: &str, email: &str) -> Person {
        let right = Right {
            post_id: Uuid::from_u128(login),
            post_name: None,
            role: Role::VillageHead,
            region_code: Some(region.to_owned()),
            region_name: None,
            capacity: Capacity::Holder,
            until: None,
            only: None,
        };
        Person {
            id: Uuid::from_u128(login),
            login: login.to_string(),
            name: login.to_string(),
            email: Some(email.to_owned()),
            language: Language::Id,
            rights: vec![right],
            address: None,
        }
    }

    #[test]
    fn who_answers_for_two_villages_gets_one_mail_and_no_alert_as_an_administrator() {
        let mut two = person(1, "35.10.01.2001", "dua@example.org");
        two.rights.extend(person(2, "35.10.03.2001", "").rights);
        let mut administers = person(3, "35.10", "").rights;
        administers[0].role = Role::Administrator;
        two.rights.extend(administers);
        let all = recipients(&[], vec![two, person(4, "35.10.03.2001", "Dua@example.org")]);
        assert_eq!(all.len(), 1, "the second village is told by the first mail");
        let scope = &all[0].scope;
        assert!(scope.holds("35.10.01.2001") && scope.holds("35.10.03.2001") && !scope.holds("35.10.02.2001"));
    }

    #[test]
    fn two_regions_that_share_an_address_both_get_their_mails() {
        let people = |regions: [&str; 3]| {
            let numbered = (1..).zip(regions).map(|(n, region)| person(n, region, "Kantor@example.org"));
            recipients(&[], numbered.collect())
                .into_iter()
                .map(|one| one.scope.ranges()[0].low.clone())
                .collect::<Vec<_>>()
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
