//! A file that is something else than its name says is told as what it is, by every verb that reads it.

use crate::common::command::in_both_languages;
use crate::common::made::archive;

#[test]
fn a_file_called_what_it_is_not_is_told_as_what_it_is_with_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let page = b"\r\n<html><body><p>Masuk dahulu</p></body></html>";
    let of_parts = |names: &[&str]| archive(&names.iter().map(|name| (*name, &b"<x/>"[..])).collect::<Vec<_>>());
    let letter = of_parts(&["[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml"]);
    let borders = of_parts(&["batas.shp", "batas.dbf"]);
    let drawings = of_parts(&["denah.dwg", "denah.bak"]);
    let files: &[(&str, &[u8], &str, &str)] = &[
        (
            "daftar.xlsx",
            b"id;judul\n1;Talud\n",
            "teks biasa, bukan buku kerja Excel. ",
            "plain text, not an Excel workbook",
        ),
        ("daftar.gpkg", b"id;judul\n1;Talud\n", "teks biasa, bukan GeoPackage. ", "plain text, not a GeoPackage"),
        ("daftar.geojson", b"id;judul\n1;Talud\n", "teks biasa, bukan GeoJSON. ", "plain text, not GeoJSON"),
        ("daftar.zip", b"id;judul\n1;Talud\n", "teks biasa. Kalau isinya tabel", "plain text. If it holds a table"),
        ("peta.xlsx", b"{\"type\":\"Feature\"}", "JSON, bukan buku kerja Excel", "JSON, not an Excel workbook"),
        ("rekap.xls", page, "halaman web (HTML), bukan buku kerja Excel", "a web page (HTML), not an Excel workbook"),
        ("surat.xlsx", &letter, "dokumen teks atau presentasi, bukan", "a text document or a presentation, not"),
        ("denah.zip", &drawings, "arsip ZIP. Shapefile dan KML di dalamnya", "a ZIP archive. A shapefile and a KML"),
        ("batas.zip", &borders, "tabel dBASE", "a dBASE table"),
        ("denah.dwg", b"AC1032", "gambar AutoCAD", "an AutoCAD drawing"),
        ("foto.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "Atur telepon ke JPEG", "Set the telephone to JPEG"),
        ("peta.json", b"{\"type\":\"Topology\"}", "TopoJSON", "TopoJSON"),
        ("kosong.xlsx", b"", "kosong. Ambil ulang", "is empty. Take the file again"),
    ];
    for (name, bytes, indonesian, english) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        for verb in [&["scan"][..], &["--data", "data", "import", "projects"]] {
            let [(code, id), (_, en)] = in_both_languages(folder.path(), &[verb, &[name]].concat());
            assert_eq!(code, Some(1), "{name}: {id}");
            assert!(id.contains(indonesian) && id.contains(name), "{name}: {id}");
            assert!(en.contains(english), "{name}: {en}");
        }
    }
    for (name, indonesian, english) in [
        ("daftar.xlsx", "teks biasa, padahal batas desa", "plain text, and"),
        ("denah.zip", "arsip ZIP", "a ZIP archive"),
    ] {
        let [(code, id), (_, en)] = in_both_languages(folder.path(), &["--data", "data", "import", "villages", name]);
        assert!(code == Some(1) && id.contains(indonesian) && en.contains(english), "{id}{en}");
    }
}
