//! The columns of `projects` that hold its details, as they are written.

use super::Result;
use super::Tx;
use super::names::{self, Register};
use crate::clock::Clock;
use crate::domain::project::{Authority, ProjectDetails};
use crate::domain::text::fold;
use crate::duplicates::shown_title;
use std::collections::HashMap;
use uuid::Uuid;

/// A column with what is written there.
pub(super) type Column = (&'static str, Value);

/// Typed where there is none too, since PostgreSQL asks for that.
pub(super) enum Value {
    Id(Option<Uuid>),
    Text(Option<String>),
    Whole(Option<i64>),
    Real(Option<f64>),
}

/// Binds the values of [`columns`] to a statement that is being built.
macro_rules! bind_columns {
    ($b:ident, $columns:expr) => {
        for (_, value) in $columns {
            match value {
                Value::Id(id) => $b.push_bind(*id),
                Value::Text(text) => $b.push_bind(text.clone()),
                Value::Whole(whole) => $b.push_bind(*whole),
                Value::Real(real) => $b.push_bind(*real),
            };
        }
    };
}
pub(super) use bind_columns;

/// Ids of the names that projects refer to.
pub(super) struct NameIds(HashMap<Register, HashMap<String, Uuid>>);

impl NameIds {
    pub async fn resolve(tx: &mut Tx, ids: &Clock, all: &[&ProjectDetails]) -> Result<Self> {
        let mut known = HashMap::new();
        for (register, name) in [
            (Register::Executors, (|d| d.executor.as_deref()) as fn(&ProjectDetails) -> Option<&str>),
            (Register::Programmes, |d| d.programme.as_deref()),
            (Register::Agreements, |d| d.agreement.as_deref()),
        ] {
            let wanted: Vec<&str> = all.iter().filter_map(|details| name(details)).collect();
            known.insert(register, names::resolve(tx, ids, register, &wanted).await?);
        }
        Ok(Self(known))
    }

    fn id(&self, register: Register, name: Option<&str>) -> Option<Uuid> {
        self.0.get(&register)?.get(&fold(name?)).copied()
    }
}

/// Every column that holds details, in one order whatever the details are: the one list for INSERT and UPDATE.
pub(super) fn columns(details: &ProjectDetails, names: &NameIds) -> Vec<Column> {
    use Value::{Id, Real, Text, Whole};
    // Without `..`, so that a new field does not compile until it is decided where it is written.
    let ProjectDetails {
        title,
        village_id,
        activity_code,
        fiscal_year,
        status,
        authority,
        executor,
        programme,
        agreement,
        hamlet,
        rt,
        rw,
        owner: _, // a row of project_people
        start_on,
        finish_on,
        volume,
        volume_unit,
        sensitivity,
        continues,
        budget_rupiah,
        funding: _,     // rows of funding_lines
        photo_marks: _, // rows of photo_marks
    } = details;
    let shown = shown_title(details);
    vec![
        ("title", Text(Some(title.clone()))),
        ("title_key", Text(Some(fold(title)))),
        ("shown_title_key", Text(shown.as_deref().map(fold))),
        ("shown_title", Text(shown)),
        ("village_id", Id(Some(*village_id))),
        ("activity_code", Text(activity_code.map(|code| code.to_string()))),
        ("fiscal_year", Whole(Some(i64::from(*fiscal_year)))),
        ("status", Text(Some(status.to_string()))),
        ("authority", Text(authority.map(Authority::as_str).map(str::to_owned))),
        ("executor_id", Id(names.id(Register::Executors, executor.as_deref()))),
        ("programme_id", Id(names.id(Register::Programmes, programme.as_deref()))),
        ("agreement_id", Id(names.id(Register::Agreements, agreement.as_deref()))),
        ("hamlet", Text(hamlet.clone())),
        ("rt", Text(rt.clone())),
        ("rw", Text(rw.clone())),
        ("start_on", Text(start_on.map(|day| day.to_string()))),
        ("finish_on", Text(finish_on.map(|day| day.to_string()))),
        ("volume", Real(*volume)),
        ("volume_unit", Text(volume_unit.clone())),
        ("sensitivity", Text(Some(sensitivity.to_string()))),
        ("continues_id", Id(*continues)),
        ("budget_rupiah", Whole(*budget_rupiah)),
    ]
}
