//! A file of weights: read or refused, and what is read comes out of its own text again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak::duplicates::{Judge, Settings, Weights};
use tapak_fuzz::seed;

fuzz_target!(
    init: seed(&[
        Weights::shipped().to_toml("a comment").as_bytes(),
        b"version = 'a'\nprior = -6\n[title]\nsame = 4.0\n",
        b"version = ''\nprior = nan\n[title]\nequal = 1e9\n",
    ]),
    |data: &[u8]| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        let Ok(weights) = Weights::parse(text) else { return };
        let again = Weights::parse(&weights.to_toml("again")).expect("what was written is read");
        assert_eq!(again.version, weights.version);
        for (name, level) in weights.levels() {
            assert!((again.bits(&name, &level) - weights.bits(&name, &level)).abs() <= 0.006, "{name} {level}");
        }
        Judge::with(Settings::default(), weights);
    }
);
