//! The words of the design as types that cannot hold a wrong value. Nothing here knows HTTP, SQL, files or clocks.

pub mod account;
pub mod act;
pub mod action;
pub mod activity;
pub mod arcs;
pub mod areas;
pub mod change;
pub mod decision;
pub mod diff;
pub mod doer;
pub mod facts;
pub mod finding;
pub mod footprint;
pub mod geojson;
pub mod invalid;
pub mod job;
pub mod message;
pub mod money;
pub mod names;
pub mod outline;
pub mod patience;
pub mod person;
pub mod post;
pub mod progress;
pub mod project;
pub mod project_diff;
pub mod rings;
pub mod scope;
pub mod text;
pub mod upload;
pub mod verdict;
pub mod village;
pub mod wkb;

pub use invalid::Invalid;

/// A moment in UTC.
pub type Time = chrono::DateTime<chrono::Utc>;
/// A civil day: starts, finishes and fiscal dates are days, never moments.
pub type Day = chrono::NaiveDate;

/// A closed set of words, the same in the database, the API and the code.
/// Gives `ALL`, `as_str`, `parse`, `typed` and `Display`.
#[macro_export]
macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a stored or sent word, `None` where it is not one of ours.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// The value of a word that somebody typed; the refusal, by its code and field, lists those that are known.
            pub fn typed(word: &str, code: &'static str, field: &str) -> Result<Self, $crate::domain::Invalid> {
                let known = || Self::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ");
                let unknown = || $crate::domain::Invalid::new(code, field).with("given", word).with("known", known());
                Self::parse(word).ok_or_else(unknown)
            }
        }

        /// A stored word; the error names one that is not ours.
        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(word: String) -> Result<Self, String> {
                Self::parse(&word).ok_or(word)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|word| word.as_str())))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub use closed_set;
