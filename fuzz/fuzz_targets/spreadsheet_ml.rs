//! The XML of Excel 2003.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed};

fuzz_target!(
    init: seed(&[
        br#"<Worksheet ss:Name="A"><Table><Row ss:Index="2"><Cell><Data ss:Type="String">Nama Paket</Data></Cell></Row>
<Row><Cell ss:MergeDown="1" ss:Index="3"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>"#,
    ]),
    |data: &[u8]| {
        let head = b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">".as_slice();
        read_projects("a.xls", &[head, data].concat());
    }
);
