//! The derivatives of a photo: smaller JPEGs, turned upright, without any metadata.

use super::PhotoError;
use super::exif_facts::read_exif;
use super::read::{Header, SIDE, decode, is_finely_shrunk};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, Rgb, RgbImage, Rgba};
use std::io::{BufRead, Seek};

/// Good enough to judge a road, at a tenth of the original's bytes.
const QUALITY: u8 = 80;

/// The sizes of derivatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Fits 320 × 320.
    Thumb,
    /// Fits 1600 × 1600.
    Screen,
}

impl Size {
    pub const ALL: [Self; 2] = [Self::Thumb, Self::Screen];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Thumb => "thumb",
            Self::Screen => "screen",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.as_str() == text)
    }

    const fn side(self) -> u32 {
        match self {
            Self::Thumb => 320,
            Self::Screen => SIDE as u32,
        }
    }
}

/// Both derivatives of a valid photo; never enlarged. Some 150 ms for 12 megapixels. Needs
/// [`Header::memory_to_derive`]; call it where blocking is allowed.
pub fn derive(source: &mut (impl BufRead + Seek), header: &Header) -> Result<Vec<(Size, Vec<u8>)>, PhotoError> {
    let turned = read_exif(source, header.format()).orientation;
    let turned = turned.and_then(|n| Orientation::from_exif(u8::try_from(n).ok()?));
    // Shrunk first, then turned: a quarter turn needs a second picture of the same size.
    let mut picture = shrink(decode(source, header)?, Size::Screen.side());
    picture.apply_orientation(turned.unwrap_or(Orientation::NoTransforms));
    let screen = DynamicImage::ImageRgb8(on_white(&picture));
    drop(picture);
    let screen_jpeg = jpeg(&screen)?;
    let thumb = shrink(screen, Size::Thumb.side());
    Ok(vec![(Size::Screen, screen_jpeg), (Size::Thumb, jpeg(&thumb)?)])
}

/// Fits the picture into a square. Far larger ones are first averaged, in one pass without a full copy: the fine
/// filter then has little to do and shows no aliasing.
fn shrink(picture: DynamicImage, side: u32) -> DynamicImage {
    let longest = picture.width().max(picture.height());
    if longest <= side {
        return picture;
    }
    if is_finely_shrunk(picture.width(), picture.height(), side) {
        return picture.resize(side, side, FilterType::CatmullRom);
    }
    picture.thumbnail(side, side)
}

/// A transparent picture on white, like paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let with_alpha = picture.to_rgba8();
    RgbImage::from_fn(with_alpha.width(), with_alpha.height(), |x, y| {
        let Rgba([r, g, b, alpha]) = *with_alpha.get_pixel(x, y);
        let alpha = u32::from(alpha);
        let over = |channel: u8| {
            let mixed = (u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb([over(r), over(g), over(b)])
    })
}

/// Encoded from pixels only: no metadata of the original can slip through.
fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(picture)
        .map_err(|e| PhotoError::Truncated(e.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageFormat;
    use std::io::Cursor;

    /// 80 × 40, red on the left and blue on the right, stored with an orientation.
    fn oriented(orientation: u16) -> Vec<u8> {
        let picture = RgbImage::from_fn(80, 40, |x, _| if x < 40 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) });
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        let bytes = bytes.into_inner();
        // APP1 with a TIFF of one entry: tag 0x0112, SHORT, 1 value.
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
        tiff.extend(orientation.to_be_bytes());
        tiff.extend([0, 0, 0, 0, 0, 0]);
        let mut jpeg = bytes[..2].to_vec();
        jpeg.extend([0xFF, 0xE1]);
        jpeg.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
        jpeg.extend(b"Exif\0\0");
        jpeg.extend(&tiff);
        jpeg.extend(&bytes[2..]);
        jpeg
    }

    fn derive(bytes: &[u8]) -> Result<Vec<(Size, Vec<u8>)>, PhotoError> {
        let mut source = Cursor::new(bytes);
        let header = crate::photos::read::read_header(&mut source)?;
        super::derive(&mut source, &header)
    }

    fn thumb(jpeg: &[u8]) -> (RgbImage, Vec<u8>) {
        let made = derive(jpeg).unwrap();
        let bytes = made.iter().find(|(size, _)| *size == Size::Thumb).unwrap().1.clone();
        (image::load_from_memory(&bytes).unwrap().to_rgb8(), bytes)
    }

    fn is_red(pixel: &Rgb<u8>) -> bool {
        pixel[0] > 150 && pixel[2] < 100
    }

    #[test]
    fn pictures_are_turned_upright_by_their_orientation() {
        // Position of the red half for orientations 1 to 8 (EXIF 2.32, 4.6.4).
        for (orientation, red_at) in [
            (1, (5, 20)),
            (2, (75, 20)),
            (3, (75, 20)),
            (4, (5, 20)),
            (5, (20, 5)),
            (6, (20, 5)),
            (7, (20, 75)),
            (8, (20, 75)),
        ] {
            let (picture, _) = thumb(&oriented(orientation));
            let upright = if orientation < 5 { (80, 40) } else { (40, 80) };
            assert_eq!(picture.dimensions(), upright, "{orientation}");
            assert!(is_red(picture.get_pixel(red_at.0, red_at.1)), "{orientation}");
        }
    }

    #[test]
    fn derivatives_carry_no_metadata_and_are_never_enlarged() {
        let (picture, bytes) = thumb(&oriented(6));
        for secret in [&b"Exif"[..], b"http://ns.adobe.com", b"ICC_PROFILE"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret));
        }
        // JPEG segments by their markers: JFIF, tables, frame, scan, and none for applications or comments.
        assert!(!bytes.windows(2).any(|pair| pair[0] == 0xFF && matches!(pair[1], 0xE1..=0xEF | 0xFE)));
        assert_eq!(picture.dimensions(), (40, 80));
    }

    #[test]
    fn a_large_picture_fits_both_squares_and_keeps_its_shape() {
        let picture =
            RgbImage::from_fn(7_000, 1_400, |x, _| if x < 3_500 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) });
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        for (size, jpeg) in derive(&bytes.into_inner()).unwrap() {
            let made = image::load_from_memory(&jpeg).unwrap().to_rgb8();
            assert_eq!(made.dimensions(), (size.side(), size.side() / 5), "{size:?}");
            let (left, right) = (made.get_pixel(size.side() / 2 - 8, 20), made.get_pixel(size.side() / 2 + 8, 20));
            assert!(is_red(left) && !is_red(right), "{size:?}");
        }
    }

    #[test]
    fn transparency_becomes_white() {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0])).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let (picture, _) = thumb(&bytes.into_inner());
        assert!(picture.pixels().all(|pixel| pixel.0.iter().all(|channel| *channel > 250)));
    }
}
