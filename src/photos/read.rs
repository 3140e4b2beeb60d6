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
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Reads and checks, whatever memory it takes.
    fn read(bytes: &[u8]) -> Result<PhotoRead, PhotoError> {
        let mut source = Cursor::new(bytes);
        let header = read_header(&mut source)?;
        check(&mut source, &header)
    }

    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture =
            image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        picture(ImageFormat::Jpeg, width, height)
    }

    #[test]
    fn a_sound_picture_is_read_whatever_its_format() {
        for (format, media_type) in
            [(ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")]
        {
            let read = read(&picture(format, 64, 48)).unwrap();
            assert_eq!((read.media_type, read.width, read.height), (media_type, 64, 48));
        }
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;";
        assert_eq!(read(gif).unwrap_err().code(), "not_an_image");
    }

    #[test]
    fn data_appended_by_a_phone_refuses_no_picture() {
        let mut moving = jpeg(64, 48);
        moving.extend(b"\0\0\0\x18ftypmp42 \xFF\xD9 then \xFF\xDA and no end");
        assert_eq!(read(&moving).unwrap().width, 64);
    }

    #[test]
    fn an_end_marker_in_a_thumbnail_or_after_the_picture_does_not_end_it() {
        let whole = jpeg(200, 200);
        let mut cut = whole[..2].to_vec();
        // A comment segment of 8 bytes that contains an end marker, as an EXIF thumbnail does.
        cut.extend(b"\xFF\xFE\0\x08ab\xFF\xD9cd");
        cut.extend(&whole[2..whole.len() - 40]);
        assert_eq!(read(&cut).unwrap_err().code(), "truncated_image");
    }

    #[test]
    fn a_picture_cut_anywhere_is_refused() {
        let whole = jpeg(200, 200);
        for part in [whole.len() / 3, whole.len() / 2, whole.len() - 3] {
            assert_eq!(read(&whole[..part]).unwrap_err().code(), "truncated_image", "{part}");
        }
    }

    #[test]
    fn a_false_jpeg_is_refused() {
        assert_eq!(read(b"not a picture").unwrap_err().code(), "not_an_image");
        assert_eq!(read(b"\xFF\xD8\xFF\xE0 and then text").unwrap_err().code(), "truncated_image");
        assert_eq!(read(b"").unwrap_err().code(), "not_an_image");
    }

    #[test]
    fn a_picture_of_60_000_by_60_000_is_refused_by_its_header() {
        assert_eq!(read(&png_header(60_000, 60_000, 8, 2)).unwrap_err().code(), "too_many_pixels");
    }

    #[test]
    fn a_jpeg_of_60_000_by_60_000_is_refused_by_its_header() {
        let mut bomb = jpeg(16, 16);
        let frame = bomb.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bomb[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
        let refused = read(&bomb).unwrap_err();
        assert_eq!(refused.code(), "too_many_pixels");
        assert_eq!(
            (refused.values()["width"].as_u64(), refused.values()["most_megapixels"].as_u64()),
            (Some(60_000), Some(110))
        );
    }

    #[test]
    fn many_cut_and_dented_pictures_panic_nowhere() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = picture(format, 40, 30);
            let read_and_derive = |bytes: &[u8]| {
                let mut source = Cursor::new(bytes);
                let Ok(header) = read_header(&mut source) else { return };
                // As in the service: a header corrupted to a huge size is not decoded.
                if header.memory_to_derive() < 128 * 1024 * 1024 {
                    let _ = check(&mut source, &header);
                    let _ = decode(&mut source, &header);
                }
            };
            for at in 0..whole.len() {
                read_and_derive(&whole[..at]);
                let mut dented = whole.clone();
                dented[at] ^= 0xFF;
                read_and_derive(&dented);
            }
        }
    }

    #[test]
    fn few_pixels_with_much_behind_each_are_refused_by_the_header_too() {
        // 60 megapixels: of 16 bits in four colours 480 MB, of 8 bits in three 180.
        assert_eq!(read(&png_header(10_000, 6_000, 16, 6)).unwrap_err().code(), "too_deep_pixels");
        assert_eq!(read_header(&mut Cursor::new(png_header(10_000, 6_000, 8, 2))).unwrap().width, 10_000);
    }

    /// A JPEG that claims this size, progressive or not; its pixels are those of a small one.
    fn jpeg_header(width: u16, height: u16, progressive: bool) -> Vec<u8> {
        let mut bytes = jpeg(16, 16);
        let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bytes[frame + 1] = if progressive { 0xC2 } else { 0xC0 };
        bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        bytes
    }

    #[test]
    fn photos_of_phones_fit_in_the_memory_for_all_photos() {
        const MIB: u64 = 1024 * 1024;
        let memory = |width, height, progressive| {
            let header = read_header(&mut Cursor::new(jpeg_header(width, height, progressive))).unwrap();
            header.memory_to_check().max(header.memory_to_derive()) / MIB
        };
        // 12, 50 and 108 megapixels; two of the first at once. Then the largest that is decoded in full.
        for (width, height, most) in [(4_000, 3_000, 64), (8_160, 6_120, 64), (12_000, 9_000, 128), (3_199, 3_199, 128)]
        {
            assert!(memory(width, height, false) <= most, "{width}: {} MiB", memory(width, height, false));
        }
        assert!(memory(4_000, 3_000, true) <= 128);
        assert!(memory(8_160, 6_120, true) > 128, "a progressive one is held whole until its last scan");
    }

    #[test]
    fn a_picture_of_endless_scans_is_refused() {
        let whole = jpeg(16, 16);
        let scan = whole.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        let mut endless = whole[..scan].to_vec();
        for _ in 0..100 {
            endless.extend(&whole[scan..whole.len() - 2]);
        }
        endless.extend(b"\xFF\xD9");
        assert_eq!(read_header(&mut Cursor::new(endless)).unwrap_err().code(), "truncated_image");
    }

    #[test]
    fn a_webp_with_a_frame_larger_than_its_header_needs_the_memory_of_the_frame() {
        let mut bytes = picture(ImageFormat::WebP, 64, 48);
        // The size of the lossless frame: 14 bits each, one less.
        let frame = bytes.windows(4).position(|four| four == b"VP8L").unwrap() + 9;
        bytes[frame..frame + 4].copy_from_slice(&(8_999_u32 | 8_999 << 14).to_le_bytes());
        let mut extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x2f\0\0".to_vec();
        extended.extend(&bytes[12..]);
        let header = read_header(&mut Cursor::new(extended)).unwrap();
        assert_eq!((header.width, header.height), (64, 48));
        assert!(header.memory_to_check() > 8 * 81_000_000, "{}", header.memory_to_check());
    }

    /// A PNG header without content.
    fn png_header(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([depth, colour, 0, 0, 0]);
        bytes.extend(crc(&bytes[12..]).to_be_bytes());
        bytes.extend(b"\0\0\0\0IDAT");
        bytes.extend(crc(b"IDAT").to_be_bytes());
        bytes
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |mut crc, byte| {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
            crc
        })
    }
}
