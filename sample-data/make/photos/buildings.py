"""Houses and the buildings of the works: boxes with a roof, in each stage of building."""

from . import noise


def wall(canvas, a, b, low, high, texture, shade):
    """An upright wall between two places on the ground."""
    canvas.quad([(a[0], low, a[1]), (b[0], low, b[1]), (b[0], high, b[1]), (a[0], high, a[1])], texture, shade)


def on_front(x0, x1, z, u0, u1, v0, v1, y_high):
    """Corners of a piece of a front wall, in shares of it."""
    left, right = x0 + (x1 - x0) * u0, x0 + (x1 - x0) * u1
    return [(left, v0 * y_high, z), (right, v0 * y_high, z), (right, v1 * y_high, z), (left, v1 * y_high, z)]


def opening(canvas, x0, x1, z, high, u0, u1, v0, v1, frame=(108, 74, 48), inside=(48, 54, 58)):
    corners = on_front(x0, x1, z, u0, u1, v0, v1, high)
    canvas.poly(corners, frame)
    pad_u, pad_v = (u1 - u0) * 0.09, (v1 - v0) * 0.05
    canvas.poly(on_front(x0, x1, z, u0 + pad_u, u1 - pad_u, v0 + pad_v, v1 - pad_v, high), inside)
    middle = (u0 + u1) / 2
    canvas.poly(on_front(x0, x1, z, middle - pad_u / 3, middle + pad_u / 3, v0 + pad_v, v1 - pad_v, high), frame)
    canvas.poly(on_front(x0, x1, z, u0 + pad_u * 1.4, middle - pad_u, (v0 + v1) / 2, v1 - pad_v * 1.6, high), tuple(min(255, c + 46) for c in inside))


def side_openings(canvas, x, z0, z1, high):
    """A door and windows in the wall along the lane."""
    deep = z1 - z0
    for low, top, v0, v1 in ((0.10, 0.27, 0.34, 0.72), (0.42, 0.57, 0.0, 0.72), (0.72, 0.89, 0.34, 0.72)):
        for pad, colour in ((0.0, (112, 80, 54)), (0.016, (70, 88, 98) if v0 else (92, 66, 44))):
            a, b, c, d = z0 + deep * (low + pad), z0 + deep * (top - pad), high * (v0 + pad), high * (v1 - pad)
            canvas.poly([(x, c, a), (x, c, b), (x, d, b), (x, d, a)], colour)
        middle = z0 + deep * (low + top) / 2
        canvas.line([(x, high * v0, middle), (x, high * v1, middle)], (112, 80, 54), 0.05)


def roof(canvas, x0, x1, z0, z1, high, rise, texture, over=0.55, gable=False):
    """Hipped, or with the gable to the viewer."""
    x0, x1, z0, z1 = x0 - over, x1 + over, z0 - over, z1 + over
    if gable:
        ridge = (x0 + x1) / 2
        for side, shade in ((x0, 0.95), (x1, 0.8)):
            canvas.quad([(side, high, z0), (side, high, z1), (ridge, high + rise, z1), (ridge, high + rise, z0)], texture, shade)
        canvas.poly([(x0 + over, high, z0 + 0.1), (x1 - over, high, z0 + 0.1), (ridge, high + rise * 0.86, z0 + 0.1)], (214, 204, 186))
        for side in (x0, x1):
            canvas.line([(side, high, z0), (ridge, high + rise, z0)], (122, 74, 52), 0.16)
        return
    inset, depth = min(1.6, (x1 - x0) * 0.24), (z0 + z1) / 2
    top = [(x1 - inset, high + rise, depth), (x0 + inset, high + rise, depth)]
    # The end that the viewer sees, then the front.
    if x0 > 0:
        canvas.quad([(x0, high, z1), (x0, high, z0), top[1], (x0 + inset, high + rise, depth + 0.01)], texture, 0.72)
        canvas.poly([(x0, high, z1), (x0, high, z0), top[1]], (132, 66, 44))
    if x1 < 0:
        canvas.poly([(x1, high, z0), (x1, high, z1), top[0]], (132, 66, 44))
    canvas.quad([(x0, high, z0), (x1, high, z0), top[0], top[1]], texture, 1.0)
    canvas.line([top[1], top[0]], (118, 62, 44), 0.18)
    canvas.line([(x0, high - 0.05, z0), (x1, high - 0.05, z0)], (232, 226, 214), 0.14)


def box(canvas, x0, x1, z0, z1, high, texture, sun=-1):
    """The walls that the viewer can see."""
    if x0 > 0:
        wall(canvas, (x0, z1), (x0, z0), 0, high, texture, 0.78 if sun > 0 else 0.92)
    if x1 < 0:
        wall(canvas, (x1, z0), (x1, z1), 0, high, texture, 0.92 if sun > 0 else 0.76)
    wall(canvas, (x0, z0), (x1, z0), 0, high, texture, 1.0)


def house(canvas, x, z, wide=6.0, colour=None, poor=False):
    """A village house beside the lane."""
    rng = canvas.rng
    colour = colour or rng.choice([(222, 208, 170), (176, 200, 186), (214, 178, 150), (190, 206, 214), (230, 222, 206), (204, 190, 146)])
    x0, x1, z1, high = x - wide / 2, x + wide / 2, z + wide * 0.8, rng.uniform(2.6, 3.0)
    canvas.shadow(x, z + 1, wide * 0.72, 0.6, 0.4)
    box(canvas, x0, x1, z, z1, high, noise.weave() if poor else noise.plaster(colour), canvas.sun)
    if x0 > 0 or x1 < 0:
        side_openings(canvas, x0 if x0 > 0 else x1, z, z1, high)
    opening(canvas, x0, x1, z, high, 0.42, 0.58, 0.0, 0.74)
    for u in (0.12, 0.70):
        opening(canvas, x0, x1, z, high, u, u + 0.19, 0.34, 0.74, inside=(74, 92, 102))
    roof(canvas, x0, x1, z, z1, high, wide * rng.uniform(0.26, 0.34), noise.tiles(colour=rng.choice([(168, 84, 54), (150, 78, 56), (140, 92, 72)])), gable=rng.random() < 0.35)


def stakes(canvas, x0, x1, z0, z1):
    """A plot marked out with bamboo and string."""
    corners = [(x0, z0), (x1, z0), (x1, z1), (x0, z1)]
    for a, b in zip(corners, corners[1:] + corners[:1]):
        canvas.line([(a[0], 0.5, a[1]), (b[0], 0.5, b[1])], (236, 232, 222), 0.022)
    for x, z in sorted(corners, key=lambda p: -p[1]):
        canvas.post(x, z, 0, 0.72, 0.07, (178, 150, 88))


def scaffold(canvas, x0, x1, z, high):
    for n in range(6):
        x = x0 + (x1 - x0) * n / 5
        canvas.line([(x, 0, z), (x + canvas.rng.uniform(-0.1, 0.1), high, z)], (172, 146, 88), 0.075)
    for y in (high * 0.36, high * 0.72):
        canvas.line([(x0 - 0.2, y, z), (x1 + 0.2, y, z)], (158, 132, 78), 0.07)
    canvas.line([(x0 - 0.1, high * 0.74, z), (x1 + 0.1, high * 0.74, z)], (146, 112, 72), 0.12)


def building(canvas, x0, x1, z0, z1, percent, high=3.3, colour=(236, 226, 192), trim=(48, 122, 96), sign=True, gable=False, door=(0.42, 0.58)):
    """The building of the work: marked plot, raw brick, finished."""
    if percent == 0:
        stakes(canvas, x0, x1, z0, z1)
        return
    canvas.shadow((x0 + x1) / 2, z0 + 0.5, (x1 - x0) * 0.62, 0.7, 0.42)
    if percent < 100:
        brick = noise.brick(7)
        low = high * 0.72
        box(canvas, x0, x1, z0, z1, low, brick, canvas.sun)
        opening(canvas, x0, x1, z0, low, *door, 0.0, 0.98, frame=(150, 112, 70), inside=(66, 58, 52))
        for u in (0.10, 0.70):
            opening(canvas, x0, x1, z0, low, u, u + 0.2, 0.40, 0.98, frame=(150, 112, 70), inside=(72, 66, 60))
        for n in range(5):
            x = x0 + (x1 - x0) * n / 4
            canvas.quad([(x - 0.13, 0, z0 - 0.03), (x + 0.13, 0, z0 - 0.03), (x + 0.13, high, z0 - 0.03), (x - 0.13, high, z0 - 0.03)], noise.plaster((164, 162, 156)))
            for dx in (-0.07, 0.0, 0.07):
                canvas.line([(x + dx, high, z0), (x + dx * 1.6, high + 0.55, z0)], (110, 72, 52), 0.022)
        scaffold(canvas, x0 - 0.2, x1 + 0.2, z0 - 0.7, high + 0.3)
        return
    body = noise.plaster(colour)
    box(canvas, x0, x1, z0, z1, high, body, canvas.sun)
    canvas.poly(on_front(x0, x1, z0 - 0.01, 0, 1, 0, 0.17, high), trim)
    opening(canvas, x0, x1, z0 - 0.02, high, *door, 0.0, 0.70, frame=tuple(int(c * 0.8) for c in trim), inside=(92, 70, 50))
    for u in (0.10, 0.69):
        opening(canvas, x0, x1, z0 - 0.02, high, u, u + 0.21, 0.33, 0.70, frame=(244, 242, 236), inside=(92, 120, 134))
    roof(canvas, x0, x1, z0, z1, high, (x1 - x0) * 0.24, noise.tiles(colour=(176, 80, 50)), gable=gable)
    for u in (0.02, 0.33, 0.66, 0.98):
        x = x0 + (x1 - x0) * u
        canvas.post(x, z0 - 1.1, 0, high - 0.1, 0.2, (240, 236, 226))
    canvas.poly([(x0 - 0.3, 0.0, z0 - 1.3), (x1 + 0.3, 0.0, z0 - 1.3), (x1 + 0.3, 0.16, z0 - 1.3), (x0 - 0.3, 0.16, z0 - 1.3)], (198, 196, 190))
    if sign:
        board = on_front(x0, x1, z0 - 1.15, 0.30, 0.70, 0.80, 0.97, high)
        canvas.poly(board, trim)
        for v in (0.85, 0.91):
            canvas.poly(on_front(x0, x1, z0 - 1.16, 0.35, 0.65 - (v - 0.85), v, v + 0.025, high), (244, 244, 238))
