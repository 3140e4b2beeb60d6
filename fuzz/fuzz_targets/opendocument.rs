//! Sheets of OpenDocument: bytes are put into an archive as its content, past the checksums.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{archive, read_projects, seed};

const CONTENT: &[u8] = br#"<a><table:table table:name="A">
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>ID</text:p></table:table-cell><table:table-cell><text:p>Nama<text:s/>Paket</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-rows-spanned="2" office:value-type="float" office:value="1"/><table:covered-table-cell table:number-columns-repeated="3"/></table:table-row>
</table:table></a>"#;

fuzz_target!(
    init: seed(&[CONTENT]),
    |data: &[u8]| {
        let mimetype = b"application/vnd.oasis.opendocument.spreadsheet".as_slice();
        read_projects("a.ods", &archive(&[("mimetype", mimetype), ("content.xml", data)]));
    }
);
