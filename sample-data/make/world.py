"""The villages with the works that stand in them so far: finds free places, and keeps unlike works apart from like ones."""

import random
from math import cos, hypot, pi, sin

from shapely.geometry import LineString, MultiLineString, MultiPoint, Point, Polygon
from shapely.ops import substring

from .words import FAMILIES, FIRMS, HAMLETS, OWNERS, STREETS

#: Works that could be taken for each other keep this far apart, unless they were planted as a pair.
APART_M = 420.0
TODAY_YEAR = 2026


class World:
    def __init__(self, villages, seed):
        self.rng = random.Random(seed)
        self.villages = villages
        self.by_code = {village.code: village for village in villages}
        self.works, self.pairs = [], []
        self.standing = []  # (groups, shape, village code)
        self.used_names = {}  # village code → names given out
        for village in villages:
            self.settle(village)

    def settle(self, village):
        """Hamlets around the centre, and the office."""
        rng, spots = random.Random(village.code), []
        names = rng.sample(HAMLETS, 7)
        if "Krajan" not in names:
            names[0] = "Krajan"
        for _ in range(600):
            reach = min(2600.0, 300 + 26 * (village.safe.area**0.5) / 30)
            angle, far = rng.uniform(0, 2 * pi), reach * rng.random() ** 0.6
            spot = Point(village.centre.x + far * cos(angle), village.centre.y + far * sin(angle))
            if len(spots) < 7 and village.safe.contains(spot.buffer(60)) and all(spot.distance(s) > 640 for s in spots):
                spots.append(spot)
        village.hamlets = list(zip(names, spots))
        village.office = spots[0] if spots else village.centre

    # Names that are given out once in a village.
    def fresh(self, village, names):
        used = self.used_names.setdefault(village.code, set())
        free = [name for name in names if name not in used]
        name = self.rng.choice(free or names)
        used.add(name)
        return name

    def names(self, village, hamlet=None):
        rng = self.rng
        return {
            "s": self.fresh(village, STREETS), "o": self.fresh(village, OWNERS), "v": village.name, "d": hamlet,
            "rt_n": rng.randint(1, 12), "rw_n": rng.randint(1, 6),
        }  # fmt: skip

    def firm(self):
        return self.rng.choice(FIRMS)

    # Shapes, in metres.
    def line_at(self, start, length, count=None):
        rng = self.rng
        count = count or rng.randint(4, min(12, max(4, int(length / 25))))
        heading, bend = rng.uniform(0, 2 * pi), rng.gauss(0, 0.06)
        points = [(start.x, start.y)]
        for _ in range(count - 1):
            heading += bend + rng.gauss(0, 0.07)
            step = length / (count - 1)
            points.append((points[-1][0] + step * cos(heading), points[-1][1] + step * sin(heading)))
        return LineString(points)

    def box_at(self, spot, width, depth):
        angle = self.rng.uniform(0, pi)
        corners = [(-width / 2, -depth / 2), (width / 2, -depth / 2), (width / 2, depth / 2), (-width / 2, depth / 2)]
        turn = lambda p: (spot.x + p[0] * cos(angle) - p[1] * sin(angle), spot.y + p[0] * sin(angle) + p[1] * cos(angle))
        return Polygon([turn(corner) for corner in corners])

    def redraw(self, line, noise=2.5, reverse=False, trim=0.02, count=None):
        """The same line as a second person draws it: other vertices, some metres off."""
        rng = self.rng
        length = line.length
        count = count or max(4, min(14, len(line.coords) + rng.choice([-2, -1, 1, 2, 3])))
        start, end = length * rng.uniform(0, trim), length * (1 - rng.uniform(0, trim))
        points = [line.interpolate(start + (end - start) * at / (count - 1)) for at in range(count)]
        drift = (rng.gauss(0, noise / 2), rng.gauss(0, noise / 2))
        moved = [(p.x + drift[0] + rng.gauss(0, noise / 2), p.y + drift[1] + rng.gauss(0, noise / 2)) for p in points]
        return LineString(moved[::-1] if reverse else moved)

    def nudge(self, spot, metres):
        angle = self.rng.uniform(0, 2 * pi)
        return Point(spot.x + metres * cos(angle), spot.y + metres * sin(angle))

    def part(self, line, start, end, noise=1.5):
        return self.redraw(substring(line, start, end, normalized=True), noise=noise, trim=0)

    def beside(self, line, metres, noise=0.4):
        side = line.offset_curve(metres)
        return self.redraw(side, noise=noise, trim=0)

    def along(self, line, count, side=3.0):
        """Points along a line: lamps of a street."""
        rng = self.rng
        spots = [line.interpolate(line.length * (at + 0.5) / count) for at in range(count)]
        return MultiPoint([(p.x + rng.gauss(0, 1) + side, p.y + rng.gauss(0, 1)) for p in spots])

    # Places.
    def is_free(self, groups, shape, code):
        return all(not (groups & other) or shape.distance(there) > APART_M for other, there, _ in self.standing)

    def place(self, village, family, make, extra_groups=(), tries=260, spread=190):
        """A free place of a village for a shape: (hamlet, shape). `None` where there is none."""
        groups = FAMILIES[family][4] | set(extra_groups)
        rng = self.rng
        hamlets = list(village.hamlets)
        for _ in range(tries):
            if not hamlets:
                return None
            name, spot = rng.choice(hamlets)
            angle, far = rng.uniform(0, 2 * pi), spread * rng.random() ** 0.7 + 15
            shape = make(Point(spot.x + far * cos(angle), spot.y + far * sin(angle)))
            if village.safe.contains(shape) and self.is_free(groups, shape, village.code):
                return name, shape
        return None

    def stand(self, family, shape, code):
        self.standing.append((set(FAMILIES[family][4]), shape, code))

    def length_of(self, shape):
        return shape.length if isinstance(shape, (LineString, MultiLineString)) else 0.0


def distance(a, b):
    return hypot(a.x - b.x, a.y - b.y)
