"""What lies and stands about on a site: heaps, sacks, tools, boards, workers, poles."""

from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFilter

from . import noise


def heap(canvas, x, z, wide, high, colour, grains=420):
    """A heap of sand, gravel or river stones."""
    rng = canvas.rng
    canvas.shadow(x + 0.25 * -canvas.sun, z, wide * 1.05, 0.55, 0.4)
    rim = [(x - wide, 0, z)] + [(x - wide + 2 * wide * n / 12, high * (sin(pi * n / 12) ** 0.9) * rng.uniform(0.88, 1.06), z) for n in range(1, 12)] + [(x + wide, 0, z)]
    foot = [(x + wide * cos(pi * n / 8), -0.13 * wide * sin(pi * n / 8), z) for n in range(9)]
    canvas.poly(rim + foot[1:-1], tuple(int(c * 0.93) for c in colour))
    for _ in range(grains):
        u = rng.uniform(-1, 1)
        v = rng.random() * (1 - abs(u) ** 1.4) * 0.93
        light = 0.82 + 0.22 * v + 0.16 * canvas.sun * u + rng.uniform(-0.16, 0.16)
        canvas.disc(x + wide * u, high * v, z, wide * rng.uniform(0.012, 0.03), tuple(min(255, int(c * light)) for c in colour), 0.8)


def rocks(canvas, x, z, wide, high, count=46):
    rng = canvas.rng
    canvas.shadow(x, z, wide * 1.1, 0.5, 0.45)
    for n in range(count):
        u = rng.uniform(-1, 1)
        v = (n / count) * (1 - abs(u) ** 1.5)
        r, tone = rng.uniform(0.09, 0.17), rng.uniform(0.72, 1.15)
        base = tuple(int(c * tone) for c in (112, 110, 108))
        canvas.disc(x + wide * u, r * 0.6 + high * v, z, r * 1.06, tuple(int(c * 0.6) for c in base), 0.8)
        canvas.disc(x + wide * u + 0.03 * canvas.sun, r * 0.6 + high * v + 0.03, z, r * 0.86, base, 0.78)


def sacks(canvas, x, z, rows=3):
    rng = canvas.rng
    canvas.shadow(x, z, 0.9, 0.5, 0.4)
    for row in range(rows):
        for n in range(3 - row % 2):
            left, low = x - 0.75 + 0.5 * n + 0.22 * (row % 2), 0.17 * row
            tone = rng.uniform(0.92, 1.05)
            canvas.poly([(left, low, z), (left + 0.5, low, z), (left + 0.47, low + 0.17, z), (left + 0.03, low + 0.17, z)], tuple(int(c * tone) for c in (198, 188, 166)))
            canvas.poly([(left + 0.12, low + 0.05, z), (left + 0.38, low + 0.05, z), (left + 0.38, low + 0.12, z), (left + 0.12, low + 0.12, z)], (128, 134, 150))
            canvas.disc(left + 0.03, low + 0.085, z, 0.08, (186, 176, 154))
            canvas.line([(left, low, z), (left + 0.5, low, z)], (120, 112, 98), 0.02)


def mixer(canvas, x, z):
    """A concrete mixer (molen)."""
    canvas.shadow(x, z, 0.9, 0.5, 0.45)
    for dx in (-0.45, 0.45):
        canvas.line([(x + dx, 0, z), (x + dx * 0.5, 0.8, z)], (72, 72, 76), 0.07)
        canvas.disc(x + dx, 0.2, z - 0.1, 0.2, (38, 38, 40))
    canvas.disc(x, 0.98, z, 0.46, (176, 92, 40), 1.0)
    canvas.disc(x + 0.05 * canvas.sun, 1.02, z, 0.38, (206, 116, 52), 1.0)
    canvas.poly([(x - 0.2, 1.25, z), (x + 0.28, 1.25, z), (x + 0.2, 1.58, z), (x - 0.06, 1.58, z)], (190, 104, 46))
    canvas.line([(x - 0.46, 0.98, z), (x + 0.46, 0.98, z)], (122, 62, 32), 0.05)
    canvas.poly([(x - 0.85, 0.45, z), (x - 0.45, 0.45, z), (x - 0.45, 0.85, z), (x - 0.85, 0.85, z)], (64, 96, 122))


def barrow(canvas, x, z):
    canvas.shadow(x, z, 0.7, 0.5, 0.4)
    canvas.disc(x - 0.5, 0.18, z, 0.18, (40, 40, 42))
    canvas.disc(x - 0.5, 0.18, z, 0.08, (150, 150, 150))
    canvas.poly([(x - 0.45, 0.36, z), (x + 0.3, 0.36, z), (x + 0.45, 0.68, z), (x - 0.55, 0.66, z)], (168, 62, 48))
    canvas.line([(x - 0.5, 0.2, z), (x + 0.95, 0.5, z)], (70, 70, 74), 0.04)
    canvas.line([(x + 0.25, 0.36, z), (x + 0.3, 0.02, z)], (70, 70, 74), 0.04)
    heap_top = [(x - 0.5, 0.66, z), (x - 0.1, 0.82, z), (x + 0.4, 0.68, z)]
    canvas.poly(heap_top, (188, 174, 146))


def tools(canvas, x, z):
    canvas.line([(x, 0.02, z), (x + 0.5, 1.15, z + 0.5)], (158, 122, 78), 0.04)
    canvas.poly([(x - 0.12, 0, z), (x + 0.12, 0, z), (x + 0.1, 0.3, z), (x - 0.1, 0.3, z)], (98, 102, 108))
    canvas.poly([(x + 0.7, 0, z), (x + 0.98, 0, z), (x + 1.02, 0.28, z), (x + 0.66, 0.28, z)], (44, 46, 48))


def worker(canvas, x, z, bent=0.0, shirt=None, hat=None, shovel=True):
    """A worker seen from behind or from the side; no faces."""
    rng = canvas.rng
    shirt = shirt or rng.choice([(226, 112, 38), (214, 196, 60), (60, 98, 140), (196, 206, 72)])
    hat = hat or rng.choice([(240, 204, 52), (236, 236, 232), (206, 172, 112), (62, 112, 178)])
    canvas.shadow(x + 0.2, z, 0.45, 0.5, 0.45)
    lean, trousers = 0.42 * bent, rng.choice([(56, 60, 76), (76, 68, 60), (48, 52, 56)])
    for dx in (-0.11, 0.12):
        canvas.line([(x + dx * 1.25, 0.03, z), (x + dx, 0.45, z), (x + dx * 0.7, 0.86, z)], trousers, 0.16)
        canvas.disc(x + dx * 1.3, 0.05, z - 0.02, 0.09, (40, 38, 36), 0.6)
    shoulder = (x + lean, 1.42 - 0.28 * bent, z)
    canvas.poly([(x - 0.17, 0.82, z), (x + 0.17, 0.82, z), (shoulder[0] + 0.23, shoulder[1], z), (shoulder[0] - 0.23, shoulder[1], z)], shirt)
    canvas.poly([(x + 0.02, 0.82, z), (x + 0.17, 0.82, z), (shoulder[0] + 0.23, shoulder[1], z), (shoulder[0] + 0.05, shoulder[1], z)], tuple(int(c * 0.8) for c in shirt))
    canvas.line([(x - 0.17 + lean * 0.5, 1.08, z), (x + 0.17 + lean * 0.5, 1.08, z)], (232, 232, 210), 0.045)
    hands = (x + 0.42 + lean, 0.92 - 0.2 * bent, z)
    for side in (-0.2, 0.2):
        elbow = (shoulder[0] + side * 1.25, shoulder[1] - 0.32, z)
        canvas.line([(shoulder[0] + side, shoulder[1] - 0.05, z), elbow], shirt, 0.11)
        canvas.line([elbow, hands if shovel else (elbow[0], elbow[1] - 0.28, z)], (150, 104, 74), 0.085)
    canvas.disc(shoulder[0] + 0.05 * bent, shoulder[1] + 0.16, z, 0.115, (138, 94, 68))
    canvas.disc(shoulder[0] + 0.06 * bent, shoulder[1] + 0.22, z, 0.135, hat, 0.72)
    canvas.line([(shoulder[0] - 0.17 + 0.06 * bent, shoulder[1] + 0.2, z), (shoulder[0] + 0.18 + 0.06 * bent, shoulder[1] + 0.2, z)], tuple(int(c * 0.85) for c in hat), 0.035)
    if shovel:
        canvas.line([(hands[0] - 0.35, hands[1] + 0.42, z), (hands[0] + 0.3, 0.06, z)], (162, 126, 82), 0.035)
        canvas.poly([(hands[0] + 0.2, 0.0, z), (hands[0] + 0.44, 0.0, z), (hands[0] + 0.38, 0.24, z), (hands[0] + 0.22, 0.24, z)], (112, 116, 120))


def board(canvas, x, z, high=2.1):
    """The board that says what is built, for how much and from which money; nothing on it can be read."""
    canvas.shadow(x, z, 0.9, 0.3, 0.3)
    for dx in (-0.6, 0.6):
        canvas.post(x + dx, z, 0, high, 0.07, (150, 118, 76))
    face = lambda u0, u1, v0, v1: [(x - 0.85 + 1.7 * u0, 1.0 + 1.1 * v0, z - 0.03), (x - 0.85 + 1.7 * u1, 1.0 + 1.1 * v0, z - 0.03), (x - 0.85 + 1.7 * u1, 1.0 + 1.1 * v1, z - 0.03), (x - 0.85 + 1.7 * u0, 1.0 + 1.1 * v1, z - 0.03)]
    canvas.poly(face(0, 1, 0, 1), (240, 240, 234))
    canvas.poly(face(0, 1, 0.78, 1), (38, 92, 150))
    canvas.poly(face(0.18, 0.82, 0.85, 0.92), (240, 240, 240))
    for n in range(5):
        canvas.poly(face(0.08, 0.34, 0.64 - 0.13 * n, 0.68 - 0.13 * n), (96, 100, 104))
        canvas.poly(face(0.40, 0.62 + 0.27 * canvas.rng.random(), 0.64 - 0.13 * n, 0.68 - 0.13 * n), (60, 64, 68))


def formwork(canvas, u, start, end, bend=0.0, high=0.18):
    """Planks on edge beside a slab to be cast."""
    length = 3.0
    z = end
    while z > start:
        low = max(start, z - length)
        a, b = u + bend * low * low, u + bend * z * z
        tone = canvas.rng.uniform(0.85, 1.1)
        canvas.poly([(a, 0, low), (b, 0, z), (b, high, z), (a, high, low)], tuple(int(c * tone) for c in (176, 134, 86)))
        canvas.line([(a, high, low), (b, high, z)], (206, 170, 122), 0.03)
        canvas.post(a, low, 0, high + 0.16, 0.05, (150, 116, 76))
        z = low


def mesh(canvas, half, start, end, bend=0.0):
    """Reinforcement laid out on plastic."""
    for n in range(int((end - start) / 0.35)):
        z = end - 0.35 * n
        canvas.line([(-half + bend * z * z, 0.05, z), (half + bend * z * z, 0.05, z)], (112, 76, 58), 0.014)
    for n in range(9):
        u = -half + 2 * half * n / 8
        zs = [start + (end - start) * k / 10 for k in range(11)]
        canvas.line([(u + bend * z * z, 0.05, z) for z in zs], (112, 76, 58), 0.014)


def power_line(canvas, u, bend=0.0, first=9.0, count=6, gap=22.0):
    """Concrete poles with wires."""
    tops = []
    for n in reversed(range(count)):
        z = first + gap * n
        x = u + bend * z * z
        canvas.post(x, z, 0, 7.2, 0.22, (150, 148, 142))
        canvas.line([(x - 0.6, 6.7, z), (x + 0.6, 6.7, z)], (96, 92, 88), 0.1)
        tops.append((x, 6.7, z))
    for dx in (-0.5, 0.5):
        for a, b in zip(tops, tops[1:]):
            middle = ((a[0] + b[0]) / 2 + dx, 6.2, (a[2] + b[2]) / 2)
            canvas.line([(a[0] + dx, a[1], a[2]), middle, (b[0] + dx, b[1], b[2])], (70, 72, 76), 0.025)


def lamp(canvas, x, z, side, percent):
    """A solar street lamp: hole, bare pole, finished."""
    canvas.shadow(x, z, 0.3, 0.5, 0.4)
    if percent == 0:
        canvas.post(x, z, 0, 0.6, 0.07, (198, 62, 52))
        return
    canvas.quad([(x - 0.2, 0, z), (x + 0.2, 0, z), (x + 0.17, 0.35, z), (x - 0.17, 0.35, z)], noise.plaster((176, 174, 168)))
    canvas.post(x, z, 0.3, 6.2, 0.15, (186, 190, 194))
    if percent < 100:
        return
    arm = (x + side * 1.5, 6.35, z)
    canvas.line([(x, 5.9, z), arm], (172, 176, 180), 0.08)
    canvas.poly([(arm[0] - 0.35, 6.26, z), (arm[0] + 0.35, 6.26, z), (arm[0] + 0.3, 6.42, z), (arm[0] - 0.3, 6.42, z)], (226, 228, 230))
    canvas.poly([(x - 0.55, 6.35, z), (x + 0.55, 6.35, z), (x + 0.42, 7.0, z + 0.4), (x - 0.68, 7.0, z + 0.4)], (34, 48, 92))
    canvas.line([(x - 0.55, 6.35, z), (x + 0.55, 6.35, z)], (206, 210, 214), 0.05)


def glow(canvas, x, y, z, metres):
    px, py = canvas.cam.at(x, y, z)
    r = canvas.cam.px(metres, z)
    light = Image.new("L", canvas.img.size, 0)
    pen = ImageDraw.Draw(light)
    pen.ellipse([px - r, py - r, px + r, py + r], fill=120)
    pen.ellipse([px - r * 0.3, py - r * 0.25, px + r * 0.3, py + r * 0.25], fill=255)
    canvas.img.paste((255, 238, 190), (0, 0), light.filter(ImageFilter.GaussianBlur(max(2, r * 0.4))))


def tower(canvas, x, z, percent):
    """A water tank on its tower; a drilling tripod before it."""
    canvas.shadow(x, z, 1.6, 0.6, 0.4)
    if percent < 100:
        top = (x, 5.6, z)
        for foot in ((x - 1.5, 0, z - 0.3), (x + 1.5, 0, z - 0.3), (x + 0.2, 0, z + 1.4)):
            canvas.line([foot, top], (152, 56, 44), 0.11)
        canvas.line([(x, 0, z), (x, 5.6, z)], (120, 124, 128), 0.07)
        canvas.line([(x - 0.7, 2.8, z), (x + 0.7, 2.8, z)], (152, 56, 44), 0.08)
        canvas.poly([(x + 1.7, 0.15, z), (x + 2.9, 0.15, z), (x + 2.9, 0.95, z), (x + 1.7, 0.95, z)], (62, 104, 84))
        for dx in (1.95, 2.65):
            canvas.disc(x + dx, 0.15, z - 0.05, 0.17, (40, 40, 40))
        return
    for dx, dz in ((-0.95, 1.9), (0.95, 1.9), (-0.95, 0), (0.95, 0)):
        canvas.quad([(x + dx - 0.14, 0, z + dz), (x + dx + 0.14, 0, z + dz), (x + dx + 0.14, 4.1, z + dz), (x + dx - 0.14, 4.1, z + dz)], noise.plaster((206, 204, 196)), 0.8 if dz else 1.0)
    for y in (1.4, 2.8):
        canvas.line([(x - 0.95, y, z), (x + 0.95, y, z)], (176, 174, 168), 0.16)
    canvas.poly([(x - 1.25, 4.1, z - 0.2), (x + 1.25, 4.1, z - 0.2), (x + 1.25, 4.32, z - 0.2), (x - 1.25, 4.32, z - 0.2)], (214, 212, 204))
    for n in range(24):
        share = (n + 0.5) / 24
        angle = pi * share
        tone = 0.62 + 0.5 * max(0.0, cos(angle - (0.7 if canvas.sun > 0 else 2.4)))
        left, right = x - 0.95 * cos(pi * n / 24), x - 0.95 * cos(pi * (n + 1) / 24)
        canvas.poly([(left, 4.32, z), (right + 0.01, 4.32, z), (right + 0.01, 6.1, z), (left, 6.1, z)], tuple(min(255, int(c * tone)) for c in (236, 128, 44)))
    for y in (4.75, 5.2, 5.65):
        canvas.line([(x - 0.96, y, z), (x + 0.96, y, z)], (186, 92, 30), 0.05)
    canvas.poly([(x - 0.95, 6.1, z), (x + 0.95, 6.1, z), (x + 0.35, 6.42, z), (x - 0.35, 6.42, z)], (216, 112, 36))
    canvas.line([(x + 0.5, 0.3, z - 0.1), (x + 0.5, 4.2, z - 0.1)], (120, 160, 196), 0.07)
