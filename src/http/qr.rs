//! Pictures that a telephone reads.

use fast_qr::qr::QRBuilder;
use serde::Serialize;
use std::fmt::Write;

/// A QR code (ISO/IEC 18004): its dark squares as an SVG path on a grid of `size` by `size`, without the quiet zone of four
/// that belongs around it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QrView {
    pub size: usize,
    pub path: String,
}

impl QrView {
    /// `None` where the text is too long for one.
    pub fn new(text: &str) -> Option<Self> {
        let code = QRBuilder::new(text).build().ok()?;
        let mut path = String::new();
        for y in 0..code.size {
            for x in 0..code.size {
                if code[y][x].value() {
                    let _ = write!(path, "M{x} {y}h1v1h-1z");
                }
            }
        }
        Some(Self { size: code.size, path })
    }
}
