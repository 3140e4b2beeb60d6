//! Tables of pages that are called workbooks: tags, entities, merged cells.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed};

fuzz_target!(
    init: seed(&[
        b"<table><tr><th>Nama Paket<th colspan=2>Koordinat</tr><tr><td rowspan=2>Talud &amp; jalan<td x:num=\"-8.2\">-8,2<td>114</table>",
        b"<html><style>a>b{}</style><!-- x --><table><tr><td>ID<td>Nama<table><tr><td>a</table></td></table>",
    ]),
    |data: &[u8]| {
        let page = [b"<table>", data].concat();
        read_projects("a.xls", &page);
    }
);
