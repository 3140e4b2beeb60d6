"""The ground: rice fields, verges, and a lane of earth, gravel, concrete, asphalt or paving stones."""

import numpy as np
from PIL import Image

from .noise import noise

SEASONS = {"young": (112, 158, 62), "green": (84, 136, 52), "ripe": (188, 168, 78), "water": (104, 124, 92)}


def smooth(low, high, value):
    share = np.clip((value - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


class Ground:
    def __init__(self, camera, rng, bend=0.0, mood_light=(1, 1, 1), haze=(210, 220, 226)):
        self.cam, self.rng, self.light, self.haze = camera, rng, np.array(mood_light, np.float32), np.array(haze, np.float32)
        self.x, self.z = camera.ground()
        self.bend = bend
        self.u = self.x - bend * self.z**2
        self.seed = rng.randint(2, 9)
        #: Detail fades where a pixel is larger than the detail.
        self.near = 1 / (1 + (self.z / 26) ** 2)
        self.rgb = np.zeros((*self.x.shape, 3), np.float32)
        self.grass()

    def fine(self, metres, seed=1, **more):
        return noise(self.x, self.z, metres, self.seed + seed, **more)

    def put(self, colour, cover):
        self.rgb = self.rgb * (1 - cover[..., None]) + colour * cover[..., None]

    def grass(self):
        tone, blade = self.fine(2.4, 1), self.fine(0.16, 2)
        base = np.array((92, 122, 48)) * (0.78 + 0.34 * tone)[..., None]
        dry = np.array((150, 142, 82)) * (0.8 + 0.3 * tone)[..., None]
        share = smooth(0.55, 0.85, self.fine(1.2, 3))[..., None] * 0.6
        self.rgb = (base * (1 - share) + dry * share) * (1 + (blade - 0.5) * 0.7 * self.near)[..., None]

    def rice(self, low, high, season):
        """Paddies between two lines beside the lane, with dykes."""
        u, z = self.u, self.z
        cover = smooth(low, low + 0.15, u) * (1 - smooth(high - 0.15, high, u)) * smooth(2.0, 2.6, z)
        tone, blade = self.fine(7, 4), self.fine(0.13, 5)
        colour = np.array(SEASONS[season]) * (0.84 + 0.28 * tone)[..., None]
        rows = np.cos(u * 2 * np.pi / 0.32) * np.exp(-z / 16)
        colour = colour * (1 + 0.22 * rows + (blade - 0.5) * 0.8 * self.near)[..., None]
        if season in ("water", "young"):
            wet = np.array((176, 196, 204)) * (0.8 + 0.25 * self.fine(3, 6))[..., None]
            share = (0.55 if season == "water" else 0.25) * smooth(-0.2, 0.7, -np.cos(u * 2 * np.pi / 0.32) * np.exp(-z / 20))
            colour = colour * (1 - share[..., None]) + wet * share[..., None]
        self.put(colour, cover)
        dyke = np.maximum(np.exp(-(((z % 14) - 7) ** 2) / 0.18), np.exp(-(((u - low) % 9 - 8.6) ** 2) / 0.10))
        self.put(np.array((104, 118, 58)) * (0.7 + 0.5 * blade)[..., None], cover * dyke * 0.85)

    def yard(self, low, high, colour=(164, 138, 104)):
        """Swept earth of house yards."""
        cover = smooth(low, low + 0.5, self.u + 0.3 * (self.fine(1.5, 7) - 0.5)) * (1 - smooth(high - 0.5, high, self.u))
        self.put(np.array(colour) * (0.82 + 0.3 * self.fine(1.2, 8) + 0.16 * (self.fine(0.1, 9) - 0.5) * self.near)[..., None], cover)

    def lane(self, half, surface, start=0.0, end=999.0, edge=0.10, centre=0.0):
        """A strip of a surface along the lane, from so far to so far away."""
        wild = {"earth": 0.5, "gravel": 0.22}.get(surface, 0.015)
        wobble = wild * (noise(self.z * 0 + 3 * np.sign(self.u), self.z, 1.1, 3) - 0.5) * 2
        inside = 1 - smooth(half - edge, half + edge * 0.2, np.abs(self.u - centre) + wobble)
        wave = 0.6 * (noise(self.u, self.z * 0, 0.9, 4) - 0.5)
        cover = inside * smooth(start - 0.08, start + 0.08, self.z + (wave if wild > 0.1 else 0)) * (1 - smooth(end - 0.08, end + 0.08, self.z))
        self.put(getattr(self, surface)(half, centre), cover)

    def earth(self, half, centre):
        tone, clods, pit = self.fine(1.8, 10), self.fine(0.22, 11), self.fine(0.9, 12)
        colour = np.array((150, 116, 80)) * (0.74 + 0.4 * tone + 0.26 * (clods - 0.5) * self.near)[..., None]
        rut = np.exp(-((np.abs(self.u - centre) - 0.62) ** 2) / 0.045)
        colour *= (1 - 0.24 * rut * (0.6 + 0.5 * pit))[..., None]
        ridge = np.exp(-((self.u - centre) ** 2) / 0.06) * smooth(0.42, 0.62, self.fine(0.5, 13))
        colour = colour * (1 - 0.55 * ridge[..., None]) + np.array((96, 116, 52)) * 0.55 * ridge[..., None]
        puddle = smooth(0.66, 0.70, pit + 0.22 * rut - 0.08) * smooth(0.2, 0.5, rut + 0.1)
        mirror = np.array((186, 200, 208)) * (0.86 + 0.16 * self.fine(2, 14))[..., None]
        return colour * (1 - 0.8 * puddle[..., None]) + mirror * 0.8 * puddle[..., None]

    def gravel(self, half, centre):
        stone, tone = self.fine(0.085, 15, start=16, octaves=3), self.fine(1.6, 16)
        colour = np.array((168, 162, 150)) * (0.80 + 0.22 * tone)[..., None]
        pebble = self.fine(0.035, 25, start=32, octaves=2)
        return colour * (1 + (0.42 * (stone - 0.5) + 0.5 * (pebble - 0.5)) * (0.1 + 0.9 * self.near))[..., None]

    def concrete(self, half, centre):
        stain, grain, brush = self.fine(2.6, 17), self.fine(0.06, 18, start=16, octaves=3), self.fine(0.9, 19)
        colour = np.array((196, 194, 186)) * (0.88 + 0.14 * stain + 0.05 * (brush - 0.5))[..., None]
        broom = np.sin(self.z * 2 * np.pi / 0.05) * np.exp(-self.z / 4) * 0.03
        colour *= (1 + 0.16 * (grain - 0.5) * self.near + broom)[..., None]
        width = 0.02 + 0.0016 * self.z
        joint = np.exp(-(((self.z % 5.0) - 2.5) ** 2) / (2 * width**2)) * (1 / (1 + self.z / 60))
        rim = smooth(half - 0.22, half - 0.02, np.abs(self.u - centre))
        return colour * (1 - 0.5 * joint - 0.10 * rim)[..., None]

    def wet(self, half, centre):
        """Concrete of today."""
        return self.concrete(half, centre) * np.array((0.70, 0.73, 0.76))

    def asphalt(self, half, centre):
        stain, grain = self.fine(3.2, 20), self.fine(0.05, 21, start=16, octaves=3)
        colour = np.array((74, 75, 78)) * (0.90 + 0.18 * stain)[..., None]
        colour *= (1 + 0.5 * (grain - 0.5) * (0.06 + 0.94 * self.near))[..., None]
        gloss = np.exp(-((np.abs(self.u - centre) - 0.75) ** 2) / 0.12)
        return colour * (1 + 0.12 * gloss)[..., None]

    def paving(self, half, centre):
        u, z = self.u - centre, self.z
        row = np.floor(z / 0.105)
        shift = np.where(row % 2 == 0, 0.0, 0.105)
        column = np.floor((u + shift) / 0.21)
        tint = ((np.sin(row * 12.9898 + column * 78.233) * 43758.5453) % 1.0).astype(np.float32)
        fade = np.exp(-z / 14)
        colour = np.array((168, 160, 152)) * (0.92 + 0.16 * (tint - 0.5) * fade * 1.6 + 0.12 * (self.fine(2.5, 22) - 0.5))[..., None]
        red = (np.abs(np.abs(u) - half + 0.42) < 0.105)[..., None]
        colour = np.where(red, np.array((164, 92, 76)) * (0.9 + 0.25 * tint * fade)[..., None], colour)
        line_z = smooth(0.40, 0.5, np.abs((z / 0.105) % 1 - 0.5))
        line_u = smooth(0.44, 0.5, np.abs(((u + shift) / 0.21) % 1 - 0.5))
        return colour * (1 - 0.34 * np.maximum(line_z, line_u) * fade)[..., None]

    def sand(self, half, centre):
        return np.array((190, 176, 146)) * (0.85 + 0.2 * self.fine(0.8, 23) + 0.2 * (self.fine(0.05, 24) - 0.5) * self.near)[..., None]

    def water(self, near, far, side_low=-99, side_high=99):
        """A river across, or a pond: the colour of the sky with ripples."""
        cover = ((self.z > near) & (self.z < far) & (self.x > side_low) & (self.x < side_high)).astype(np.float32)
        ripple = noise(self.x * 0.35, self.z, 0.5, 6)
        self.put(np.array((122, 132, 112)) * (0.78 + 0.5 * ripple)[..., None], cover)

    def dapple(self, side, reach=5.0, strength=0.42):
        """Shade of the trees at one side."""
        leaf = noise(self.x * 0.55, self.z, 1.6, 7)
        where = smooth(1.0, reach, side * self.u + 2.2)
        shade = smooth(0.42, 0.62, leaf) * where * strength
        self.rgb *= (1 - shade)[..., None]

    def finish(self, image):
        fog = (1 - np.exp(-self.z / 260))[..., None]
        pixels = self.rgb * self.light * (1 - fog) + self.haze * fog
        part = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        image.paste(part, (0, int(self.cam.hy) + 1))
