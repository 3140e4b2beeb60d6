//! Reads a photo: what it is, whether it is whole, and what it says of itself.

use super::PhotoError;
use super::exif_facts::{ExifFacts, read_exif};
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

/// The largest picture: four times what telephones take today.
const MOST_MEGAPIXELS: u32 = 100;
const MOST_SIDE: u32 = 30_000;
/// Pictures beyond this are decoded one at a time, so that several at once do not fill the memory.
const LARGE_PIXELS: u64 = 25_000_000;
/// The most memory that the pixels of a picture may take: 100 megapixels of 8-bit RGBA and some room.
const DECODE_BYTES: u64 = 512 * 1024 * 1024;

/// A sound photo.
#[derive(Clone, Debug)]
pub struct PhotoRead {
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    /// Pixels as stored, before orientation.
    pub width: u32,
    pub height: u32,
    /// A damaged EXIF block refuses no picture: its facts are missing then.
    pub exif: ExifFacts,
}

/// Refuses what is no picture, is too large to decode, or breaks off. Decodes the whole picture to be sure: some
/// 100 ms and 50 MB for 12 megapixels, at most 512 MB; call it where blocking is allowed.
pub fn read(bytes: &[u8]) -> Result<PhotoRead, PhotoError> {
    let (format, picture) = decode(bytes)?;
    let media_type = match format {
        ImageFormat::Png => "image/png",
        ImageFormat::WebP => "image/webp",
        _ => "image/jpeg",
    };
    Ok(PhotoRead { media_type, width: picture.width(), height: picture.height(), exif: read_exif(bytes) })
}

/// The pixels of a photo that is sound, as they are stored.
pub fn decode(bytes: &[u8]) -> Result<(ImageFormat, DynamicImage), PhotoError> {
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => format,
        _ => return Err(PhotoError::NotAnImage),
    };
    // The header first: a picture of 60,000 × 60,000 must be refused without a pixel of it being decoded.
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format)
        .into_dimensions()
        .map_err(|e| PhotoError::Truncated(e.to_string()))?;
    let too_many = PhotoError::TooManyPixels { width, height, most_megapixels: MOST_MEGAPIXELS, most_side: MOST_SIDE };
    let pixels = u64::from(width) * u64::from(height);
    if pixels > u64::from(MOST_MEGAPIXELS) * 1_000_000 || width > MOST_SIDE || height > MOST_SIDE {
        return Err(too_many);
    }
    if format == ImageFormat::Jpeg && !is_whole_jpeg(bytes) {
        return Err(PhotoError::Truncated("the end mark is missing".to_owned()));
    }
    static LARGE: Mutex<()> = Mutex::new(());
    let _turn = (pixels > LARGE_PIXELS).then(|| LARGE.lock().unwrap_or_else(PoisonError::into_inner));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES);
    reader.limits(limits);
    let picture = reader.decode().map_err(|e| match e {
        ImageError::Limits(_) => too_many,
        ImageError::Unsupported(_) => PhotoError::NotAnImage,
        other => PhotoError::Truncated(other.to_string()),
    })?;
    Ok((format, picture))
}

/// Whether the first picture of a JPEG file reaches its end mark. Decoders fill what is missing with grey and say
/// nothing. Walks from segment to segment, since both the thumbnail in the EXIF block and what telephones write behind
/// the picture (a film, a depth map) are full of marks that mean nothing here.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some((mark, behind)) = next_mark(bytes, at) {
        at = match mark {
            0xD9 => return true,
            0x01 | 0xD8 => behind,
            _ => match bytes.get(behind..behind + 2) {
                Some(&[high, low]) => behind + usize::from(u16::from_be_bytes([high, low])).max(2),
                _ => return false,
            },
        };
    }
    false
}

/// The next mark and the place behind it. Within pixels `FF 00` is a value and `FF D0` to `FF D7` are restarts.
fn next_mark(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(from..)?;
    let at = rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7))?;
    Some((rest[at + 1], from + at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_a_telephone_writes_behind_the_picture_refuses_nothing() {
        let mut moving = jpeg(64, 48);
        moving.extend(b"\0\0\0\x18ftypmp42 \xFF\xD9 then \xFF\xDA and no end");
        assert_eq!(read(&moving).unwrap().width, 64);
    }

    #[test]
    fn the_end_mark_of_a_thumbnail_or_of_what_lies_behind_is_not_the_pictures() {
        let whole = jpeg(200, 200);
        let mut cut = whole[..2].to_vec();
        // A comment segment of 8 bytes that holds an end mark, as an EXIF thumbnail does.
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
        // A PNG header and nothing behind it.
        let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bomb.extend(60_000_u32.to_be_bytes());
        bomb.extend(60_000_u32.to_be_bytes());
        bomb.extend([8, 2, 0, 0, 0]);
        bomb.extend(crc(&bomb[12..]).to_be_bytes());
        bomb.extend(b"\0\0\0\0IDAT");
        bomb.extend(crc(b"IDAT").to_be_bytes());
        assert_eq!(read(&bomb).unwrap_err().code(), "too_many_pixels");
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
            (Some(60_000), Some(100))
        );
    }

    #[test]
    fn many_cut_and_dented_pictures_panic_nowhere() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = picture(format, 40, 30);
            for at in 0..whole.len() {
                let _ = read(&whole[..at]);
                let mut dented = whole.clone();
                dented[at] ^= 0xFF;
                let _ = read(&dented);
            }
        }
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
