//! JPEG: surveyed segment by segment first, then decoded at the smallest sufficient scale. A photo of 50 megapixels
//! is reduced to 2,040 × 1,530 during decoding and never exists in full.

use super::PhotoError;
use image::{DynamicImage, GrayImage, ImageBuffer, RgbImage};
use jpeg_decoder::{Decoder, Error, PixelFormat};
use std::io::{BufRead, Seek, SeekFrom};

/// Maximum number of scans: each runs over all blocks, however few bytes it has. Cameras write 1, programs up to 12.
const MOST_SCANS: usize = 64;
/// Width and height of a block, and the bytes of its coefficients.
const BLOCK: u64 = 8;
const BLOCK_BYTES: u64 = 128;

/// The structure of a whole file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Survey {
    pub width: u32,
    pub height: u32,
    components: u64,
    /// Coefficients kept until the last scan, bytes; 0 if each scan is a separate part of the picture.
    coefficients: u64,
    /// Profiles and other segments kept by the decoder, bytes.
    attached: u64,
}

impl Survey {
    /// Bytes needed to decode at the scale for this longest side: the planes, the picture, and intermediate data.
    pub fn memory(&self, side: u16) -> u64 {
        let (width, height) = self.scaled(side);
        let pixels = u64::from(width.next_multiple_of(16)) * u64::from(height.next_multiple_of(16));
        2 * pixels * self.components + self.coefficients + self.attached
    }

    /// The size at that scale: 1/8, 1/4 or 1/2, the smallest with one side at least as long as requested.
    pub fn scaled(&self, side: u16) -> (u32, u32) {
        let at = |scale: u32| (self.width * scale).div_ceil(8).max((self.height * scale).div_ceil(8));
        let scale = [1, 2, 4].into_iter().find(|scale| at(*scale) >= u32::from(side)).unwrap_or(8);
        ((self.width * scale).div_ceil(8), (self.height * scale).div_ceil(8))
    }
}

/// Walks from segment to segment up to the end marker, since both the thumbnail in the EXIF block and the data that
/// phones append to the picture (a film, a depth map) are full of unrelated markers. Without an end marker the
/// picture is truncated: decoders silently fill the missing part with grey.
pub fn survey(source: &mut (impl BufRead + Seek)) -> Result<Survey, PhotoError> {
    let mut found = Survey::default();
    let mut scans = 0;
    source.seek(SeekFrom::Start(2)).map_err(|e| PhotoError::from_source(&e))?;
    loop {
        let mark = next_mark(source)?;
        match mark {
            0xD9 if found.width > 0 && scans > 0 => return Ok(found),
            0xD9 => return Err(broken("there is no picture before the end mark")),
            0x01 | 0xD8 => continue,
            _ => {}
        }
        let length = u64::from(u16::from_be_bytes(read_array(source)?)).max(2) - 2;
        match mark {
            // Baseline, extended, progressive; no phone writes the others (lossless, arithmetic, hierarchical).
            0xC0..=0xC2 => frame(source, length, mark == 0xC2, &mut found)?,
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(PhotoError::NotAnImage),
            _ => {
                if mark == 0xDA {
                    scans += 1;
                    if scans > MOST_SCANS {
                        return Err(broken("it has too many scans"));
                    }
                }
                if matches!(mark, 0xE0..=0xEF | 0xFE) {
                    found.attached += length;
                }
                let length = i64::try_from(length).unwrap_or(i64::MAX);
                source.seek_relative(length).map_err(|e| PhotoError::from_source(&e))?;
            }
        }
    }
}

/// The pixels, at the smallest scale that is not smaller than `side`.
pub fn decode(source: &mut (impl BufRead + Seek), side: u16) -> Result<DynamicImage, PhotoError> {
    source.seek(SeekFrom::Start(0)).map_err(|e| PhotoError::from_source(&e))?;
    let mut decoder = Decoder::new(source);
    let (width, height) = decoder.scale(side, side).map_err(refuse)?;
    let bytes = decoder.decode().map_err(refuse)?;
    let format = decoder.info().map(|info| info.pixel_format);
    let (width, height) = (u32::from(width), u32::from(height));
    let picture = match format {
        Some(PixelFormat::L8) => GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        Some(PixelFormat::RGB24) => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        Some(PixelFormat::CMYK32) => {
            ImageBuffer::from_raw(width, height, rgb_of_cmyk(&bytes)).map(DynamicImage::ImageRgb8)
        }
        Some(PixelFormat::L16) | None => return Err(PhotoError::NotAnImage),
    };
    picture.ok_or_else(|| broken("its pixels are not complete"))
}

/// Width, height and colour layout, from a frame header.
fn frame(source: &mut impl BufRead, length: u64, progressive: bool, found: &mut Survey) -> Result<(), PhotoError> {
    let [precision, h1, h2, w1, w2, components] = read_array(source)?;
    if found.width > 0 || precision != 8 || u64::from(components) * 3 + 6 != length {
        return Err(PhotoError::NotAnImage);
    }
    (found.width, found.height) = (u16::from_be_bytes([w1, w2]).into(), u16::from_be_bytes([h1, h2]).into());
    if found.width == 0 || found.height == 0 {
        return Err(broken("it has no size"));
    }
    let mut shares = Vec::new();
    for _ in 0..components {
        let [_, sampling, _] = read_array(source)?;
        shares.push((u64::from(sampling >> 4).max(1), u64::from(sampling & 15).max(1)));
    }
    let most = |of: fn(&(u64, u64)) -> u64| shares.iter().map(of).max().unwrap_or(1);
    let (across, down) = (most(|share| share.0), most(|share| share.1));
    let units = u64::from(found.width).div_ceil(BLOCK * across) * u64::from(found.height).div_ceil(BLOCK * down);
    let bytes = shares.iter().map(|(across, down)| units * across * down * BLOCK_BYTES);
    found.components = components.into();
    if progressive {
        // A component whose last scan is missing is counted twice.
        found.coefficients = bytes.clone().sum::<u64>() + bytes.max().unwrap_or(0);
    }
    Ok(())
}

/// The next marker. Within pixels `FF 00` is a value and `FF D0` to `FF D7` are restarts.
fn next_mark(source: &mut impl BufRead) -> Result<u8, PhotoError> {
    let mut before = 0;
    loop {
        let bytes = source.fill_buf().map_err(|e| PhotoError::from_source(&e))?;
        let Some(last) = bytes.last().copied() else { return Err(broken("the end mark is missing")) };
        let is_mark = |byte: u8| !matches!(byte, 0x00 | 0xFF | 0xD0..=0xD7);
        let first = Some(bytes[0]).filter(|byte| before == 0xFF && is_mark(*byte));
        let (mark, used) = match first {
            Some(mark) => (Some(mark), 1),
            None => match bytes.windows(2).position(|pair| pair[0] == 0xFF && is_mark(pair[1])) {
                Some(at) => (Some(bytes[at + 1]), at + 2),
                None => (None, bytes.len()),
            },
        };
        source.consume(used);
        match mark {
            Some(mark) => return Ok(mark),
            None => before = last,
        }
    }
}

fn read_array<const N: usize>(source: &mut impl BufRead) -> Result<[u8; N], PhotoError> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(|_| broken("it ends within a segment"))?;
    Ok(bytes)
}

fn broken(why: &str) -> PhotoError {
    PhotoError::Truncated(why.to_owned())
}

fn refuse(e: Error) -> PhotoError {
    match e {
        Error::Unsupported(_) => PhotoError::NotAnImage,
        other => PhotoError::Truncated(other.to_string()),
    }
}

/// Print colours, as some scanners write them: the decoder returns the amount of each ink.
fn rgb_of_cmyk(cmyk: &[u8]) -> Vec<u8> {
    let mixed = |colour: u8, black: u8| {
        let light = u16::from(255 - colour) * u16::from(255 - black) / 255;
        u8::try_from(light).unwrap_or(u8::MAX)
    };
    cmyk.chunks_exact(4).flat_map(|ink| [mixed(ink[0], ink[3]), mixed(ink[1], ink[3]), mixed(ink[2], ink[3])]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn the_memory_for_attachments_of_a_picture_is_counted() {
        let mut plain = Cursor::new(Vec::new());
        RgbImage::new(64, 48).write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
        let plain = plain.into_inner();
        let (start, behind) = plain.split_at(2);
        let mut bytes = start.to_vec();
        // A colour profile in the largest number and size of segments allowed.
        for part in 1..=255 {
            bytes.extend(b"\xFF\xE2\xFF\xFFICC_PROFILE\0");
            bytes.extend([part, 255]);
            bytes.extend([0; 65_519]);
        }
        bytes.extend(behind);
        let (with, without) = (survey(&mut Cursor::new(&bytes)).unwrap(), survey(&mut Cursor::new(&plain)).unwrap());
        assert_eq!(with.memory(1) - without.memory(1), 255 * 65_533);
        assert_eq!(decode(&mut Cursor::new(bytes), 1).unwrap().width(), 8, "it refuses no picture");
    }
}
