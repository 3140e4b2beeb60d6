//! Shapefiles: shapes, their index, the table and the definition beside them; and archives as such.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{archive, read_projects, seed};

/// Bytes of `.shx` and `.prj` in an input; what is left is shared by `.shp` and `.dbf`.
const INDEX: usize = 116;
const DEFINITION: usize = 200;

fn inputs() -> Vec<u8> {
    let mut index = vec![0; INDEX];
    index[100..104].copy_from_slice(&50_u32.to_be_bytes());
    let mut definition = br#"GEOGCS["GCS_SRGI2013",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#.to_vec();
    definition.resize(DEFINITION, b' ');
    // A table with one column of a title, one row of it, and one point.
    let mut table = vec![3, 125, 11, 29, 1, 0, 0, 0, 65, 0, 11, 0];
    table.resize(32, 0);
    table.extend(b"JUDUL\0\0\0\0\0\0C\0\0\0\0\x0A");
    table.resize(64, 0);
    table.extend(b"\x0D Talud     ");
    let mut shapes = vec![0; 100];
    shapes[..4].copy_from_slice(&9994_u32.to_be_bytes());
    shapes[24..28].copy_from_slice(&64_u32.to_be_bytes());
    shapes.extend([0, 0, 0, 1, 0, 0, 0, 10, 1, 0, 0, 0]);
    shapes.extend([114.0_f64, -8.0].iter().flat_map(|number| number.to_le_bytes()));
    let mut bytes = [index, definition].concat();
    bytes.extend(u16::try_from(table.len()).unwrap_or_default().to_le_bytes());
    [bytes, table, shapes].concat()
}

fuzz_target!(
    init: {
        seed(&[&inputs(), &archive(&[("a.shp", b"x"), ("a.dbf", b"y")])]);
    },
    |data: &[u8]| {
        read_projects("a.zip", data);
        let Some((index, rest)) = data.split_at_checked(INDEX) else { return };
        let Some((definition, rest)) = rest.split_at_checked(DEFINITION) else { return };
        let Some((length, rest)) = rest.split_first_chunk::<2>() else { return };
        let (table, shapes) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        let files = [("a.shp", shapes), ("a.dbf", table), ("a.shx", index), ("a.prj", definition)];
        for files in [&files[..], &files[..2]] {
            read_projects("a.zip", &archive(files));
        }
        read_projects("a.dbf", table);
    }
);
