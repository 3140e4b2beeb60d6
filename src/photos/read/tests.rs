use super::*;
use std::io::Cursor;

/// Reads and checks, whatever memory it takes.
fn read(bytes: &[u8]) -> Result<PhotoRead, PhotoError> {
    let mut source = Cursor::new(bytes);
    let header = read_header(&mut source)?;
    check(&mut source, &header)
}

fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
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
fn a_kind_of_jpeg_that_no_phone_writes_is_told_from_a_cut_one() {
    let whole = jpeg(64, 48);
    let frame = whole.windows(2).position(|mark| mark == [0xFF, 0xC0]).unwrap();
    // Arithmetic coding, and twelve bits a sample.
    let (mut arithmetic, mut deep) = (whole.clone(), whole);
    arithmetic[frame + 1] = 0xC9;
    (deep[frame + 1], deep[frame + 4]) = (0xC1, 12);
    for bytes in [arithmetic, deep] {
        assert_eq!(read(&bytes).unwrap_err().code(), "not_an_image");
    }
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
    for (width, height, most) in [(4_000, 3_000, 64), (8_160, 6_120, 64), (12_000, 9_000, 128), (3_199, 3_199, 128)] {
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
