//! Reads a photo: its format, whether it is complete, and its metadata. First its header, which gives the memory
//! needed for the rest; the rest only once that memory is available (`decoding.rs`).

use super::PhotoError;
use super::exif_facts::{ExifFacts, read_exif};
use super::{jpeg, png, webp};
use image::{DynamicImage, ImageFormat};
use std::io::{BufRead, Seek, SeekFrom};

/// Maximum size: the 108 megapixels of some phones.
const MOST_MEGAPIXELS: u32 = 110;
const MOST_SIDE: u32 = 30_000;
/// Maximum size of a PNG's pixels when unpacked, bytes: 100 megapixels of 8 bits in three colours. They are processed
/// in pieces, so this bounds the time, not the memory.
const MOST_UNPACKED: u64 = 300_000_000;
/// The longest side derived from a photo. It is decoded at up to twice that.
pub const SIDE: u16 = 1_600;
/// Memory for the facts of the largest EXIF block that is read, once parsed.
const EXIF_MEMORY: u64 = 20 * 1024 * 1024;
/// Read-ahead, tables, the derivatives as files.
const BESIDES_MEMORY: u64 = 4 * 1024 * 1024;

/// A valid photo.
#[derive(Clone, Debug)]
pub struct PhotoRead {
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    /// Pixels as stored, before orientation.
    pub width: u32,
    pub height: u32,
    /// A damaged EXIF block does not refuse the picture: its facts are then missing.
    pub exif: ExifFacts,
}

/// The facts of a photo's header.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    pub width: u32,
    pub height: u32,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Jpeg(jpeg::Survey),
    Png(png::Survey),
    WebP(webp::Survey),
}

impl Header {
    pub const fn format(&self) -> ImageFormat {
        match self.kind {
            Kind::Jpeg(_) => ImageFormat::Jpeg,
            Kind::Png(_) => ImageFormat::Png,
            Kind::WebP(_) => ImageFormat::WebP,
        }
    }

    /// Maximum memory of [`check`], bytes.
    pub fn memory_to_check(&self) -> u64 {
        let decoded = match &self.kind {
            Kind::Jpeg(survey) => survey.memory(1),
            Kind::Png(survey) => survey.memory_of_rows(),
            Kind::WebP(survey) => survey.memory(),
        };
        decoded.max(EXIF_MEMORY) + BESIDES_MEMORY
    }

    /// Maximum memory of deriving, bytes: decoding, then shrinking the result. That needs the picture, one of floats
    /// if it is shrunk by the fine filter, and the results.
    pub fn memory_to_derive(&self) -> u64 {
        let (decoding, (width, height), channels) = match &self.kind {
            Kind::Jpeg(survey) => (survey.memory(SIDE), survey.scaled(SIDE), 3),
            Kind::Png(survey) => (survey.memory(SIDE.into()), survey.shrunk(SIDE.into()), 4),
            Kind::WebP(survey) => (survey.memory(), (self.width, self.height), 4),
        };
        let (long, short) = (u64::from(width.max(height)), u64::from(width.min(height)));
        let side = u64::from(SIDE);
        let floats = if is_finely_shrunk(width, height, SIDE.into()) { side * short * 16 } else { 0 };
        // Created, and turned upright or laid on white.
        let results = 2 * side * side.min(short * side / long.max(1) + 1) * channels;
        decoding.max(long * short * channels + floats + results).max(EXIF_MEMORY) + BESIDES_MEMORY
    }
}

/// Whether a picture is little larger than its derivative: then each pixel counts. Far larger ones are averaged.
pub fn is_finely_shrunk(width: u32, height: u32, side: u32) -> bool {
    let longest = width.max(height);
    longest > side && longest * 2 < side * 3
}

/// Reads the header (of a JPEG all segments) and refuses files that are no picture, truncated, or have more pixels,
/// or deeper ones, than should be decoded. Decodes no pixel.
pub fn read_header(source: &mut (impl BufRead + Seek)) -> Result<Header, PhotoError> {
    let (kind, width, height, unpacked) = match guess(source)? {
        ImageFormat::Jpeg => {
            let survey = jpeg::survey(source)?;
            (Kind::Jpeg(survey), survey.width, survey.height, 0)
        }
        ImageFormat::Png => {
            let survey = png::survey(source)?;
            (Kind::Png(survey), survey.width, survey.height, survey.unpacked)
        }
        _ => {
            let survey = webp::survey(source)?;
            (Kind::WebP(survey), survey.width, survey.height, 0)
        }
    };
    let pixels = u64::from(width) * u64::from(height);
    let too_many = pixels > u64::from(MOST_MEGAPIXELS) * 1_000_000 || width > MOST_SIDE || height > MOST_SIDE;
    if unpacked > MOST_UNPACKED && !too_many {
        return Err(PhotoError::TooDeepPixels { width, height, unpacked, most: MOST_UNPACKED });
    }
    if too_many {
        return Err(PhotoError::TooManyPixels {
            width,
            height,
            most_megapixels: MOST_MEGAPIXELS,
            most_side: MOST_SIDE,
        });
    }
    Ok(Header { width, height, kind })
}

/// Reads the whole picture to verify that it is complete, and its EXIF: some 100 ms for 12 megapixels. Needs
/// [`Header::memory_to_check`]; call it where blocking is allowed.
pub fn check(source: &mut (impl BufRead + Seek), header: &Header) -> Result<PhotoRead, PhotoError> {
    let media_type = match &header.kind {
        Kind::Jpeg(_) => {
            // An eighth across and down: reads all of the file and produces hardly any pixels.
            jpeg::decode(source, 1)?;
            "image/jpeg"
        }
        Kind::Png(_) => {
            png::check(source)?;
            "image/png"
        }
        Kind::WebP(_) => {
            webp::decode(source)?;
            "image/webp"
        }
    };
    let exif = read_exif(source, header.format());
    Ok(PhotoRead { media_type, width: header.width, height: header.height, exif })
}

/// The stored pixels of a valid photo, with its longest side [`SIDE`] to twice that if it was longer (of a WebP all
/// pixels). Needs part of [`Header::memory_to_derive`].
pub fn decode(source: &mut (impl BufRead + Seek), header: &Header) -> Result<DynamicImage, PhotoError> {
    match &header.kind {
        Kind::Jpeg(_) => jpeg::decode(source, SIDE),
        Kind::Png(_) => png::decode(source, SIDE.into()),
        Kind::WebP(_) => webp::decode(source),
    }
}

fn guess(source: &mut (impl BufRead + Seek)) -> Result<ImageFormat, PhotoError> {
    source.seek(SeekFrom::Start(0)).map_err(|e| PhotoError::from_source(&e))?;
    let start = source.fill_buf().map_err(|e| PhotoError::from_source(&e))?;
    match image::guess_format(start) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        _ => Err(PhotoError::NotAnImage),
    }
}

#[cfg(test)]
mod tests;
