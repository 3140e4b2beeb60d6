//! Files in other files: archives of tables and maps, pages saved as one file, a record in each line.

use super::made::{archive, geopackage};
use super::offices::{rows, titles};
use super::*;
use crate::domain::Invalid;
use serde_json::json;

const TABLE: &[u8] = b"ID;Nama Kegiatan;Kode Desa;Tahun\n1;Talud;35.10.01.2001;2025\n2;;35.10.01.2001;2025\n";

fn named(layer: &str) -> ReadOptions {
    ReadOptions { layer: Some(layer.to_owned()), ..ReadOptions::default() }
}

#[test]
fn the_tables_and_maps_of_an_archive_are_read_as_if_they_lay_loose() {
    let map = collection(&[feature("M1", r#"{"type":"Point","coordinates":[114.3,-8.2]}"#, "")]);
    let layer = [json!({ "type": "Feature", "geometry": null, "properties": { "judul": "Gapura" } })];
    let package = geopackage(&[("jalan", &layer, 4326)]);
    let packed = archive(&[
        ("data/kegiatan.csv", TABLE),
        ("data/peta.geojson", &map),
        ("paket.gpkg", &package),
        ("catatan.json", b"{\"judul\":\"bukan data\"}"),
        ("keterangan.pdf", b"%PDF"),
    ]);
    let input = Input::bytes("kiriman.zip", packed.clone());
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let files = ProjectFile::open_each(&input, &options).unwrap();
    let found: Vec<(String, Vec<String>, usize)> = files
        .into_iter()
        .map(|file| (file.name().to_owned(), file.understood().unread_layers, file.map(Result::unwrap).count()))
        .collect();
    let of = |name: &str, unread: &[&str], rows| {
        (format!("kiriman.zip ({name})"), unread.iter().map(|name| (*name).to_owned()).collect(), rows)
    };
    assert_eq!(found, [of("kegiatan", &["catatan"], 2), of("peta", &[], 1), of("paket/jalan", &[], 1)]);
    // One of them is imported by its name, and its refused rows go out.
    let (good, refused) = read_with("kiriman.zip", &packed, &named("kegiatan")).unwrap();
    assert_eq!((good.len(), refused.len(), refused[0].row), (1, 1, 3));
    let file = ProjectFile::open(&input, &named("kegiatan")).unwrap();
    assert_eq!((file.source(), file.format()), ("file:kiriman/kegiatan", Format::Csv));
    let mut out = Vec::new();
    let said = |invalid: &Invalid| invalid.code.to_owned();
    write_refused_rows(&mut out, &input, &named("kegiatan"), file.origin(), &refused, said).unwrap();
    assert!(String::from_utf8(out).unwrap().contains(";2;;35.10.01.2001;2025"));
    let (good, _) = read_with("kiriman.zip", &packed, &named("peta")).unwrap();
    assert!(good[0].footprint.is_some());
}

#[test]
fn an_archive_with_one_table_needs_no_name_and_one_in_another_is_none() {
    assert_eq!(read("kiriman.zip", &archive(&[("kegiatan.csv", TABLE)])).unwrap().0.len(), 1);
    let inner = archive(&[("kegiatan.csv", TABLE)]);
    let open = |bytes: Vec<u8>| ProjectFile::open(&Input::bytes("a.zip", bytes), &ReadOptions::default()).map(|_| ());
    assert_eq!(open(archive(&[("dalam.xlsx", &inner)])).unwrap_err().code(), "file_of_other_kind");
    let many: Vec<String> = (0..51).map(|at| format!("{at}.csv")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), TABLE)).collect();
    assert_eq!(open(archive(&many)).unwrap_err().code(), "file_unsound");
}

#[test]
fn borders_are_found_in_an_archive_beside_a_table() {
    let ring = json!([[[114.0, -8.0], [114.01, -8.0], [114.01, -8.01], [114.0, -8.01], [114.0, -8.0]]]);
    let village = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature",
        "geometry": { "type": "Polygon", "coordinates": ring },
        "properties": { "KDEPUM": "35.10.01.2001", "WADMKD": "Tambong" } }] });
    let packed = archive(&[("kegiatan.csv", TABLE), ("batas.geojson", village.to_string().as_bytes())]);
    let input = Input::bytes("batas.zip", packed);
    let file = read_villages(&input, &VillageReading::default(), &Progress::default()).unwrap();
    assert_eq!((file.good.len(), file.good[0].border.name.as_str()), (1, "Tambong"));
    let table = Input::bytes("batas.zip", archive(&[("kegiatan.csv", TABLE)]));
    let refused = read_villages(&table, &VillageReading::default(), &Progress::default()).unwrap_err();
    assert_eq!(refused.code(), "not_borders");
}

#[test]
fn a_page_saved_as_one_file_is_read_sheet_by_sheet() {
    let part = |name: &str, body: &str| {
        format!(
            "\r\n--b.1\r\nContent-Location: file:///C:/A/{name}.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n\
             Content-Type: text/html; charset=\"us-ascii\"\r\n\r\n{body}"
        )
    };
    let table = "<table><tr><td>Nama Kegiatan<td>Pagu<td>Desa<tr><td class=3D\"xl\">Talud=20=\r\nKrajan<td>90000000<td>Tambong</table>";
    let page = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b.1\"\r\n\r\nArsip{}{}\r\n--b.1--\r\n",
        part("rekap", "<frameset>"),
        part("sheet001", table)
    );
    for name in ["rekap.mht", "rekap.xls"] {
        let read = rows(name, page.as_bytes());
        assert_eq!((titles(&read), read[0].budget_rupiah), (vec!["Talud Krajan"], Some(90_000_000)));
    }
}

#[test]
fn a_record_in_each_line_is_a_row() {
    let lines = "{\"judul\":\"Talud\",\"pagu\":90000000,\"type\":\"fisik\"}\n\n{\"judul\":\"Gapura\"}\n";
    for name in ["a.ndjson", "a.jsonl", "a.json"] {
        let read = rows(name, lines.as_bytes());
        assert_eq!((titles(&read), read[0].budget_rupiah), (vec!["Talud", "Gapura"], Some(90_000_000)));
    }
    let broken = format!("{lines}[1]");
    let mut file = ProjectFile::open(
        &Input::bytes("a.ndjson", broken.as_bytes()),
        &ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() },
    );
    let error = match &mut file {
        Ok(file) => file.find_map(Result::err).map(|error| error.code()),
        Err(error) => Some(error.code()),
    };
    assert_eq!(error, Some("not_geojson"));
}
