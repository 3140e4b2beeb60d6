//! PNG: read row by row and averaged to a smaller picture on the way. Colour profiles, texts and other attachments
//! are skipped: a few kilobytes of them can inflate to hundreds of megabytes.

use super::PhotoError;
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use png::{ColorType, Decoder, DecodingError, Limits, Reader, Transformations};
use std::io::{BufRead, Seek, SeekFrom};

/// For the chunks besides pixels that are read: a palette, a transparent colour.
const BESIDES_BYTES: usize = 4 * 1024 * 1024;

/// The facts of the header.
#[derive(Clone, Copy, Debug)]
pub struct Survey {
    pub width: u32,
    pub height: u32,
    /// Bytes of all pixels when unpacked, which must all be processed.
    pub unpacked: u64,
    interlaced: bool,
}

impl Survey {
    /// Bytes needed to process the rows.
    pub const fn memory_of_rows(&self) -> u64 {
        self.width as u64 * 64 + BESIDES_BYTES as u64
    }

    /// Bytes needed to decode for this longest side. An interlaced picture comes in seven passes over the whole and
    /// is held in full.
    pub fn memory(&self, side: u32) -> u64 {
        let (width, height) = self.shrunk(side);
        u64::from(width) * u64::from(height) * 4 + self.memory_of_rows()
    }

    /// The resulting size for this longest side: that, or up to twice that.
    pub fn shrunk(&self, side: u32) -> (u32, u32) {
        let by = if self.interlaced { 1 } else { shrunk_by(self.width, self.height, side) };
        (self.width.div_ceil(by), self.height.div_ceil(by))
    }
}

pub fn survey(source: &mut (impl BufRead + Seek)) -> Result<Survey, PhotoError> {
    let mut decoder = begin(source)?;
    let info = decoder.read_header_info().map_err(refuse)?;
    let bytes = u64::from(info.width) * info.bits_per_pixel() as u64;
    Ok(Survey {
        width: info.width,
        height: info.height,
        unpacked: bytes.div_ceil(8) * u64::from(info.height),
        interlaced: info.interlaced,
    })
}

/// Reads all pixels and keeps none.
pub fn check(source: &mut (impl BufRead + Seek)) -> Result<(), PhotoError> {
    let mut reader = begin(source)?.read_info().map_err(refuse)?;
    while reader.next_row().map_err(refuse)?.is_some() {}
    Ok(())
}

/// The pixels in 8 bits, averaged so that the longest side is `side` to twice that if it was longer.
pub fn decode(source: &mut (impl BufRead + Seek), side: u32) -> Result<DynamicImage, PhotoError> {
    let mut reader = begin(source)?.read_info().map_err(refuse)?;
    let (width, height) = reader.info().size();
    let channels = reader.output_color_type().0.samples();
    let by = shrunk_by(width, height, side);
    let colour = reader.output_color_type().0;
    if reader.info().interlaced {
        let whole = reader.output_buffer_size().ok_or_else(|| refuse(DecodingError::LimitsExceeded))?;
        let mut bytes = vec![0; whole];
        reader.next_frame(&mut bytes).map_err(refuse)?;
        return picture(colour, width, height, bytes);
    }
    let bytes = averaged(&mut reader, width, height, channels, by)?;
    picture(colour, width.div_ceil(by), height.div_ceil(by), bytes)
}

fn begin<S: BufRead + Seek>(source: &mut S) -> Result<Decoder<&mut S>, PhotoError> {
    source.seek(SeekFrom::Start(0)).map_err(|e| PhotoError::from_source(&e))?;
    let mut decoder = Decoder::new_with_limits(source, Limits { bytes: BESIDES_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    Ok(decoder)
}

/// How many pixels across and down become one.
fn shrunk_by(width: u32, height: u32, side: u32) -> u32 {
    (width.max(height) / side).max(1)
}

/// Averages squares of `by` × `by` pixels, one row of squares after another.
fn averaged<S: BufRead + Seek>(
    reader: &mut Reader<&mut S>,
    width: u32,
    height: u32,
    channels: usize,
    by: u32,
) -> Result<Vec<u8>, PhotoError> {
    let (across, step) = (width.div_ceil(by) as usize, by as usize);
    let mut bytes = Vec::with_capacity(across * height.div_ceil(by) as usize * channels);
    let mut sums = vec![0_u32; across * channels];
    for at in 0..height {
        let row = reader.next_row().map_err(refuse)?.ok_or_else(|| broken("rows are missing"))?;
        for (pixel, of_square) in row.data().chunks_exact(channels).enumerate() {
            let square = &mut sums[pixel / step * channels..][..channels];
            square.iter_mut().zip(of_square).for_each(|(sum, value)| *sum += u32::from(*value));
        }
        if (at + 1) % by == 0 || at + 1 == height {
            let rows = at % by + 1;
            for (square, of_square) in sums.chunks_exact(channels).enumerate() {
                let columns = (width - square as u32 * by).min(by);
                let mean = |sum: &u32| u8::try_from((sum + rows * columns / 2) / (rows * columns)).unwrap_or(u8::MAX);
                bytes.extend(of_square.iter().map(mean));
            }
            sums.fill(0);
        }
    }
    Ok(bytes)
}

fn picture(colour: ColorType, width: u32, height: u32, bytes: Vec<u8>) -> Result<DynamicImage, PhotoError> {
    let made = match colour {
        ColorType::Grayscale => GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        ColorType::GrayscaleAlpha => GrayAlphaImage::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8),
        ColorType::Rgb => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        ColorType::Rgba => RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        ColorType::Indexed => None,
    };
    made.ok_or_else(|| broken("its pixels are not complete"))
}

fn broken(why: &str) -> PhotoError {
    PhotoError::Truncated(why.to_owned())
}

fn refuse(e: DecodingError) -> PhotoError {
    PhotoError::Truncated(e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageFormat;
    use std::io::Cursor;

    fn file(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_picture_is_the_mean_of_its_pixels() {
        // Columns 0, 90, 0, 90 …, the last without a neighbour.
        let striped = GrayImage::from_fn(9, 5, |x, _| image::Luma([if x % 2 == 0 { 0 } else { 90 }]));
        let made = decode(&mut Cursor::new(file(&striped.into())), 4).unwrap();
        assert_eq!((made.width(), made.height()), (5, 3));
        assert_eq!(made.to_luma8().rows().next().unwrap().map(|p| p.0[0]).collect::<Vec<_>>(), [45, 45, 45, 45, 0]);
        let deep = image::ImageBuffer::from_pixel(8, 8, image::Rgba([0xFFFF_u16, 0x8080, 0, 0xFFFF]));
        let made = decode(&mut Cursor::new(file(&DynamicImage::ImageRgba16(deep))), 4).unwrap();
        assert_eq!(made.to_rgba8().get_pixel(3, 3).0, [255, 128, 0, 255]);
    }

    #[test]
    fn attachments_of_a_picture_are_not_unpacked() {
        let plain = file(&DynamicImage::new_rgb8(8, 8));
        let (before, behind) = plain.split_at(33); // after the header
        let chunk = |name: &[u8], content: &[u8]| {
            let mut bytes = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
            bytes.extend(name);
            bytes.extend(content);
            // A chunk with a wrong checksum is skipped as well.
            bytes.extend(crc(&[name, content].concat()).to_be_bytes());
            bytes
        };
        let mut packed = b"p\0\0".to_vec();
        packed.extend(zeros());
        let bytes = [before, &chunk(b"iCCP", &packed), &chunk(b"zTXt", &packed), behind].concat();
        check(&mut Cursor::new(&bytes)).unwrap();
        let mut source = Cursor::new(&bytes);
        let reader = begin(&mut source).unwrap().read_info().unwrap();
        assert!(reader.info().icc_profile.is_none() && reader.info().compressed_latin1_text.is_empty());
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
        })
    }

    /// A stored zlib block: a few zeros.
    fn zeros() -> Vec<u8> {
        let mut bytes = vec![0x78, 0x01, 0x01, 4, 0, 0xFB, 0xFF, 0, 0, 0, 0];
        bytes.extend([0, 4, 0, 1]); // Adler-32 of four zeros
        bytes
    }
}
