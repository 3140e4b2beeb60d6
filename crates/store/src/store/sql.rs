//! Macros that run one SQL text on either engine.

use uuid::Uuid;

/// `sql!(tx, TEXT, [binds], execute)` gives the number of rows changed, and
/// `sql!(tx, TEXT, [binds], fetch_optional as Row)` what that sqlx method gives.
/// A bind too few or too many does not compile: SQLite would read the missing one as NULL.
macro_rules! sql {
    ($tx:expr, sqlite: $lite:expr, postgres: $pg:expr, [$($bind:expr),* $(,)?], $($how:tt)+) => {{
        use $crate::store::{Conn, highest_bind};
        const _: () = {
            let binds: &[&str] = &[$(stringify!($bind)),*];
            let (lite, pg) = (highest_bind($lite), highest_bind($pg));
            assert!(lite == binds.len() && pg == binds.len(), "$n in SQL and binds differ");
        };
        let done = match $tx.statement() {
            Ok(Conn::Sqlite(tx)) => $crate::store::sql!(@run tx, $lite, [$($bind),*], $($how)+),
            Ok(Conn::Postgres(tx)) => $crate::store::sql!(@run tx, $pg, [$($bind),*], $($how)+),
            Err(e) => Err(e),
        };
        $tx.outcome(done)
    }};
    (@run $tx:ident, $text:expr, [$($bind:expr),*], execute) => {
        sqlx::query($text)$(.bind($bind))*.execute(&mut **$tx).await.map(|r| r.rows_affected())
    };
    (@run $tx:ident, $text:expr, [$($bind:expr),*], $fetch:ident as $row:ty) => {
        sqlx::query_as::<_, $row>($text)$(.bind($bind))*.$fetch(&mut **$tx).await
    };
    ($tx:expr, $text:expr, $binds:tt, $($how:tt)+) => {
        $crate::store::sql!($tx, sqlite: $text, postgres: $text, $binds, $($how)+)
    };
}
pub(crate) use sql;

/// `list!(tx, Row, |q| { q.push("…").push_bind(x); })`: a query whose text depends on what is asked, built from fixed pieces.
macro_rules! list {
    ($tx:expr, $row:ty, |$q:ident| $body:block) => {{
        let done = match $tx.statement() {
            Ok($crate::store::Conn::Sqlite(tx)) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Sqlite>::new("");
                $body
                $q.build_query_as::<$row>().fetch_all(&mut **tx).await
            }
            Ok($crate::store::Conn::Postgres(tx)) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Postgres>::new("");
                $body
                $q.build_query_as::<$row>().fetch_all(&mut **tx).await
            }
            Err(e) => Err(e),
        };
        $tx.outcome(done)
    }};
}
pub(crate) use list;

/// `newest_first!(q, "m.created_at", "m.id", after, limit)` ends the query of one page: the rows behind the (time, id) last seen,
/// newest first. `after` is an `Option<&(String, Uuid)>`, `limit` the most rows; both columns are NOT NULL.
macro_rules! newest_first {
    ($q:ident, $at:literal, $id:literal, $after:expr, $limit:expr) => {
        if let Some((at, id)) = $after {
            $q.push(concat!(" AND (", $at, " < ")).push_bind(at.clone());
            $q.push(concat!(" OR (", $at, " = ")).push_bind(at.clone());
            $q.push(concat!(" AND ", $id, " < ")).push_bind(*id).push("))");
        }
        $q.push(concat!(" ORDER BY ", $at, " DESC, ", $id, " DESC LIMIT ")).push_bind($limit);
    };
}
pub(crate) use newest_first;

/// The most values of one `IN (…)`: SQLite takes 32,766 binds in a statement, PostgreSQL 65,535, and a plan for some
/// hundred is as good as one for many.
pub(crate) const MOST_VALUES: usize = 500;

/// `list_in!(tx, Row, "SELECT … WHERE id", ids, "ORDER BY id")`: the rows whose column is one of these values, however many
/// there are, in as many statements as they need; each part is in order, the whole is not. With `|q| { … }` in the place of
/// the end, further conditions are bound. The only way to ask for a list of values.
macro_rules! list_in {
    ($tx:expr, $row:ty, $before:expr, $values:expr, |$q:ident| $after:block) => {{
        let mut found: Vec<$row> = Vec::new();
        for chunk in $values.chunks($crate::store::sql::MOST_VALUES) {
            found.extend($crate::store::list!($tx, $row, |$q| {
                $q.push($before).push(" IN (");
                let mut values = $q.separated(", ");
                for value in chunk {
                    values.push_bind(value.to_owned());
                }
                $q.push(") ");
                $after
            })?);
        }
        found
    }};
    ($tx:expr, $row:ty, $before:expr, $values:expr, $after:expr) => {
        $crate::store::list_in!($tx, $row, $before, $values, |q| {
            q.push($after);
        })
    };
    ($tx:expr, $row:ty, $before:expr, $values:expr) => {
        $crate::store::list_in!($tx, $row, $before, $values, |q| {})
    };
}
pub(crate) use list_in;

/// Which rows belong to the projects that were asked for: some by name, or a whole stretch of them by the order of ids,
/// which an index gives without looking each one up.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    These(&'a [Uuid]),
    /// Behind the first, up to the second.
    Between(Uuid, Uuid),
}

impl<'a> Which<'a> {
    /// The same in parts, each of which one statement can ask for.
    pub(super) fn in_parts(self) -> Vec<Which<'a>> {
        match self {
            Self::These(wanted) => wanted.chunks(MOST_VALUES).map(Which::These).collect(),
            Self::Between(..) => vec![self],
        }
    }
}

/// [`list!`] for [`Which`]: `list_which!(tx, Row, which, |q, part| { …; which!(q, "project_id", part); … })`.
macro_rules! list_which {
    ($tx:expr, $row:ty, $which:expr, |$q:ident, $part:ident| $body:block) => {{
        let mut found: Vec<$row> = Vec::new();
        for $part in $which.in_parts() {
            found.extend($crate::store::list!($tx, $row, |$q| $body)?);
        }
        found
    }};
}
pub(crate) use list_which;

/// `which!(q, "project_id", part)`: the condition of a query made with [`list_which!`].
macro_rules! which {
    ($q:ident, $column:literal, $which:expr) => {
        match $which {
            $crate::store::Which::These(wanted) => {
                $q.push(concat!($column, " IN ("));
                let mut ids = $q.separated(", ");
                for id in wanted {
                    ids.push_bind(*id);
                }
                $q.push(")");
            }
            $crate::store::Which::Between(after, last) => {
                $q.push(concat!($column, " > "))
                    .push_bind(after)
                    .push(concat!(" AND ", $column, " <= "))
                    .push_bind(last);
            }
        }
    };
}
pub(crate) use which;

/// `insert_many!(tx, "INSERT INTO t (a, b)", rows, |b, row| { b.push_bind(row.a).push_bind(row.b); }, "ON CONFLICT …")`:
/// rows in statements of 250, which costs a tenth of one statement a row. Gives the number of rows written.
macro_rules! insert_many {
    ($tx:expr, $into:expr, $rows:expr, |$b:ident, $row:ident| $body:block, $tail:expr) => {{
        let mut written = 0;
        for chunk in $rows.chunks(250) {
            let done = match $tx.statement() {
                Ok($crate::store::Conn::Sqlite(tx)) => {
                    let mut q = sqlx::QueryBuilder::<sqlx::Sqlite>::new($into);
                    q.push_values(chunk, |mut $b, $row| $body);
                    q.push($tail);
                    q.build().execute(&mut **tx).await.map(|r| r.rows_affected())
                }
                Ok($crate::store::Conn::Postgres(tx)) => {
                    let mut q = sqlx::QueryBuilder::<sqlx::Postgres>::new($into);
                    q.push_values(chunk, |mut $b, $row| $body);
                    q.push($tail);
                    q.build().execute(&mut **tx).await.map(|r| r.rows_affected())
                }
                Err(e) => Err(e),
            };
            written += $tx.outcome(done)?;
        }
        written
    }};
    ($tx:expr, $into:expr, $rows:expr, |$b:ident, $row:ident| $body:block) => {
        $crate::store::insert_many!($tx, $into, $rows, |$b, $row| $body, "")
    };
}
pub(crate) use insert_many;

/// `update_many!(tx, "UPDATE t SET a = v.column2", rows, |b, row| { b.push_bind(row.id).push_bind(row.a); }, "t.id = v.column1")`:
/// as [`insert_many!`], for rows that are there. Gives the number of rows written.
macro_rules! update_many {
    ($tx:expr, $set:expr, $rows:expr, |$b:ident, $row:ident| $body:block, $condition:expr) => {
        $crate::store::insert_many!(
            $tx,
            format!("{} FROM (", $set),
            $rows,
            |$b, $row| $body,
            concat!(") AS v WHERE ", $condition)
        )
    };
}
pub(crate) use update_many;

/// A row with the columns that it is read from: see [`columns!`].
pub(super) trait Columns {
    /// The text between SELECT and FROM.
    const COLUMNS: &'static str;

    /// The same in an array of JSON, in which SQLite hands over many rows at once.
    fn json_array() -> String;
}

/// `columns! { struct Row { id: Uuid = "p.id", … } }`: a row and the columns that it is read from in one list, so that no
/// query forgets one or takes one for another.
macro_rules! columns {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $(#[$first_meta:meta])* $first_vis:vis $first:ident: $first_type:ty = $first_column:literal
        $(, $(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty = $column:literal)* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name {
            $(#[$first_meta])* $first_vis $first: $first_type
            $(, $(#[$field_meta])* $field_vis $field: $type)*
        }

        impl $crate::store::sql::Columns for $name {
            const COLUMNS: &'static str = concat!(
                $first_column, " AS ", stringify!($first) $(, ", ", $column, " AS ", stringify!($field))*
            );

            fn json_array() -> String {
                use $crate::store::exact_json::InJson;
                let columns = [
                    <$first_type as InJson>::in_json($first_column) $(, <$type as InJson>::in_json($column))*
                ];
                format!("json_array({})", columns.join(", "))
            }
        }
    };
}
pub(crate) use columns;

/// A row that hangs on a project.
#[derive(sqlx::FromRow)]
pub(super) struct OfProject<T> {
    pub project_id: Uuid,
    #[sqlx(flatten)]
    pub row: T,
}

/// The largest `n` among the `$n` of a SQL text.
pub const fn highest_bind(text: &str) -> usize {
    let (text, mut at, mut n, mut highest) = (text.as_bytes(), 0, None, 0);
    while at < text.len() {
        n = match (text[at], n) {
            (b'$', _) => Some(0),
            (digit @ b'0'..=b'9', Some(n)) => Some(n * 10 + (digit - b'0') as usize),
            _ => None,
        };
        if let Some(n) = n {
            highest = if n > highest { n } else { highest };
        }
        at += 1;
    }
    highest
}
