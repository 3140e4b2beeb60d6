//! The fields of a row about a project.

use crate::domain::closed_set;
use crate::import::error::ImportError;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

closed_set! {
    /// A field of a row about a project.
    Field {
        ExternalId = "external_id", Title = "title", VillageCode = "village_code", VillageName = "village_name",
        District = "district", Regency = "regency", ActivityCode = "activity_code",
        FiscalYear = "fiscal_year", Status = "status", Authority = "authority", Executor = "executor",
        Programme = "programme", Agreement = "agreement", Hamlet = "hamlet", Rt = "rt", Rw = "rw", RtRw = "rt_rw",
        Owner = "owner", StartOn = "start_on", FinishOn = "finish_on", Volume = "volume", VolumeUnit = "volume_unit",
        Continues = "continues", Budget = "budget_rupiah", Funds = "funds", FundAmount = "fund_amount", BudgetLine = "budget_line",
        ContractNumber = "contract_number", SegmentFrom = "segment_from_m", SegmentTo = "segment_to_m",
        PhotoMarks = "photo_marks", LocationSource = "location_source", Accuracy = "accuracy_m",
        Lat = "lat", Lon = "lon", EndLat = "end_lat", EndLon = "end_lon",
        Coordinates = "coordinates", EndCoordinates = "end_coordinates", Geometry = "geometry",
    }
}

impl Field {
    /// Whether its cells are sums of money.
    pub const fn is_sum(self) -> bool {
        matches!(self, Self::Budget | Self::FundAmount)
    }
}

/// A heading as it is compared: lower case letters and digits only, without accents, a unit in brackets dropped: `Pagu
/// Anggaran (Rp)` is `paguanggaran`.
pub fn fold_heading(heading: &str) -> String {
    let heading = heading.trim();
    let bare = match heading.rsplit_once('(') {
        Some((bare, unit)) if unit.ends_with(')') && !bare.trim().is_empty() => bare,
        _ => heading,
    };
    fold_whole(bare)
}

/// As [`fold_heading`], with what stands in brackets: `Koordinat (X)` is `koordinatx`.
pub fn fold_whole(heading: &str) -> String {
    let letters = heading.nfd().filter(|c| !is_combining_mark(*c) && c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A field by its own name; the error names all.
pub fn field_of(name: &str) -> Result<Field, ImportError> {
    let folded = fold_heading(name);
    let own = Field::ALL.iter().copied().find(|field| fold_heading(field.as_str()) == folded);
    own.ok_or_else(|| {
        let fields = Field::ALL.iter().map(|field| field.as_str().to_owned()).collect();
        ImportError::UnknownField { field: name.to_owned(), fields }
    })
}

/// Whether a column is of a tender: "selesai" says that the tender has ended, not the work.
pub fn is_of_tender(column: &str) -> bool {
    let folded = fold_heading(column);
    folded.contains("tender") || folded.contains("lelang")
}

/// Whether the codes of a column are those of BPS by its heading.
pub fn is_of_bps(column: &str) -> bool {
    let folded = fold_heading(column);
    folded.contains("bps") || folded == "iddesa"
}

/// Columns of survey apps: when somebody began, ended and filled in a form, and not the work. Folded.
pub const TIMES_OF_FORMS: [&str; 3] = ["start", "end", "today"];

/// Whether a cell of such a column holds a moment with its time of day.
pub fn is_moment_of_form(column: &str, text: &str) -> bool {
    let at = text.find(':').filter(|_| TIMES_OF_FORMS.contains(&fold_heading(column).as_str()));
    let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    at.is_some_and(|at| {
        let hours = text[..at].trim_end_matches(|c: char| c.is_ascii_digit()).len();
        text[hours..].chars().take_while(|c| is_time(*c)).any(|c| matches!(c, '1'..='9'))
    })
}

/// How many metres the unit of a column of lengths has, by its heading: `panjang`, `length_km`, `Length (ft)`. `None` for
/// another volume, and for a length in a unit that is none of those.
pub fn metres_of_length(column: &str) -> Option<f64> {
    const LENGTHS: [&str; 6] = ["panjang", "length", "roadlength", "largo", "comprimento", "extensao"];
    let folded = fold_heading(column);
    let metres_of = |word: &str| match word {
        "km" | "kilometer" | "kilometre" => Some(1_000.0),
        "hm" => Some(100.0),
        "m" | "m1" | "meter" | "metre" | "mtr" | "metros" => Some(1.0),
        "cm" => Some(0.01),
        "ft" | "feet" | "kaki" => Some(0.304_8),
        "mi" | "mile" | "miles" => Some(1_609.344),
        "yd" | "yard" | "yards" => Some(0.914_4),
        _ => None,
    };
    let lower = column.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_in_brackets = unit_in_brackets(column).is_some();
    LENGTHS
        .iter()
        .any(|word| folded.starts_with(word))
        .then(|| words.find_map(metres_of).or((!is_in_brackets).then_some(1.0)))?
}

/// The unit that a heading has in brackets: `Volume (m2)`, `Panjang (m')`.
pub fn unit_in_brackets(column: &str) -> Option<&str> {
    let (_, unit) = column.trim().strip_suffix(')')?.rsplit_once('(')?;
    let unit = unit.trim();
    let is_unit = |c: char| c.is_alphabetic() || matches!(c, '1' | '2' | '3' | '²' | '³' | '\'' | '’' | '.');
    (!unit.is_empty() && unit.chars().count() <= UNIT_CHARS && unit.chars().all(is_unit)).then_some(unit)
}

/// Letters of a unit.
const UNIT_CHARS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_a_form_has_a_time_of_day() {
        for text in ["2026-03-01T08:15:30.123+07:00", "2026-03-01 08:15", "1/3/2026 0:05"] {
            assert!(is_moment_of_form("start", text) && is_moment_of_form("End", text), "{text}");
            assert!(!is_moment_of_form("tanggal mulai", text));
        }
        for text in ["2026-03-01", "2026-03-01T00:00:00", "2026-03-01 00:00", "17 Agustus 2026"] {
            assert!(!is_moment_of_form("start", text), "{text}");
        }
    }

    #[test]
    fn a_length_has_the_unit_of_its_heading() {
        for (column, metres) in [
            ("panjang", Some(1.0)),
            ("Panjang (m)", Some(1.0)),
            ("Panjang Jalan (km)", Some(1_000.0)),
            ("length_km", Some(1_000.0)),
            ("Panjang (m')", Some(1.0)),
            ("Length (ft)", Some(0.304_8)),
            ("Panjang (unit)", None),
            ("volume", None),
            ("vol", None),
        ] {
            assert_eq!(metres_of_length(column), metres, "{column}");
        }
    }
}
