//! People of tests: with posts that nobody checked, as an older database may hold them.

use super::{TestApp, new_id};
use tapak::domain::person::{Language, Person};
use tapak::domain::post::{Capacity, Grant, Right, Role};
use tapak::store::posts::{self, NewHolder};
use tapak::store::users::{self, NewUser};
use uuid::Uuid;

/// A person of this login without any post.
pub fn a_person(login: &str) -> Person {
    Person {
        id: new_id(),
        login: login.to_owned(),
        name: format!("Tes {login}"),
        email: Some(format!("{login}@example.org")),
        language: Language::Id,
        rights: Vec::new(),
        address: None,
    }
}

/// What a post of this role in this region gives; without a region only an administrator has one.
pub fn right(role: Role, region: Option<&str>) -> Option<Right> {
    (region.is_some() || role == Role::Administrator).then(|| Right {
        post_id: new_id(),
        post_name: None,
        role,
        region_code: region.map(str::to_owned),
        region_name: None,
        capacity: Capacity::Holder,
        until: None,
        only: None,
    })
}

/// Keeps a person with the posts that their rights are of; one with this login stays as they are.
pub async fn keep(app: &TestApp, person: Person, password_hash: String) {
    let now = app.app.clock.now();
    let mut tx = app.app.store.write().await.unwrap();
    let (user_id, rights) = (person.id, person.rights.clone());
    if users::insert(&mut tx, &NewUser { person, password_hash, demo: false, invited_at: None }, now).await.unwrap() {
        for right in rights {
            give(&mut tx, user_id, &right, now).await;
        }
    }
    tx.commit().await.unwrap();
}

async fn give(tx: &mut tapak::store::Tx, user_id: Uuid, right: &Right, now: tapak::domain::Time) {
    let grant = Grant { role: right.role, region_code: right.region_code.clone() };
    posts::insert(tx, right.post_id, right.post_name.as_deref(), &[grant], now).await.unwrap();
    let holder = NewHolder {
        id: new_id(),
        post_id: right.post_id,
        user_id,
        capacity: right.capacity,
        from: now,
        until: right.until,
        only: right.only.clone(),
        named_by: None,
    };
    posts::insert_holder(tx, &holder, now).await.unwrap();
}
