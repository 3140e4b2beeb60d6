//! Marks of photos: what a file declares of them, and the digests of those that came.

use super::{Result, Tx, Which, insert_many, list_which, which};
use std::collections::HashMap;
use uuid::Uuid;

/// Adds the marks that a file declares of projects.
pub(super) async fn insert(tx: &mut Tx, marks: &[(Uuid, &str)]) -> Result<()> {
    const INTO: &str = "INSERT INTO photo_marks (project_id, mark) ";
    insert_many!(
        tx,
        INTO,
        marks,
        |b, row| {
            b.push_bind(row.0).push_bind(row.1.to_owned());
        },
        " ON CONFLICT (project_id, mark) DO NOTHING"
    );
    Ok(())
}

/// The declared photo marks of these projects.
pub(super) async fn list_declared(tx: &mut Tx, projects: Which<'_>) -> Result<HashMap<Uuid, Vec<String>>> {
    let rows = list_which!(tx, (Uuid, String), projects, |q, part| {
        q.push("SELECT project_id, mark FROM photo_marks WHERE ");
        which!(q, "project_id", part);
        q.push(" ORDER BY project_id, mark");
    });
    let mut marks: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (project, mark) in rows {
        marks.entry(project).or_default().push(mark);
    }
    Ok(marks)
}

/// The marks of the photos of these projects: those that a file declared, and the digests of those that came.
pub(super) async fn list_all(tx: &mut Tx, projects: Which<'_>) -> Result<HashMap<Uuid, Vec<String>>> {
    let rows = list_which!(tx, (Uuid, String), projects, |q, part| {
        q.push("SELECT project_id, mark FROM photo_marks WHERE ");
        which!(q, "project_id", part);
        q.push(" UNION SELECT r.project_id, h.sha256 FROM progress_reports r JOIN photos h ON h.report_id = r.id WHERE h.sha256 IS NOT NULL AND ");
        which!(q, "r.project_id", part);
        q.push(" ORDER BY 1, 2");
    });
    let mut marks: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (project, mark) in rows {
        marks.entry(project).or_default().push(mark);
    }
    Ok(marks)
}
