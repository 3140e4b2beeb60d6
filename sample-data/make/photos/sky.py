"""Sky, clouds, volcanoes and the line of trees behind the fields."""

import numpy as np
from PIL import Image

from .noise import sample, tile

#: top of the sky, sky above the horizon, haze, light on the ground
MOODS = {
    "morning": ((88, 146, 208), (222, 234, 238), (210, 222, 226), (1.04, 1.02, 0.96)),
    "noon": ((70, 132, 206), (206, 226, 240), (202, 218, 230), (1.06, 1.05, 1.0)),
    "cloudy": ((158, 172, 186), (222, 226, 226), (208, 214, 216), (0.93, 0.94, 0.96)),
    "late": ((92, 132, 186), (250, 222, 178), (232, 212, 186), (1.10, 1.0, 0.84)),
}


def paint(canvas, mood, place, day):
    """Fills the canvas above the horizon, and the haze below it as a ground to paint on."""
    cam = canvas.cam
    top, low, haze, _ = MOODS[mood]
    hy = int(cam.hy) + 2
    y, x = np.mgrid[0:hy, 0 : cam.w].astype(np.float32)
    down = (y / hy)[..., None]
    sky = np.array(top) * (1 - down**0.8) + np.array(low) * down**0.8
    depth = 1.0 / np.maximum(0.04, 1.02 - y / hy)
    grid = tile(day.randint(20, 26), 4, 7, 0.58)
    clouds = sample(grid, (x - cam.cx) * depth * 0.10 + day.randint(0, 500), depth * 60)
    amount = {"cloudy": 0.28, "morning": 0.58, "noon": 0.52, "late": 0.55}[mood]
    cover = np.clip((clouds - amount) / 0.26, 0, 1)[..., None] * np.clip(down * 4, 0, 1) * 0.9
    lit = np.array((255, 252, 246)) * (1 - 0.16 * np.clip((clouds[..., None] - amount) * 2.2, 0, 1))
    sky = sky * (1 - cover) + lit * cover
    full = np.empty((cam.h, cam.w, 3), np.float32)
    full[:hy] = sky
    full[hy:] = haze
    ridges(full, cam, mood, place)
    canvas.img.paste(Image.fromarray(np.clip(full, 0, 255).astype(np.uint8)))


def ridges(full, cam, mood, rng):
    x = np.arange(cam.w, dtype=np.float32) / cam.w
    haze = MOODS[mood][2]
    peak, side = rng.uniform(0.15, 0.85), rng.uniform(0.12, 0.9)
    cone = lambda at, wide: 1 / (1 + (np.abs(x - at) / wide) ** 1.35)
    rough = lambda seed, f: sample(tile(seed, 4, 6, 0.5), x * 512 * f, x * 0 + seed * 37) - 0.5
    volcano = np.maximum(cone(peak, 0.13), 0.72 * cone(side, 0.17)) * 0.215 + 0.012 * rough(3, 1.0)
    flat = cone(peak, 0.13) > 0.93  # a crater, not a needle
    volcano = np.where(flat, volcano * 0.0 + np.min(volcano[flat]) + 0.006 * rough(6, 3), volcano) if flat.any() else volcano
    hills = 0.045 + 0.05 * (rough(4, 0.6) + 0.5) + 0.004 * rough(9, 6)
    trees = 0.018 + 0.022 * (rough(5, 1.6) + 0.5) + 0.016 * rough(7, 9)
    rows = np.arange(cam.h, dtype=np.float32)[:, None]
    for heights, colour, fog, seed in ((volcano, (96, 122, 150), 0.50, 11), (hills, (84, 118, 104), 0.34, 12), (trees, (52, 84, 48), 0.16, 13)):
        edge = cam.hy - heights[None, :] * cam.h
        inside = np.clip(rows - edge, 0, 1) * (rows <= cam.hy + 1)
        spot = sample(tile(seed, 8, 6, 0.6), (x * 512 * (6 if fog < 0.2 else 2.5))[None, :] + rows * 0, rows * (2.2 if fog < 0.2 else 1.0))
        tint = np.array(colour)[None, None, :] * (0.72 + 0.56 * spot)[..., None]
        rise = np.clip((rows - edge) / (np.max(heights) * cam.h + 1), 0, 1)[..., None]
        misty = fog + (0.75 - fog) * rise * (0.55 if fog > 0.3 else 0.15)
        tint = tint * (1 - misty) + np.array(haze) * misty
        full[:] = full * (1 - inside[..., None]) + tint * inside[..., None]
