"""Trees, palms, bananas, bushes and tufts of grass."""

from math import cos, pi, sin


def crown(canvas, x, y, z, wide, high, colour, count=70):
    """A round crown of leaves: dark below, light where the sun is."""
    rng = canvas.rng
    canvas.disc(x, y, z, wide * 0.82, tuple(int(c * 0.62) for c in colour), high / wide)
    for layer in range(3):
        for _ in range(count):
            angle, far = rng.uniform(0, 2 * pi), rng.random() ** 0.5
            dx, dy = wide * far * cos(angle), high * far * sin(angle)
            light = 0.66 + 0.17 * layer + 0.24 * (dy / high) + 0.16 * canvas.sun * dx / wide + rng.uniform(-0.09, 0.09)
            if layer and dy / high * 0.7 + canvas.sun * dx / wide * 0.5 + rng.uniform(-0.6, 0.6) < -0.25 + 0.25 * layer:
                continue
            size = rng.uniform(0.06, 0.13) * (wide + high) / 2 * (1.25 - 0.3 * layer)
            tint = tuple(min(255, max(0, int(c * light))) for c in colour)
            canvas.disc(x + dx, y + dy, z, size, tint, rng.uniform(0.6, 0.9))


def tree(canvas, x, z, height=7.0, colour=None):
    rng = canvas.rng
    colour = colour or rng.choice([(82, 126, 50), (70, 112, 48), (98, 136, 58), (64, 104, 56)])
    canvas.shadow(x + 0.8, z, height * 0.34, 0.5, 0.4)
    lean = rng.uniform(-0.3, 0.3)
    canvas.line([(x, 0, z), (x + lean * 0.6, height * 0.3, z), (x + lean, height * 0.62, z)], (92, 74, 56), height * 0.045)
    for n in range(3):
        canvas.line([(x + lean * 0.7, height * 0.42, z), (x + lean + (n - 1) * height * 0.16, height * 0.66, z)], (84, 68, 52), height * 0.02)
    for dx, dy, size in ((-0.18, 0.62, 0.24), (0.18, 0.64, 0.25), (0.0, 0.78, 0.27)):
        crown(canvas, x + lean + dx * height, dy * height, z, size * height, size * height * 0.78, colour, 85)


def palm(canvas, x, z, height=9.0):
    """A coconut palm."""
    rng = canvas.rng
    lean = rng.uniform(-1.2, 1.2)
    canvas.shadow(x + 0.6, z, 1.2, 0.4, 0.3)
    points = [(x + lean * (n / 8) ** 1.8, height * n / 8, z) for n in range(9)]
    for n, (a, b) in enumerate(zip(points, points[1:])):
        canvas.line([a, b], (124 - 3 * (n % 2), 108 - 3 * (n % 2), 86), 0.26 - 0.012 * n)
        canvas.line([(a[0] + 0.07, a[1], z), (b[0] + 0.07, b[1], z)], (92, 78, 62), 0.08)
    top = points[-1]
    for n in range(13):
        angle = pi * (n / 12) * 1.24 - pi * 0.12 + rng.uniform(-0.08, 0.08)
        long = height * rng.uniform(0.24, 0.30)
        back = n % 2
        rib = []
        for step in range(9):
            share = step / 8
            dx, dy = long * share * cos(angle), long * (share * sin(angle) * 0.9 - 0.62 * share**2.1)
            rib.append((top[0] + dx, top[1] + dy, z))
        light = (0.72 if back else 1.0) * (1.08 if cos(angle) * canvas.sun > 0 else 0.84)
        leaf = tuple(int(c * light) for c in (96, 138, 52))
        canvas.line(rib, tuple(int(c * 0.8) for c in leaf), 0.05)
        for a, b in zip(rib[1:], rib[2:] + [rib[-1]]):
            for side in (-1, 1):
                droop = height * 0.045
                tip = (a[0] + side * height * 0.018 + (b[0] - a[0]) * 0.9, a[1] - droop * rng.uniform(0.6, 1.1), z)
                canvas.poly([a, b, tip], tuple(int(c * rng.uniform(0.82, 1.1)) for c in leaf))
    for n in range(4):
        canvas.disc(top[0] + (n - 1.5) * 0.17, top[1] - 0.2, z, 0.15, (110, 112, 48))


def banana(canvas, x, z, height=3.2):
    rng = canvas.rng
    canvas.shadow(x + 0.3, z, 0.8, 0.5, 0.35)
    canvas.line([(x, 0, z), (x, height * 0.5, z)], (120, 132, 70), 0.22)
    for n in range(8):
        angle = pi * (0.08 + 0.84 * n / 7) + rng.uniform(-0.12, 0.12)
        long, rib = height * rng.uniform(0.52, 0.7), []
        for step in range(7):
            share = step / 6
            rib.append((x + long * share * cos(angle), height * 0.48 + long * (share * sin(angle) - 0.5 * share**2), z))
        for side, light in ((1, 1.05), (-1, 0.82)):
            wide = 0.2 * height * 0.34
            edge = [(p[0] - side * wide * sin(angle) * sin(pi * min(1, (i + 0.4) / 6.2)), p[1] + side * wide * cos(angle) * sin(pi * min(1, (i + 0.4) / 6.2)), z) for i, p in enumerate(rib)]
            tone = light * rng.uniform(0.88, 1.08)
            canvas.poly(rib + edge[::-1], tuple(int(c * tone) for c in (116, 158, 62)))
        canvas.line(rib, (164, 186, 104), 0.03)


def bush(canvas, x, z, size=0.7, colour=None):
    canvas.shadow(x, z, size, 0.5, 0.35)
    colour = colour or canvas.rng.choice([(84, 124, 48), (98, 132, 56), (72, 108, 50)])
    crown(canvas, x, size * 0.5, z, size, size * 0.55, colour, 40)


def tufts(canvas, low, high, near, far, count, bend=0.0, tall=0.28, colours=((110, 138, 52), (86, 118, 44), (146, 146, 72))):
    """Blades of grass between two lines beside the lane, the far ones first."""
    rng = canvas.rng
    spots = sorted(((near + (far - near) * rng.random() ** 1.7, rng.uniform(low, high)) for _ in range(count)), reverse=True)
    for z, u in spots:
        x, base = u + bend * z * z, rng.choice(colours)
        for _ in range(5):
            light = rng.uniform(0.7, 1.15)
            height, dx = tall * rng.uniform(0.4, 1.1), rng.uniform(-0.12, 0.12)
            foot = x + rng.uniform(-0.07, 0.07)
            canvas.line([(foot, 0, z), (foot + dx * 0.4, height * 0.6, z), (foot + dx, height, z)], tuple(int(c * light) for c in base), 0.012)
