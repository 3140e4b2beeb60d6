//! The codes of the villages of a file: of Kemendagri, or of BPS, which look alike and mean other villages.
//!
//! Kemendagri writes 35.10.01.2001: province, regency, district (two digits) and village (four; 1xxx is a kelurahan, 2xxx a
//! desa). BPS writes 3510010001: the district has three digits, the village three. Read as a code of Kemendagri its village
//! begins with 0 wherever the district's number ends with 0, as most do.

use super::borders::Feature;
use super::columns::VillageField;
use super::{VillageFile, VillageRow};
use crate::domain::Invalid;
use crate::domain::village::{RegionCode, is_bps_like};
use crate::import::rows::refusals::RefusedCell;
use crate::import::rows::village_cell::{is_cut, ten_digits};
use std::collections::HashMap;

/// Codes of Kemendagri by those of BPS, as the database holds them.
pub type ByBpsCode = HashMap<String, RegionCode>;

/// Understands the codes of all features at once: what the one does not tell, the others do. `column` names the attribute
/// of a field.
pub fn place(
    features: Vec<Feature>,
    by_bps_code: &ByBpsCode,
    column: impl Fn(VillageField) -> String,
    file: &mut VillageFile,
) {
    let codes = || features.iter().filter_map(|feature| feature.code.as_ref());
    let of_kemendagri = || codes().filter(|(field, _)| *field == VillageField::Code);
    let bps_like = of_kemendagri().filter(|(_, code)| is_bps_like(code)).count();
    let all_are_bps = 2 * bps_like > of_kemendagri().count();
    for Feature { number, code, border } in features {
        let Some((field, given)) = code else {
            let column = column(VillageField::Code);
            file.refused.push(RefusedCell::new(number, &column, Invalid::new("missing", &column), ""));
            continue;
        };
        // However its digits are parted: a code of Kemendagri has ten of them.
        let given = ten_digits(&given).unwrap_or(given);
        let is_bps = field == VillageField::BpsCode || all_are_bps || is_bps_like(&given);
        let column = column(field);
        let read = if is_cut(&given) {
            Err(Invalid::new("code_cut_by_spreadsheet", &column))
        } else if is_bps {
            let unknown = || Invalid::new("unknown_bps_code", &column).with("given", given.as_str());
            by_bps_code.get(&given).cloned().ok_or_else(unknown)
        } else {
            RegionCode::parse_village(&column, &given)
        };
        match (read, border) {
            (Ok(code), Some(mut border)) => {
                if is_bps {
                    border.bps_code = Some(given);
                    file.by_bps_code += 1;
                }
                file.good.push(VillageRow { code, border });
            }
            (Ok(_), None) => {}
            (Err(invalid), _) => file.refused.push(RefusedCell::new(number, &column, invalid, &given)),
        }
    }
}
