"""The photos of the sample: drawn, not taken. Each is a scene of a work at one stage, with what a phone would write into it."""

import random

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from .scenes import Scene

PHONES = [("Contoh", "HP 9A"), ("Contoh", "HP 12"), ("Sampel", "A05")]
#: The first of these qualities at which a photo is small enough; phones send them so.
QUALITIES, BYTES = (72, 66, 60, 54, 48), 40_000


def save(item, path):
    scene = Scene(item.scene, item.work, item.position, item.percent, item.portrait)
    image = develop(scene.draw(), (480, 640) if item.portrait else (640, 480), random.Random(item.file))
    if item.orientation == 3:
        image = image.transpose(Image.ROTATE_180)
    elif item.orientation == 6:
        image = image.transpose(Image.ROTATE_90)  # a viewer turns it a quarter clockwise
    options = {"optimize": True, "subsampling": 2} | ({"exif": exif(item)} if item.exif else {})
    for quality in QUALITIES:
        image.save(path, "JPEG", quality=quality, **options)
        if path.stat().st_size <= BYTES:
            break


def develop(image, size, rng):
    """Smaller, with the light fall-off, contrast and grain of a cheap phone."""
    pixels = np.asarray(image.resize(size, Image.LANCZOS), np.float32) / 255
    y, x = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j]
    pixels *= (1.06 - 0.09 * (x * x + y * y))[..., None]
    pixels = pixels + 0.05 * (pixels - 0.5) * (1 - np.abs(pixels - 0.5))
    grey = pixels.mean(axis=2, keepdims=True)
    pixels = grey + (pixels - grey) * 1.08
    noise = np.random.default_rng(rng.randint(0, 2**31)).normal(0, 0.008, size[::-1])
    return Image.fromarray((np.clip(pixels + noise[..., None], 0, 1) * 255).astype(np.uint8))


def exif(item):
    block = Image.Exif()
    maker, model = PHONES[sum(map(ord, item.work)) % len(PHONES)]
    block[0x010F], block[0x0110], block[0x0112] = maker, model, item.orientation
    block.get_ifd(0x8769)[0x9003] = item.taken.strftime("%Y:%m:%d %H:%M:%S")
    if item.spot:
        place = block.get_ifd(0x8825)
        place[1], place[2] = "S", degrees(-item.spot.y)
        place[3], place[4] = "E", degrees(item.spot.x)
    return block


def degrees(angle):
    whole = int(angle)
    minutes = int((angle - whole) * 60)
    seconds = round(((angle - whole) * 60 - minutes) * 60 * 100)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)
