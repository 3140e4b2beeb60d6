"""Noise that repeats, and textures made of it."""

import numpy as np
from PIL import Image

SIZE = 512
_tiles = {}


def tile(seed, start=4, octaves=6, fall=0.55):
    """A square of soft noise from 0 to 1 that repeats at its edges."""
    key = (seed, start, octaves, fall)
    if key not in _tiles:
        rng = np.random.default_rng(seed)
        total, weight, strength = np.zeros((SIZE, SIZE), np.float32), 0.0, 1.0
        for octave in range(octaves):
            cells = min(SIZE, start * 2**octave)
            grid = rng.random((cells, cells), np.float32)
            total += strength * sample(grid, *np.meshgrid(np.arange(SIZE) * cells / SIZE, np.arange(SIZE) * cells / SIZE))
            weight, strength = weight + strength, strength * fall
        total /= weight
        low, high = np.quantile(total, [0.005, 0.995])
        _tiles[key] = np.clip((total - low) / (high - low), 0, 1).astype(np.float32)
    return _tiles[key]


def sample(grid, x, y):
    """Smooth values of a repeating grid."""
    n, m = grid.shape[1], grid.shape[0]
    x0, y0 = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = (x - x0).astype(np.float32), (y - y0).astype(np.float32)
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    a, b = grid[y0 % m, x0 % n], grid[y0 % m, (x0 + 1) % n]
    c, d = grid[(y0 + 1) % m, x0 % n], grid[(y0 + 1) % m, (x0 + 1) % n]
    return (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy


def noise(x, z, metres, seed=1, **more):
    """Noise over the ground whose coarsest grains are about so many metres."""
    grid = tile(seed, **more)
    scale = SIZE / (metres * more.get("start", 4))
    return sample(grid, x * scale, z * scale)


def picture(values):
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def speckled(colour, width, height, seed, strength=0.12, start=8):
    """A plain surface with soft stains and grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    stain = sample(tile(seed % 7 + 2, start), x * 1.3, y * 1.3) - 0.5
    grain = rng.normal(0, 0.03, (height, width))
    return np.array(colour, np.float32) * (1 + strength * stain + grain)[..., None]


def plaster(colour, seed=3, width=256, height=160):
    values = speckled(colour, width, height, seed, 0.10)
    values *= np.linspace(1.03, 0.93, height)[:, None, None]
    values[-18:] *= np.linspace(1, 0.72, 18)[:, None, None]
    return picture(values)


def brick(seed=5, width=360, height=220, red=(176, 88, 58)):
    rng = np.random.default_rng(seed)
    values = speckled((168, 158, 146), width, height, seed)
    for row in range(height // 11 + 1):
        shift = 13 if row % 2 else 0
        for at in range(-1, width // 26 + 1):
            tint = rng.uniform(0.78, 1.14)
            x, y = at * 26 + shift, row * 11
            values[max(0, y + 1) : y + 10, max(0, x + 1) : max(0, x + 25)] = np.array(red) * tint
    return picture(values * (1 + rng.normal(0, 0.05, (height, width, 1))))


def tiles(seed=6, colour=(168, 84, 54), width=300, height=160):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = 0.86 + 0.2 * np.abs(np.sin(x * np.pi / 10))
    rows = 0.80 + 0.28 * ((y % 13) / 13)
    moss = 1 - 0.25 * (sample(tile(9), x * 1.5, y * 1.5) > 0.72)
    return picture(np.array(colour) * (waves * rows * moss * (1 + rng.normal(0, 0.05, (height, width))))[..., None])


def weave(seed=8, width=320, height=200):
    """Plaited bamboo: the wall of a poor house."""
    y, x = np.mgrid[0:height, 0:width]
    over = ((x // 3 + (y // 3) * 2) % 4 < 2) * 0.13
    values = np.array((178, 152, 108)) * (0.76 + over + 0.15 * sample(tile(seed), x, y))[..., None]
    return picture(values)


def stones(seed=10, width=900, height=150, size=30, dark=(96, 96, 98), joint=(178, 174, 166)):
    """Masonry of river stones in mortar."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    first, second, owner = np.full((height, width), 9e9), np.full((height, width), 9e9), np.zeros((height, width), int)
    points = [(cx + rng.uniform(-0.42, 0.42) * size, cy + rng.uniform(-0.4, 0.4) * size) for cy in np.arange(size / 2, height + size, size) for cx in np.arange(size / 2, width + size, size * 1.15)]
    for n, (px, py) in enumerate(points):
        x0, x1, y0, y1 = (max(0, int(px - 2 * size)), int(px + 2 * size), max(0, int(py - 2 * size)), int(py + 2 * size))
        part = (slice(y0, y1), slice(x0, x1))
        far = np.hypot((x[part] - px) * 0.92, y[part] - py)
        closer = far < first[part]
        second[part] = np.where(closer, first[part], np.minimum(second[part], far))
        owner[part] = np.where(closer, n, owner[part])
        first[part] = np.minimum(first[part], far)
    gap = second - first
    tint = rng.uniform(0.75, 1.3, len(points))[owner]
    round_ = np.clip(1.18 - 0.35 * first / size, 0.7, 1.3)
    stone = np.array(dark) * (tint * round_ * (0.9 + 0.2 * sample(tile(3), x * 3, y * 3)))[..., None]
    values = np.where((gap < size * 0.13)[..., None], np.array(joint) * (0.85 + 0.2 * sample(tile(4), x * 2, y * 2))[..., None], stone)
    return picture(values)


def wood(seed=12, width=240, height=60, colour=(158, 118, 74)):
    y, x = np.mgrid[0:height, 0:width]
    grain = sample(tile(seed), x * 0.3, y * 4)
    return picture(np.array(colour) * (0.75 + 0.4 * grain)[..., None])
