//! Rows of totals: "JUMLAH", "Sub total" or "Grand Total" with sums, as offices write them below the works of a list.

use super::fields::Field;
use crate::domain::text::fold;
use crate::import::cells::money::money;
use crate::import::cells::numbers::{is_blank, number};
use crate::import::cells::quantities::quantity;
use crate::import::cells::writing::Decimal;

/// Words for "sum".
const SUMS: &[&str] =
    &["jumlah", "jml", "total", "totals", "subtotal", "subjumlah", "grandtotal", "sum", "suma", "soma", "rekapitulasi"];
/// Words for what is reckoned below a sum: its tax, what it is rounded to, what is left.
const RECKONED: &[&str] = &["ppn", "pph", "pajak", "dibulatkan", "pembulatan", "saldo", "sisa", "average"];
/// Words before such a word.
const BEFORE: &[&str] = &["sub", "grand", "overall"];
/// Words after it: which sum it is, and of what.
const BEHIND: &[&str] = &[
    "jumlah",
    "total",
    "keseluruhan",
    "seluruh",
    "seluruhnya",
    "semua",
    "semuanya",
    "akhir",
    "umum",
    "anggaran",
    "pagu",
    "biaya",
    "dana",
    "belanja",
    "harga",
    "nilai",
    "kegiatan",
    "paket",
    "rp",
    "rupiah",
    "budget",
    "amount",
    "cost",
    "dipindahkan",
    "pindahan",
    "halaman",
    "sebelumnya",
    "tahun",
    "ta",
    "modal",
    "general",
    "geral",
    "parcial",
];

/// Whether a row is one of totals and no work: its title or its first filled cell is such a heading and nothing more,
/// and all other cells are sums. A row with a village, a place, a key or any word of its own is none, so that a work
/// called "Total Station" or "Jumlah lampu" stays. `cells` are all cells of the row, in the order of the file.
pub fn is_total<'a>(cells: impl IntoIterator<Item = (Option<Field>, &'a str)>) -> bool {
    let mut is_called = false;
    for (at, (field, text)) in cells.into_iter().filter(|(_, text)| !is_blank(text)).enumerate() {
        if calls_a_total(text) {
            is_called |= at == 0 || field == Some(Field::Title);
        } else if !may_be_sum(field, text) {
            return false;
        }
    }
    is_called
}

/// "JUMLAH", "J U M L A H", "Sub Total A", "Jumlah seluruhnya (Rp)", "Terbilang: dua juta rupiah".
fn calls_a_total(text: &str) -> bool {
    let folded = fold(text);
    // The sum in words.
    if folded.starts_with("terbilang") {
        return true;
    }
    if folded == "rata rata" {
        return true;
    }
    let is_spaced_out = folded.split(' ').all(|word| word.chars().count() == 1);
    let folded = if is_spaced_out { folded.replace(' ', "") } else { folded };
    let mut words = folded.split(' ').peekable();
    // What is below a sum of something is no work, whatever it is a sum of: "Sub Jumlah Kecamatan Kabat".
    if words.next_if(|word| BEFORE.contains(word)).is_some() {
        return words.next().is_some_and(|word| SUMS.contains(&word));
    }
    let Some(first) = words.next() else { return false };
    (SUMS.contains(&first) && words.clone().all(|word| BEHIND.contains(&word) || is_ordinal(word)))
        || (RECKONED.contains(&first) && words.all(|word| BEHIND.contains(&word) || is_ordinal(word)))
}

/// Whether the title or the first filled cell of a row begins with a word for "sum", or no cell is text, and all others are
/// sums: a total, if its money is that of rows above.
pub fn may_be_total<'a>(cells: impl IntoIterator<Item = (Option<Field>, &'a str)>) -> bool {
    let (mut is_called, mut has_text, mut has_money) = (false, false, false);
    for (at, (field, text)) in cells.into_iter().filter(|(_, text)| !is_blank(text)).enumerate() {
        let folded = fold(text);
        if folded.split(' ').next().is_some_and(|word| SUMS.contains(&word)) {
            is_called |= at == 0 || field == Some(Field::Title);
            has_text = true;
        } else if !may_be_sum(field, text) {
            return false;
        }
        has_money |= field.is_some_and(Field::is_sum);
    }
    has_money && (is_called || !has_text)
}

/// `A`, `2`, `2026`, `III`.
fn is_ordinal(word: &str) -> bool {
    word.chars().count() == 1
        || word.chars().all(|c| matches!(c, 'i' | 'v' | 'x'))
        || (word.len() <= 4 && word.chars().all(|c| c.is_ascii_digit()))
}

/// Whether a cell may be a sum: a number in a column of money, sizes, years, or one that means nothing to us.
fn may_be_sum(field: Option<Field>, text: &str) -> bool {
    match field {
        Some(Field::VolumeUnit) => true,
        Some(Field::Volume) => quantity("", text, Decimal::Comma).is_ok(),
        Some(Field::Budget | Field::FundAmount | Field::FiscalYear) | None => {
            number(text.trim().trim_end_matches('%'), false).is_some() || money("", text, Decimal::Comma).is_ok()
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_offices_call_a_total_is_one_and_no_work_is() {
        for text in [
            "JUMLAH",
            "Jumlah :",
            "J U M L A H",
            "TOTAL",
            "Sub Total",
            "SUB-TOTAL A",
            "Subtotal II",
            "Jumlah Total",
            "Jumlah (Rp)",
            "Grand Total",
            "Total Keseluruhan",
            "Jml.",
            "Jumlah Anggaran 2026",
            "Total seluruh biaya",
            "Overall total",
            "Jumlah I + II",
            "Total Kegiatan",
            "Terbilang: dua ratus sepuluh juta rupiah",
            "Jumlah dipindahkan",
            "Jumlah pindahan",
            "Sub Jumlah Kecamatan Kabat",
            "TOTAL PAGU ANGGARAN TAHUN 2026",
            "TOTAL GENERAL",
            "Suma",
            "Rata-rata",
            "Dibulatkan",
            "PPN 11%",
            "Sisa anggaran",
        ] {
            assert!(is_total([(None, ""), (Some(Field::Title), text), (Some(Field::Budget), "210.000.000")]), "{text}");
        }
        for text in [
            "Total Station pengukuran jalan",
            "Jumlah lampu jalan ditambah",
            "Totalan",
            "Sub",
            "Grand",
            "Jalan total",
            "Rabat beton",
            "Jumlahan",
            "Sumur bor",
            "A",
            "2026",
            "Jumlah Desa Wringinputih",
            "Paket",
            "Pagu total",
        ] {
            assert!(!is_total([(Some(Field::Title), text), (Some(Field::Budget), "210.000.000")]), "{text}");
        }
    }

    #[test]
    fn a_row_of_totals_holds_sums_alone() {
        let with = |field, text| is_total([(Some(Field::Title), "Jumlah"), (field, text)]);
        for (field, text) in [
            (Some(Field::Budget), "Rp 210.000.000,-"),
            (Some(Field::Volume), "120,5 m"),
            (Some(Field::VolumeUnit), "paket"),
            (Some(Field::FiscalYear), "2026"),
            (None, "100,00 %"),
            (None, "Total"),
            (Some(Field::VillageCode), "-"),
        ] {
            assert!(with(field, text), "{field:?} {text}");
        }
        for (field, text) in [
            (Some(Field::VillageCode), "35.10.01.2001"),
            (Some(Field::VillageName), "Karangrejo"),
            (Some(Field::ExternalId), "17"),
            (Some(Field::Lat), "-8,2"),
            (Some(Field::Coordinates), "-8.2, 114.3"),
            (Some(Field::ContractNumber), "12"),
            (None, "dikerjakan TPK"),
        ] {
            assert!(!with(field, text), "{field:?} {text}");
        }
    }

    #[test]
    fn the_word_stands_in_the_title_or_first_of_all() {
        assert!(is_total([(None, "JUMLAH"), (Some(Field::VillageCode), ""), (Some(Field::Title), "")]));
        assert!(is_total([(Some(Field::VillageCode), "TOTAL"), (Some(Field::Budget), "5")]));
        assert!(!is_total([(Some(Field::Budget), "5"), (None, "total")]));
        assert!(!is_total([(None, "JUMLAH"), (Some(Field::Title), "Rabat beton")]));
        assert!(!is_total([(Some(Field::Title), ""), (Some(Field::Budget), "5")]));
    }
}
