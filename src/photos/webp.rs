//! WebP: decoded as a whole, so the memory is computed from the stated sizes of all its parts.

use super::PhotoError;
use super::chunks::{Chunk, riff};
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageError};
use std::io::{BufRead, Seek, SeekFrom};

/// Offset of the chunks of a frame within one of an animation.
const FRAME_HEADER: u64 = 16;

/// The facts of the chunks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Survey {
    pub width: u32,
    pub height: u32,
    /// Pixels of the largest part. It may exceed the picture, which the decoder detects only later.
    pixels: u64,
    bytes_per_pixel: u64,
}

impl Survey {
    /// Bytes needed to decode.
    pub const fn memory(&self) -> u64 {
        self.pixels * self.bytes_per_pixel
    }
}

pub fn survey(source: &mut (impl BufRead + Seek)) -> Result<Survey, PhotoError> {
    // Planes and colours; transparency is decoded beside them, an animation drawn on a canvas.
    let mut found = Survey { bytes_per_pixel: 8, ..Survey::default() };
    for chunk in riff(source)? {
        note(source, &chunk, &mut found)?;
    }
    if found.width == 0 || found.height == 0 {
        return Err(PhotoError::Truncated("it has no size".to_owned()));
    }
    Ok(found)
}

pub fn decode(source: &mut (impl BufRead + Seek)) -> Result<DynamicImage, PhotoError> {
    source.seek(SeekFrom::Start(0)).map_err(|e| PhotoError::from_source(&e))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Cursor, Read};

    /// Counts the bytes read from it.
    struct Counted {
        file: Cursor<Vec<u8>>,
        read: usize,
    }

    impl Read for Counted {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let read = self.file.read(into)?;
            self.read += read;
            Ok(read)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            self.file.seek(to)
        }
    }

    /// A picture of 64 × 48 with a colour profile of `bytes` bytes that claims a length of its own.
    fn with_profile(claimed: u32, bytes: usize) -> Vec<u8> {
        let mut plain = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(64, 48).write_to(&mut plain, image::ImageFormat::WebP).unwrap();
        let mut file = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x20\0\0\0\x3f\0\0\x2f\0\0".to_vec();
        let picture = &plain.get_ref()[12..];
        let profile = [&b"ICCP"[..], &claimed.to_le_bytes(), &vec![0; bytes]].concat();
        // A profile that claims more than it has goes to the end: otherwise nothing after it would be found.
        let parts = if claimed as usize == bytes { [&profile, picture] } else { [picture, &profile] };
        file.extend(parts.concat());
        let length = u32::try_from(file.len() - 8).unwrap();
        file[4..8].copy_from_slice(&length.to_le_bytes());
        file
    }

    #[test]
    fn a_colour_profile_is_skipped_whatever_its_real_or_claimed_length() {
        let plain = survey(&mut Cursor::new(with_profile(0, 0))).unwrap();
        for file in [with_profile(20_000_000, 20_000_000), with_profile(4_000_000_000, 8)] {
            let mut source = BufReader::with_capacity(64 * 1024, Counted { file: Cursor::new(file), read: 0 });
            assert_eq!(survey(&mut source).unwrap().memory(), plain.memory());
            assert_eq!(decode(&mut source).unwrap().width(), 64);
            assert!(source.get_ref().read < 2_000_000, "{} bytes are read", source.get_ref().read);
        }
    }
}
