//! Workbooks: bytes that begin as an archive are one; others are put into one as its sheet, past the checksums.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed, workbook};

const SHEET: &str = r#"<worksheet><dimension ref="A1:D3"/><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c><c r="B1" t="inlineStr"><is><t>Nama Paket</t></is></c></row>
<row r="3"><c r="A3"><v>1</v></c><c r="B3" t="str"><f>A1</f><v>Jalan</v></c><c r="D3" t="b"><v>1</v></c></row>
</sheetData></worksheet>"#;

fuzz_target!(
    init: {
        // The reader of workbooks may panic over one; the code under test takes that for an unreadable file. What is not
        // caught there still ends the process.
        std::panic::set_hook(Box::new(|_| {}));
        seed(&[SHEET.as_bytes(), &workbook(SHEET.as_bytes())]);
    },
    |data: &[u8]| {
        if data.starts_with(b"PK\x03\x04") || data.starts_with(b"\xD0\xCF\x11\xE0") {
            read_projects("a.xlsx", data);
        } else {
            read_projects("a.xlsx", &workbook(data));
        }
    }
);
