//! A photo: what it is and what it says of itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{sample, seed};

fuzz_target!(
    init: seed(&[&sample("photos/24-0051-000-1.jpg"), include_bytes!("../../docs/map.png")]),
    |data: &[u8]| {
        let mut source = std::io::Cursor::new(data);
        let Ok(header) = tapak::photos::read::read_header(&mut source) else { return };
        // More than the service would give to it.
        if header.memory_to_check() > 128 * 1024 * 1024 {
            return;
        }
        if let Ok(photo) = tapak::photos::read::check(&mut source, &header) {
            let place = photo.exif.position;
            assert!(place.is_none_or(|place| place.0.is_finite() && place.1.is_finite()));
        }
    }
);
