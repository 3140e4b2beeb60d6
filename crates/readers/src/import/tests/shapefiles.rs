//! Shapefiles, loose and in archives: deleted rows, edited shapes, encodings, systems, holes.

use super::made::archive;
use super::*;
use geo::{Area, Geometry};

/// A column of a table: name, type, width.
type Column = (&'static str, u8, u8);

const COLUMNS: [Column; 4] = [("ID", b'N', 10), ("JUDUL", b'C', 40), ("KODE_DESA", b'C', 13), ("MULAI", b'D', 8)];

/// A table; each row begins with its mark, ` ` or `*`, and its values are cut or filled to their width.
fn dbf(columns: &[Column], language: u8, rows: &[(u8, Vec<Vec<u8>>)]) -> Vec<u8> {
    let row_bytes = 1 + columns.iter().map(|(_, _, width)| u16::from(*width)).sum::<u16>();
    let head_bytes = u16::try_from(32 + 32 * columns.len() + 1).unwrap();
    let mut bytes = vec![3, 125, 11, 29];
    bytes.extend(u32::try_from(rows.len()).unwrap().to_le_bytes());
    bytes.extend(head_bytes.to_le_bytes());
    bytes.extend(row_bytes.to_le_bytes());
    bytes.extend([0; 17]);
    bytes.extend([language, 0, 0]);
    for (name, kind, width) in columns {
        let mut column = [0; 32];
        column[..name.len()].copy_from_slice(name.as_bytes());
        (column[11], column[16]) = (*kind, *width);
        bytes.extend(column);
    }
    bytes.push(0x0D);
    for (mark, values) in rows {
        bytes.push(*mark);
        for ((_, _, width), value) in columns.iter().zip(values) {
            let mut cell = value.clone();
            cell.resize(usize::from(*width), b' ');
            bytes.extend(cell);
        }
    }
    bytes.push(0x1A);
    bytes
}

fn row(id: u32, title: &str, code: &str) -> (u8, Vec<Vec<u8>>) {
    (b' ', vec![id.to_string().into(), title.into(), code.into(), b"00000000".to_vec()])
}

/// The record of a shape of this type.
fn shape(kind: i32, parts: &[&[[f64; 2]]]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    if kind == 1 {
        bytes.extend(parts[0][0].iter().flat_map(|number| number.to_le_bytes()));
    } else if kind != 0 {
        bytes.extend([0; 32]);
        let corners: usize = parts.iter().map(|part| part.len()).sum();
        let mut starts = vec![0];
        parts.iter().for_each(|part| starts.push(starts.last().unwrap() + part.len()));
        let counts = [parts.len(), corners].into_iter().chain(starts.into_iter().take(parts.len()));
        bytes.extend(counts.flat_map(|count| i32::try_from(count).unwrap().to_le_bytes()));
        bytes.extend(parts.iter().flat_map(|part| part.iter()).flatten().flat_map(|number| number.to_le_bytes()));
    }
    bytes
}

/// `.shp` and `.shx`; the index names the records in this order.
fn shp(shapes: &[Vec<u8>], order: &[usize]) -> (Vec<u8>, Vec<u8>) {
    let head = |bytes: usize| {
        let mut head = vec![0; 100];
        head[..4].copy_from_slice(&9994_u32.to_be_bytes());
        head[24..28].copy_from_slice(&u32::try_from(bytes / 2).unwrap().to_be_bytes());
        head
    };
    let (mut body, mut places) = (Vec::new(), Vec::new());
    for (at, shape) in shapes.iter().enumerate() {
        let words = u32::try_from(shape.len() / 2).unwrap();
        places.push((u32::try_from((100 + body.len()) / 2).unwrap(), words));
        body.extend(u32::try_from(at + 1).unwrap().to_be_bytes());
        body.extend(words.to_be_bytes());
        body.extend(shape);
    }
    let index: Vec<u8> =
        order.iter().flat_map(|at| [places[*at].0.to_be_bytes(), places[*at].1.to_be_bytes()].concat()).collect();
    ([head(100 + body.len()), body].concat(), [head(100 + index.len()), index].concat())
}

fn point(x: f64) -> Vec<u8> {
    shape(1, &[&[[x, -8.5]]])
}

fn read_zip(parts: &[(&str, &[u8])]) -> (Vec<ProjectRow>, Vec<RefusedCell>) {
    let options = ReadOptions { needs: Needs::Comparison, owner_of, ..ReadOptions::default() };
    read_with("kegiatan.zip", &archive(parts), &options).unwrap()
}

/// Title and easternmost degree of each row.
fn told(rows: &[ProjectRow]) -> Vec<(String, Option<f64>)> {
    let place = |row: &ProjectRow| {
        let geometry = &row.footprint.as_ref()?.parts[0].geometry;
        geo::CoordsIter::coords_iter(geometry).map(|corner| corner.x).reduce(f64::max)
    };
    rows.iter().map(|row| (row.title.clone(), place(row))).collect()
}

fn three() -> Vec<(u8, Vec<Vec<u8>>)> {
    ["Satu", "Dua", "Tiga"].iter().zip(1..).map(|(title, id)| row(id, title, "35.10.01.2001")).collect()
}

#[test]
fn a_deleted_row_takes_its_own_shape_with_it() {
    let (shp, shx) = shp(&[point(114.1), point(114.2), point(114.3)], &[0, 1, 2]);
    let mut rows = three();
    rows[1].0 = b'*';
    let (good, refused) =
        read_zip(&[("a/jalan.shp", &shp), ("a/jalan.shx", &shx), ("a/JALAN.DBF", &dbf(&COLUMNS, 0, &rows))]);
    assert_eq!(refused, []);
    assert_eq!(told(&good), [("Satu".to_owned(), Some(114.1)), ("Tiga".to_owned(), Some(114.3))]);
    assert_eq!(good.iter().map(|row| row.row).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn the_index_says_which_shape_belongs_to_a_row_after_an_edit() {
    // The second shape was edited: its new one stands at the end, the old one is left behind.
    let shapes = [point(114.1), point(114.9), point(114.3), point(114.2)];
    let (shp, shx) = shp(&shapes, &[0, 3, 2]);
    let table = dbf(&COLUMNS, 0, &three());
    let (good, _) = read_zip(&[("j.shp", &shp), ("j.shx", &shx), ("j.dbf", &table)]);
    let expected = [("Satu", 114.1), ("Dua", 114.2), ("Tiga", 114.3)].map(|(title, x)| (title.to_owned(), Some(x)));
    assert_eq!(told(&good), expected);
}

#[test]
fn a_loose_shapefile_is_read_by_any_of_its_files_and_copied_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (shp, shx) = shp(&[point(114.1), shape(0, &[]), point(114.3)], &[0, 1, 2]);
    for (name, bytes) in [("jalan.shp", &shp), ("jalan.shx", &shx), ("jalan.DBF", &dbf(&COLUMNS, 0, &three()))] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let read =
        |input: &Input| -> Vec<Row> { ProjectFile::open(input, &options).unwrap().collect::<Result<_, _>>().unwrap() };
    for name in ["jalan.shp", "jalan.DBF"] {
        let input = Input::path(folder.path().join(name));
        assert_eq!(read(&input).len(), 3, "{name}");
    }
    let copy = Input::path(folder.path().join("jalan.shp")).into_own_copy(|_| {}).unwrap();
    let before = copy.sha256.clone();
    std::fs::write(folder.path().join("jalan.DBF"), dbf(&COLUMNS, 0, &three()[..2])).unwrap();
    assert_eq!(read(&copy.input).len(), 3);
    assert_ne!(Input::path(folder.path().join("jalan.shp")).into_own_copy(|_| {}).unwrap().sha256, before);
    std::fs::remove_file(folder.path().join("jalan.DBF")).unwrap();
    let alone = ProjectFile::open(&Input::path(folder.path().join("jalan.shp")), &options).map(|_| ()).unwrap_err();
    assert_eq!(alone.code(), "file_unsound");
}

#[test]
fn shapefiles_of_one_archive_are_its_layers() {
    let (shp, shx) = shp(&[point(114.1)], &[0]);
    let works = dbf(&COLUMNS, 0, &three()[..1]);
    let other = dbf(&[("RUAS", b'C', 5)], 0, &[(b' ', vec![b"1".to_vec()])]);
    let bytes = archive(&[
        ("dd.shp", &shp),
        ("dd.shx", &shx),
        ("dd.dbf", &works),
        ("add.shp", &shp),
        ("add.shx", &shx),
        ("add.dbf", &works),
        ("batas.shp", &shp),
        ("batas.dbf", &other),
        ("baca.txt", b"x"),
    ]);
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let input = Input::bytes("k.zip", bytes);
    let files = ProjectFile::open_each(&input, &options).unwrap();
    let names: Vec<_> = files.iter().map(ProjectFile::name).collect();
    assert_eq!(names, ["k.zip (add)", "k.zip (dd)"]);
    assert_eq!(files[0].understood().unread_layers, ["batas"]);
    let one = ReadOptions { layer: Some("dd".to_owned()), ..options };
    assert_eq!(ProjectFile::open(&input, &one).unwrap().count(), 1);
}

#[test]
fn text_is_read_in_the_encoding_that_the_table_states() {
    let (shp, shx) = shp(&[point(114.1)], &[0]);
    let row = |title: &[u8]| vec![(b' ', vec![b"1".to_vec(), title.to_vec(), Vec::new(), Vec::new()])];
    for (title, language, cpg) in
        [(&b"Jamb\xE9"[..], 0x57, None), ("Jambé".as_bytes(), 0x57, Some("UTF-8")), (b"Jamb\x82", 0, Some("850"))]
    {
        let table = dbf(&COLUMNS, language, &row(title));
        let mut parts: Vec<(&str, &[u8])> = vec![("j.shp", &shp), ("j.shx", &shx), ("j.dbf", &table)];
        parts.extend(cpg.map(|cpg| ("j.cpg", cpg.as_bytes())));
        assert_eq!(read_zip(&parts).0[0].title, "Jambé", "{cpg:?}");
    }
}

#[test]
fn the_definition_beside_it_is_its_coordinate_system() {
    let prj = r#"PROJCS["WGS_1984_UTM_Zone_49S",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",10000000.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
    let (shp, shx) = shp(&[shape(1, &[&[[871_768.6, 9_090_556.5]]])], &[0]);
    let table = dbf(&COLUMNS, 0, &three()[..1]);
    let parts: [(&str, &[u8]); 4] = [("j.shp", &shp), ("j.shx", &shx), ("j.dbf", &table), ("j.prj", prj.as_bytes())];
    let (good, refused) = read_zip(&parts);
    assert_eq!(refused, []);
    assert!((told(&good)[0].1.unwrap() - 114.3735).abs() < 2e-5);
    let unknown = prj.replace("111.0", "110.0");
    let parts: [(&str, &[u8]); 4] = [parts[0], parts[1], parts[2], ("j.prj", unknown.as_bytes())];
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let told = ProjectFile::open(&Input::bytes("k.zip", archive(&parts)), &options).map(|_| ()).unwrap_err();
    assert_eq!((told.code(), &told.values()["given"]), ("crs_not_supported", &"WGS_1984_UTM_Zone_49S".into()));
}

#[test]
fn a_border_with_holes_and_islands_is_read_whatever_the_directions() {
    let square = |west: f64, side: f64| {
        [[west, -8.5], [west + side, -8.5], [west + side, -8.5 + side], [west, -8.5 + side], [west, -8.5]]
    };
    let hole = [[114.02, -8.48], [114.04, -8.48], [114.04, -8.46], [114.02, -8.46], [114.02, -8.48]];
    let (near, far) = (square(114.0, 0.1), square(114.2, 0.1));
    // The hole of the first part stands behind the second one, all of them counter-clockwise.
    let (shp, shx) = shp(&[shape(5, &[&near, &far, &hole])], &[0]);
    let columns = [("KDEPUM", b'C', 13), ("WADMKD", b'C', 20)];
    let table = dbf(&columns, 0, &[(b' ', vec![b"35.10.01.2001".to_vec(), b"Krajan".to_vec()])]);
    let input = Input::bytes("batas.zip", archive(&[("b.shp", &shp), ("b.shx", &shx), ("b.dbf", &table)]));
    let file = read_villages(&input, &VillageReading::default(), &Progress::default()).unwrap();
    assert_eq!(file.refused, []);
    let area = &file.good[0].border.boundary;
    assert_eq!(area.0.iter().map(|part| part.interiors().len()).collect::<Vec<_>>(), [1, 0]);
    assert!((area.unsigned_area() - (0.02 - 0.0004)).abs() < 1e-9);
}

#[test]
fn what_breaks_off_or_claims_too_much_is_told() {
    let line: Vec<u8> = shape(3, &[&[[114.1, -8.5], [114.2, -8.5]]]);
    let (shp, shx) = shp(&[line.clone(), line], &[0, 1]);
    let table = dbf(&COLUMNS, 0, &three()[..2]);
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let code = |shp: &[u8], table: &[u8]| {
        let bytes = archive(&[("j.shp", shp), ("j.shx", &shx), ("j.dbf", table)]);
        let file = ProjectFile::open(&Input::bytes("k.zip", bytes), &options);
        file.and_then(|file| file.collect::<Result<Vec<_>, _>>()).map_or_else(|wrong| wrong.code(), |_| "read")
    };
    assert_eq!(code(&shp, &table), "read");
    assert_eq!(code(&shp[..shp.len() - 1], &table), "file_truncated");
    assert_eq!(code(&shp, &table[..table.len() - 30]), "file_unsound");
    let mut huge = shp.clone();
    huge[104..108].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(code(&huge, &table), "row_too_large");
    let mut wide = table.clone();
    wide[10..12].copy_from_slice(&5_u16.to_le_bytes());
    assert_eq!(code(&shp, &wide), "file_unsound");
}

#[test]
fn values_of_every_type_are_read() {
    let columns = [
        ("JUDUL", b'C', 10),
        ("PAGU", b'N', 15),
        ("VOLUME", b'F', 10),
        ("MULAI", b'D', 8),
        ("SELESAI", b'D', 8),
        ("PANJANG", b'N', 5),
    ];
    let values = [&b"Talud"[..], b"150000000", b"12.5", b"20260817", b"00000000", b"*****"];
    let table = dbf(&columns, 0, &[(b' ', values.map(<[u8]>::to_vec).to_vec())]);
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let (good, refused) = read_with("tabel.dbf", &table, &options).unwrap();
    assert_eq!(refused, []);
    let row = &good[0];
    assert_eq!((row.title.as_str(), row.budget_rupiah, row.volume), ("Talud", Some(150_000_000), Some(12.5)));
    assert_eq!((row.start_on.map(|day| day.to_string()), row.finish_on), (Some("2026-08-17".to_owned()), None));
    let lines = shape(3, &[&[[114.1, -8.5], [114.2, -8.5]], &[[114.3, -8.5], [114.4, -8.5]]]);
    let (shp, shx) = shp(&[lines], &[0]);
    let (good, _) = read_zip(&[("j.shp", &shp), ("j.shx", &shx), ("j.dbf", &table)]);
    let parts = &good[0].footprint.as_ref().unwrap().parts;
    assert!(parts.len() == 2 && parts.iter().all(|part| matches!(part.geometry, Geometry::LineString(_))));
}

#[test]
fn headings_that_a_shapefile_cut_are_known() {
    let columns = [("NAMA_KEGIA", b'C', 20), ("KODE_DESA", b'C', 13), ("TAHUN_ANGG", b'N', 4), ("KOORDINATA", b'C', 9)];
    let values = [&b"Talud"[..], b"35.10.01.2001", b"2026", b"x"];
    let table = dbf(&columns, 0, &[(b' ', values.map(<[u8]>::to_vec).to_vec())]);
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let file = ProjectFile::open(&Input::bytes("tabel.dbf", table), &options).unwrap();
    // KOORDINATA may be the beginning or the end of a line.
    assert_eq!(file.unread(), ["KOORDINATA"]);
    let fields: Vec<Field> = file.matched().into_iter().map(|matched| matched.field).collect();
    assert_eq!(fields, [Field::Title, Field::VillageCode, Field::FiscalYear]);
}
