//! WebP: decoded as a whole, so what it takes is reckoned from the sizes that all of its pieces state.

use super::PhotoError;
use super::chunks::{Chunk, riff};
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageError};
use std::io::{BufRead, Seek, SeekFrom};

/// Where the chunks of a frame begin within one of a moving picture.
const FRAME_HEADER: u64 = 16;

/// What the chunks say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Survey {
    pub width: u32,
    pub height: u32,
    /// Pixels of the largest piece. It may be larger than the picture, and is found to be wrong only when it is decoded.
    pixels: u64,
    bytes_per_pixel: u64,
}

impl Survey {
    /// Bytes that decoding takes.
    pub const fn memory(&self) -> u64 {
        self.pixels * self.bytes_per_pixel
    }
}

pub fn survey(source: &mut (impl BufRead + Seek)) -> Result<Survey, PhotoError> {
    // Planes and colours; transparency is decoded beside them, a moving picture drawn on a canvas.
    let mut found = Survey { bytes_per_pixel: 8, ..Survey::default() };
    for chunk in riff(source)? {
        note(source, &chunk, &mut found)?;
    }
    if found.width == 0 || found.height == 0 {
        return Err(PhotoError::Truncated("it says no size".to_owned()));
    }
    Ok(found)
}

pub fn decode(source: &mut (impl BufRead + Seek)) -> Result<DynamicImage, PhotoError> {
    source.seek(SeekFrom::Start(0)).map_err(|e| PhotoError::from_cause(&e))?;
    let decoder = WebPDecoder::new(source).map_err(refuse)?;
    DynamicImage::from_decoder(decoder).map_err(refuse)
}

fn note(source: &mut (impl BufRead + Seek), chunk: &Chunk, found: &mut Survey) -> Result<(), PhotoError> {
    let (width, height) = match &chunk.name {
        b"VP8X" => {
            let [_, _, _, _, w0, w1, w2, h0, h1, h2] = chunk.start(source)?;
            (u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1)
        }
        b"VP8 " => {
            let [_, _, _, _, _, _, w0, w1, h0, h1] = chunk.start(source)?;
            (u32::from(u16::from_le_bytes([w0, w1]) & 0x3FFF), u32::from(u16::from_le_bytes([h0, h1]) & 0x3FFF))
        }
        b"VP8L" => {
            let [_, bits @ ..]: [u8; 5] = chunk.start(source)?;
            let bits = u32::from_le_bytes(bits);
            ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        b"ALPH" => {
            found.bytes_per_pixel = found.bytes_per_pixel.max(12);
            return Ok(());
        }
        b"ANMF" => {
            found.bytes_per_pixel = 17;
            for inner in chunk.inner(source, FRAME_HEADER)? {
                note(source, &inner, found)?;
            }
            return Ok(());
        }
        _ => return Ok(()),
    };
    if found.width == 0 {
        (found.width, found.height) = (width, height);
    }
    found.pixels = found.pixels.max(u64::from(width) * u64::from(height));
    Ok(())
}

fn refuse(e: ImageError) -> PhotoError {
    match e {
        ImageError::Unsupported(_) => PhotoError::NotAnImage,
        other => PhotoError::Truncated(other.to_string()),
    }
}
