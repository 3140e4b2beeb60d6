//! Two titles, a line each: what is read of them, and what the judge says of records that have nothing else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak::duplicates::{Context, Judge, Settings, extract_owner};
use tapak_fuzz::{facts, seed};

fuzz_target!(
    init: seed(&[
        b"Pemb. sumur bor Dsn Krajan\nPembangunan Sumur Bor Dusun Krajan",
        b"Rehab RTLH a.n. Sumiati RT 03/RW 01\nRehab rumah a/n Slamet",
        b"Rabat beton jl. Melati STA 0+100 - 0+250 kanan tahap II (PAK)\nLanjutan rabat beton jalan Melati",
    ]),
    |data: &[u8]| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        let judge = Judge::new(Settings::default());
        let (first, second) = text.split_once('\n').unwrap_or((text, text));
        for title in [first, second] {
            extract_owner(title);
        }
        let (a, b) = (judge.prepare(facts(first)), judge.prepare(facts(second)));
        let (there, back) = (judge.judge(&a, &b, &Context::default()), judge.judge(&b, &a, &Context::default()));
        assert!((0.0..=1.0).contains(&there.probability), "{there:?}");
        assert!((there.probability - back.probability).abs() < 1e-6, "{there:?}\n{back:?}");
    }
);
