//! The file of labelled pairs of `tapak evaluate`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use tapak::collection::{Collection, read_collection};
use tapak::evaluate::read_pairs;
use tapak::import::{Input, Needs, ReadOptions};
use tapak_fuzz::{sample, seed};

static PROJECTS: LazyLock<Collection> = LazyLock::new(|| {
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let csv = b"id,title\nA,Jalan\nB,Talud\nC,Sumur\n";
    read_collection(&[Input::bytes("a.csv", &csv[..])], &options, |_, _| {}).expect("the file is good")
});

fuzz_target!(
    init: {
        let pairs = sample("pairs.csv");
        let some = pairs.len().min(400);
        seed(&[b"id_a,id_b,label,kind,weight\nA,B,duplicate,,2\nB,C,distinct,,0.5\n", &pairs[..some]]);
    },
    |data: &[u8]| {
        for pair in read_pairs(&Input::bytes("pairs.csv", data), &PROJECTS).unwrap_or_default().0 {
            assert!(pair.weight.is_finite() && pair.weight >= 0.0, "{pair:?}");
        }
    }
);
