"""A pinhole camera at eye height and a canvas that draws things of the world: metres to the right, up and away."""

from math import cos, sin, tau

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

#: Drawn larger by this and scaled down at the end.
SCALE = 1.6
NEAR = 0.6


class Camera:
    def __init__(self, width, height, eye=1.55, horizon=0.42, zoom=0.86):
        self.w, self.h = int(width * SCALE), int(height * SCALE)
        self.eye, self.f = eye, zoom * max(self.w, self.h) * (1 if width > height else 0.92)
        self.cx, self.hy = self.w / 2, self.h * horizon

    def at(self, x, y, z):
        z = max(z, NEAR)
        return (self.cx + self.f * x / z, self.hy + self.f * (self.eye - y) / z)

    def ground(self):
        """For each pixel below the horizon: metres to the right and away."""
        rows = np.arange(int(self.hy) + 1, self.h, dtype=np.float32)
        away = self.f * self.eye / (rows - self.hy)
        right = (np.arange(self.w, dtype=np.float32)[None, :] - self.cx) * away[:, None] / self.f
        return right, np.repeat(away[:, None], self.w, 1)

    def px(self, metres, z):
        return self.f * metres / max(z, NEAR)


def mix(a, b, share):
    return tuple(int(x + (y - x) * share) for x, y in zip(a, b))


class Canvas:
    def __init__(self, camera, rng, haze=(206, 220, 228), sun=-1):
        self.cam, self.rng, self.haze, self.sun = camera, rng, haze, sun
        self.img = Image.new("RGB", (camera.w, camera.h))
        self.pen = ImageDraw.Draw(self.img)

    def far(self, colour, z):
        """A colour as the air leaves it at this distance."""
        return mix(colour, self.haze, 1 - np.exp(-z / 260))

    def poly(self, points, colour):
        z = sum(p[2] for p in points) / len(points)
        self.pen.polygon([self.cam.at(*p) for p in points], fill=self.far(colour, z))

    def line(self, points, colour, metres):
        for a, b in zip(points, points[1:]):
            z = (a[2] + b[2]) / 2
            wide = max(1, round(self.cam.px(metres, z)))
            self.pen.line([self.cam.at(*a), self.cam.at(*b)], fill=self.far(colour, z), width=wide)

    def post(self, x, z, low, high, metres, colour):
        """An upright with a lit and a dark side."""
        for at, tint in ((-0.25, 1.12), (0.25, 0.72)):
            tinted = tuple(min(255, int(c * tint)) for c in colour)
            half = metres / 4
            self.poly([(x + at * metres - half, low, z), (x + at * metres + half, low, z), (x + at * metres + half, high, z), (x + at * metres - half, high, z)], tinted)

    def disc(self, x, y, z, metres, colour, flat=1.0):
        px, py = self.cam.at(x, y, z)
        r = self.cam.px(metres, z)
        self.pen.ellipse([px - r, py - r * flat, px + r, py + r * flat], fill=self.far(colour, z))

    def quad(self, corners, texture, shade=1.0, mask=None):
        """A texture on four corners: lower left, lower right, upper right, upper left, as seen in the texture."""
        z = sum(p[2] for p in corners) / 4
        points = [self.cam.at(*p) for p in corners]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = [max(0, int(min(xs))), max(0, int(min(ys))), min(self.cam.w, int(max(xs)) + 2), min(self.cam.h, int(max(ys)) + 2)]
        if box[2] - box[0] < 2 or box[3] - box[1] < 2:
            return
        tw, th = texture.size
        source = [(1, th - 1), (tw - 1, th - 1), (tw - 1, 1), (1, 1)]  # not the very rim: outside it is black
        rows, goal = [], []
        for (x, y), (u, v) in zip(points, source):
            x, y = x - box[0], y - box[1]
            rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
            goal += [u, v]
        try:
            coefficients = np.linalg.solve(np.array(rows), np.array(goal))
        except np.linalg.LinAlgError:
            return
        size = (box[2] - box[0], box[3] - box[1])
        warped = texture.transform(size, Image.PERSPECTIVE, coefficients, Image.BICUBIC)
        shape = Image.new("L", size, 0)
        ImageDraw.Draw(shape).polygon([(x - box[0], y - box[1]) for x, y in points], fill=255)
        if mask is not None:
            shape = Image.composite(shape, Image.new("L", size, 0), mask.crop(tuple(box)))
        fog = 1 - np.exp(-z / 260)
        pixels = np.asarray(warped, np.float32) * shade * (1 - fog) + np.array(self.haze, np.float32) * fog
        self.img.paste(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), tuple(box[:2]), shape)

    def mask(self, points):
        mask = Image.new("L", self.img.size, 0)
        ImageDraw.Draw(mask).polygon([self.cam.at(*p) for p in points], fill=255)
        return mask

    def shadow(self, x, z, wide, deep, strength=0.45):
        """A soft dark spot on the ground."""
        px, py = self.cam.at(x, 0, z)
        rx, ry = self.cam.px(wide, z), max(2, self.cam.px(wide, z) * 0.9 * self.cam.eye / max(z, 1) * deep)
        pad = int(rx * 0.6) + 6
        box = [int(px - rx - pad), int(py - ry - pad), int(px + rx + pad), int(py + ry + pad)]
        if box[2] <= 0 or box[0] >= self.cam.w or box[1] >= self.cam.h or rx < 1:
            return
        dark = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        ImageDraw.Draw(dark).ellipse([pad, pad, pad + 2 * rx, pad + 2 * ry], fill=int(255 * strength))
        dark = dark.filter(ImageFilter.GaussianBlur(max(1, ry * 0.35)))
        self.img.paste((22, 26, 20), (box[0], box[1]), dark)

    def ring(self, count, radius):
        return [(radius * cos(tau * n / count), radius * sin(tau * n / count)) for n in range(count)]
