//! Tables of the terminal, each column as wide as its widest cell.

/// Alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

use Side::{Left, Right};

/// Rows below headings in Markdown, ready for a report.
pub fn table(heads: &[(String, Side)], rows: &[Vec<String>]) -> String {
    let titles: Vec<String> = heads.iter().map(|(head, _)| head.clone()).collect();
    let widths: Vec<usize> =
        widths(std::iter::once(&titles).chain(rows)).into_iter().map(|width| width.max(3)).collect();
    let line = |cells: &[String]| {
        let cells = heads.iter().zip(&widths).enumerate().map(|(at, ((_, side), width))| {
            let cell = cells.get(at).map_or("", String::as_str);
            match side {
                Left => format!(" {cell:<width$} |"),
                Right => format!(" {cell:>width$} |"),
            }
        });
        format!("|{}\n", cells.collect::<String>())
    };
    let rules: Vec<String> = heads
        .iter()
        .zip(&widths)
        .map(|((_, side), width)| match side {
            Left => "-".repeat(*width),
            Right => format!("{}:", "-".repeat(width - 1)),
        })
        .collect();
    [line(&titles), line(&rules)].into_iter().chain(rows.iter().map(|row| line(row))).collect()
}

/// Rows without lines, two spaces between the columns; no trailing spaces.
pub fn columns(rows: &[Vec<String>]) -> String {
    let widths = widths(rows);
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            format!("{}\n", cells.join("  ").trim_end())
        })
        .collect()
}

fn widths<'a>(rows: impl IntoIterator<Item = &'a Vec<String>>) -> Vec<usize> {
    let mut widths = Vec::new();
    for row in rows {
        widths.resize(row.len().max(widths.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn columns_are_aligned_whatever_the_letters() {
        let heads = [("jenis".to_owned(), Left), ("n".to_owned(), Right)];
        let text = table(&heads, &[row(["a–b", "1"]), row(["tertunda", "1000"])]);
        assert_eq!(text, "| jenis    |    n |\n| -------- | ---: |\n| a–b      |    1 |\n| tertunda | 1000 |\n");
        assert_eq!(columns(&[row(["é", "x"]), row(["abc", ""])]), "é    x\nabc\n");
    }
}
