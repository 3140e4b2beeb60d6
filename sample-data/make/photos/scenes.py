"""One picture of a work at a stage. What depends on the seed alone is the same at each stage: place, hills, houses, trees."""

import random

from PIL import Image

from . import buildings, noise, plants, props
from .camera import Camera, Canvas
from .ground import Ground
from .sky import MOODS, paint
from .water import SPLIT_M, WaterScenes


class Scene(WaterScenes):
    def __init__(self, kind, work, station, percent, portrait):
        seed = f"{work}/{station}"
        self.station = station
        #: What is the same at every station of a work.
        self.work = random.Random(f"{work}work")
        self.kind, self.percent = kind, percent
        self.place = random.Random(f"{seed}place")
        self.day = random.Random(f"{seed}{percent}day")
        size = (480, 640) if portrait else (640, 480)
        horizon = {"well": 0.60, "lamp": 0.56}.get(kind, 0.44) if portrait else {"building": 0.47, "house": 0.47, "toilet": 0.47, "post": 0.47, "well": 0.56}.get(kind, 0.41)
        self.cam = Camera(*size, eye=2.4 if kind == "bridge" else 1.55, horizon=horizon)
        self.mood = self.day.choice(["morning", "morning", "noon", "cloudy", "late"])
        _, _, self.haze, self.light = MOODS[self.mood]
        self.sun = self.place.choice([-1, 1])
        self.bend = 0.0 if kind in ("wall", "drain", "canal", "bridge", "lamp") else self.place.uniform(-0.0016, 0.0016)
        self.canvas = Canvas(self.cam, random.Random(f"{seed}things"), self.haze, self.sun)
        paint(self.canvas, self.mood, random.Random(f"{seed}hills"), self.day)
        self.ground = Ground(self.cam, self.place, self.bend, self.light, self.haze)

    def x(self, u, z):
        return u + self.bend * z * z

    def draw(self):
        {
            "road": self.road, "asphalt": self.road, "paving": self.road, "farm_road": self.road, "drain": self.drain, "canal": self.canal,
            "wall": self.wall, "building": self.building, "post": self.building, "house": self.building, "toilet": self.building,
            "well": self.well, "lamp": self.lamp, "bridge": self.bridge,
        }[self.kind]()  # fmt: skip
        return self.canvas.img

    # Surroundings.
    def fields(self, left, right, season):
        self.ground.rice(right, 60, season)
        self.ground.rice(-60, -left, season)

    def village(self, left=True, right=True, close=3.4):
        """Houses and trees along the lane, the far ones first."""
        rng, things = self.place, []
        for side, on in ((-1, left), (1, right)):
            if not on:
                continue
            z = rng.uniform(8.5, 11)
            while z < 75:
                wide = rng.uniform(5.5, 8)
                things.append((z, "house", side * (close + 1.8 + wide / 2 + rng.uniform(0, 1.6)), wide))
                for _ in range(2):
                    things.append((z - rng.uniform(1.0, 4.0), rng.choice(["tree", "banana", "bush", "bush", "palm"]), side * (close + rng.uniform(0.9, 4.5)), 0))
                z += wide + rng.uniform(4, 10)
        self.stand(things)

    def groves(self, low=9, high=30, count=16, near=14):
        rng, things = self.place, []
        for _ in range(count):
            side = rng.choice([-1, 1])
            things.append((rng.uniform(near, 110), rng.choice(["palm", "tree", "palm", "banana"]), side * rng.uniform(low, high), 0))
        self.stand(things)

    def stand(self, things):
        for z, what, u, wide in sorted(things, key=lambda item: -item[0]):
            x = self.x(u, z)
            if what == "house":
                buildings.house(self.canvas, x, z, wide)
            elif what == "tree":
                plants.tree(self.canvas, x, max(z, 10), self.place.uniform(5, 8.5))
            elif what == "palm":
                plants.palm(self.canvas, x, max(z, 12), self.place.uniform(7, 10))
            elif what == "banana":
                plants.banana(self.canvas, x, max(z, 5.5), self.place.uniform(2.6, 3.6))
            else:
                plants.bush(self.canvas, x, max(z, 5), self.place.uniform(0.5, 0.9))

    def edges(self, half, tall=0.26, count=230):
        for side in (-1, 1):
            low, high = sorted((side * (half + 0.05), side * (half + 0.7)))
            plants.tufts(self.canvas, low, high, 2.6, 26, count // 2, self.bend, tall)

    def site(self, u, z):
        """What a site has at half time."""
        things = [
            lambda x, z: props.heap(self.canvas, x, z, 1.1, 0.75, (190, 172, 138)), lambda x, z: props.heap(self.canvas, x, z, 1.0, 0.6, (150, 148, 146)),
            lambda x, z: props.sacks(self.canvas, x, z), lambda x, z: props.mixer(self.canvas, x, z), lambda x, z: props.barrow(self.canvas, x, z),
        ]  # fmt: skip
        chosen = self.day.sample(things, 3)
        for n, thing in enumerate(chosen):
            away = z + 2.6 * (2 - n)
            thing(self.x(u, away) + self.day.uniform(-0.2, 0.2), away)

    def crew(self, spots):
        for u, z, bent in sorted(spots, key=lambda spot: -spot[1]):
            props.worker(self.canvas, self.x(u, z), z, bent, shovel=self.day.random() < 0.75)

    # The works.
    def road(self):
        kind, g = self.kind, self.ground
        half = {"road": 1.5, "asphalt": 1.6, "paving": 1.2, "farm_road": 1.25}[kind]
        rural = kind == "farm_road" or (kind in ("road", "asphalt") and self.work.random() < 0.6)
        if rural:
            self.fields(half + 1.0, half + 1.1, self.work.choice(["young", "green", "ripe", "water"]))
        else:
            g.yard(half + 0.7, 30)
            g.yard(-30, -half - 0.7)
        done = {"road": "concrete", "asphalt": "asphalt", "paving": "paving", "farm_road": "concrete"}[kind]
        if self.percent == 0:
            g.lane(half + 0.1, "earth")
        elif self.percent < 100:
            g.lane(half + 0.3, "gravel" if kind != "paving" else "sand")
            g.lane(half, "wet" if done == "concrete" else done, start=SPLIT_M)
        else:
            g.lane(half + 0.45, "earth")
            g.lane(half, done, edge=0.03)
        side = self.place.choice([-1, 1])
        g.dapple(side)
        g.finish(self.canvas.img)
        if rural:
            self.groves(7 if kind != "farm_road" else 12)
        else:
            self.village(close=half + 0.5)
        if self.place.random() < 0.7:
            props.power_line(self.canvas, -side * (half + 1.6), self.bend, 11)
        self.edges(half + (0.35 if self.percent == 100 else 0.1), count=260 if rural else 150)
        if 0 < self.percent < 100:
            if done == "concrete":
                props.mesh(self.canvas, half - 0.1, 5.2, SPLIT_M - 0.3, self.bend)
                for u in (-half, half):
                    props.formwork(self.canvas, u, 3.4, 22, self.bend)
            self.crew([(-half * 0.4, SPLIT_M + 1.2, 0.8), (half * 0.55, SPLIT_M + 0.2, 0.3), (half + 0.8, 13, 0.0), (-half - 0.6, 16, 0.5)])
            self.site(side * (half + 1.25), 5.4)
        elif self.percent == 0:
            for z in (22, 14, 8.5, 5):
                for u in (-half, half):
                    self.canvas.post(self.x(u, z), z, 0, 0.55, 0.05, (206, 60, 50))
            if self.place.random() < 0.5:
                props.board(self.canvas, self.x(side * (half + 1.3), 7), 7)
        elif self.place.random() < 0.6:
            props.board(self.canvas, self.x(side * (half + 1.3), 7), 7)

    def wall(self):
        g, side, half = self.ground, self.work.choice([-1, 1]), 1.7
        g.lane(half, self.work.choice(["asphalt", "concrete"]))
        if side > 0:
            self.ground.rice(-60, -half - 1.0, self.work.choice(["young", "green", "ripe"]))
        else:
            self.ground.rice(half + 1.0, 60, self.work.choice(["young", "green", "ripe"]))
        g.finish(self.canvas.img)
        foot, top, high = side * (half + 0.7), side * (half + 1.0), 1.9
        rng, canvas = self.place, self.canvas
        for _ in range(9):
            z = rng.uniform(14, 90)
            (plants.palm if rng.random() < 0.6 else plants.tree)(canvas, -side * rng.uniform(7, 26), z)
        # The slope above the wall, far parts first.
        steps = [1.3, 2.0, 3.0, 4.2, 6, 8.5, 12, 17, 24, 34, 48, 70]
        earth = noise.picture(noise.speckled((156, 112, 72), 260, 120, 5, 0.5))
        done_from = {0: 999, 50: SPLIT_M + 1.5}.get(self.percent, 0)
        for a, b in reversed(list(zip(steps, steps[1:]))):
            back = side * (half + 5.5)
            canvas.quad([(top, high, a), (top, high, b), (back, 4.4, b), (back, 4.4, a)], noise.picture(noise.speckled((96, 122, 52), 200, 120, 4, 0.7)), 0.95)
            raw = b > done_from and a < done_from or a < done_from
            if raw:
                canvas.quad([(foot, 0, a), (foot, 0, b), (top, high, b), (top, high, a)], earth, 0.92)
        course = noise.stones(self.work.randint(3, 90), 2600, 190, 27)
        masonry = course.crop((0, 0, 400, 190))
        start = done_from if self.percent else 999
        z = 1.3
        pieces = []
        while z < 70 and self.percent:
            nxt = z * 1.35
            if nxt > start:
                pieces.append((max(z, start), nxt))
            z = nxt
        for a, b in reversed(pieces):
            cut = int(a * 37) % 1500
            stone = course.crop((cut, 0, min(2600, cut + max(60, int((b - a) * 100))), 190))
            canvas.quad([(foot, 0, a), (foot, 0, b), (top, high, b), (top, high, a)], stone, 0.98 if side == -self.sun else 0.82)
            canvas.poly([(top - side * 0.04, high, a), (top + side * 0.42, high, a), (top + side * 0.42, high, b), (top - side * 0.04, high, b)], (196, 194, 186))
            if self.percent == 100:
                canvas.disc(foot + side * 0.13, 0.75, (a + b) / 2, 0.05, (40, 42, 44))
        for _ in range(7):
            z = rng.uniform(9, 60)
            self.raised_tree(side * (half + rng.uniform(5, 8)), z)
        if 0 < self.percent < 100:
            half_high = [(SPLIT_M - 2.4, SPLIT_M + 1.6)]
            for a, b in half_high:
                canvas.quad([(foot, 0, a), (foot, 0, b), (foot + side * 0.16, high * 0.55, b), (foot + side * 0.16, high * 0.55, a)], masonry, 0.96)
            for z in (13.5, 11.8, 10.2, 8.6):
                canvas.line([(foot - side * 0.5, 0, z), (foot - side * 0.4, 2.6, z)], (172, 146, 88), 0.08)
            canvas.line([(foot - side * 0.45, 1.5, 13.5), (foot - side * 0.45, 1.5, 8.6)], (158, 132, 78), 0.08)
            props.rocks(canvas, side * (half - 0.5), 6.8, 1.0, 0.65)
            self.crew([(side * (half + 0.1), 9.4, 0.6), (side * (half - 0.9), 12, 0.2), (0.1, 15, 0.0)])
            self.site(-side * (half - 0.2), 5.2)
        elif self.percent == 0:
            for _ in range(12):
                z = rng.uniform(4.5, 30)
                props.heap(canvas, side * (half + 0.35), z, rng.uniform(0.3, 0.6), 0.25, (150, 110, 72), 60)
        self.edges(half, count=120)

    def raised_tree(self, x, z):
        canvas, rng = self.canvas, self.place
        lift = 4.2
        colour = rng.choice([(82, 126, 50), (70, 112, 48), (64, 104, 56)])
        canvas.line([(x, lift - 0.4, z), (x, lift + 2.6, z)], (92, 74, 56), 0.25)
        for dx, dy in ((-0.9, 2.6), (0.9, 2.8), (0, 3.8)):
            plants.crown(canvas, x + dx, lift + dy, z, 1.6, 1.3, colour, 34)

    def building(self):
        g, kind, rng = self.ground, self.kind, self.place
        g.yard(-6.5, 6.5)
        if self.percent == 100 and kind in ("building", "post"):
            g.lane(3.6, "paving", start=0, end=9.2)
        g.finish(self.canvas.img)
        for _ in range(9):
            x, z = rng.uniform(-24, 24), rng.uniform(22, 46)
            (plants.palm if rng.random() < 0.5 else plants.tree)(self.canvas, x, z, rng.uniform(7, 11))
        things = [(rng.uniform(17, 24), "house", side * rng.uniform(11, 13), 7) for side in (-1, 1)]
        things += [(rng.uniform(13, 16), rng.choice(["banana", "tree", "bush"]), side * rng.uniform(6.6, 8.5), 0) for side in (-1, 1, 1, -1)]
        self.stand(things)
        colours = [((240, 230, 190), (40, 120, 92)), ((206, 226, 214), (46, 96, 140)), ((246, 222, 190), (176, 92, 52)), ((214, 226, 238), (52, 84, 150))]
        colour, trim = self.work.choice(colours)
        shift = rng.uniform(-0.6, 0.6)
        back = 0.0
        if self.station > 1:  # from here a side is seen
            shift, back = -self.sun * 5.2, 5.0
        if kind == "house":
            if self.percent == 0:
                buildings.house(self.canvas, shift, 9.5 + back, 6.4, (168, 140, 96), poor=True)
                self.canvas.line([(shift - 3.1, 0, 9.2 + back), (shift - 2.2, 2.4, 9.3 + back)], (150, 122, 76), 0.1)
            else:
                buildings.building(self.canvas, shift - 3.2, shift + 3.2, 9.5 + back, 14 + back, self.percent, 2.9, colour, trim, sign=False)
        elif kind == "toilet":
            buildings.building(self.canvas, shift - 2.3, shift + 2.3, 8.5 + back, 11 + back, self.percent, 2.7, colour, trim, sign=self.percent == 100, door=(0.40, 0.56))
        elif kind == "post":
            buildings.building(self.canvas, shift - 1.8, shift + 1.8, 8.0 + back, 10.6 + back, self.percent, 2.6, colour, trim, gable=True)
        else:
            buildings.building(self.canvas, shift - 4.2, shift + 4.2, 10.5 + back, 16 + back, self.percent, 3.3, colour, trim)
        if 0 < self.percent < 100:
            self.crew([(shift * 0.6 - 1.6, 8.0 + back, 0.7), (shift * 0.4 + 1.4, 7.4 + back / 2, 0.2), (3.6, 9.0 + back, 0.0)])
            self.site(-3.4, 5.0)
            props.heap(self.canvas, 3.3, 6.2, 1.1, 0.7, (190, 172, 138))
        elif self.percent == 0:
            if kind != "house":
                props.board(self.canvas, 2.6 if shift <= 0.6 else -2.6, 7.8)
            plants.tufts(self.canvas, -6, 6, 4.5, 20, 130)
        else:
            for u in (-4.6, 4.6):
                plants.bush(self.canvas, u, 8.0, 0.55)
            if rng.random() < 0.4:
                props.board(self.canvas, 3.6 if shift <= 0.6 else -3.6, 8.6)

    def well(self):
        g, rng = self.ground, self.place
        g.yard(-7, 7)
        if self.percent == 50:
            g.lane(2.2, "earth", start=4, end=11)
        g.finish(self.canvas.img)
        for _ in range(8):
            (plants.palm if rng.random() < 0.5 else plants.tree)(self.canvas, rng.uniform(-20, 20), rng.uniform(18, 40), rng.uniform(7, 10))
        self.stand([(17, "house", -7.6, 7), (20, "house", 8.4, 7), (13, "banana", 5.4, 0), (12, "bush", -4.6, 0), (14, "banana", -5.8, 0)])
        if self.percent == 0:
            buildings.stakes(self.canvas, -1.4, 1.6, 7.6, 10)
            props.board(self.canvas, 2.6, 7.4)
            plants.tufts(self.canvas, -5, 5, 4, 16, 120)
        else:
            props.tower(self.canvas, 0.1, 8.6, self.percent)
            if self.percent < 100:
                self.crew([(-0.8, 8.0, 0.6), (1.2, 7.6, 0.1)])
                props.heap(self.canvas, -2.3, 6.8, 0.9, 0.4, (122, 112, 100))
            else:
                props.board(self.canvas, -2.6, 8.0)

    def lamp(self):
        g, half, side = self.ground, 2.0, self.work.choice([-1, 1])
        g.yard(half + 0.8, 30) if self.work.random() < 0.5 else self.fields(half + 1.2, half + 1.2, "green")
        g.lane(half, "asphalt")
        if self.percent == 100:
            self.evening()
        g.dapple(-side, strength=0.3)
        g.finish(self.canvas.img)
        self.village(left=side > 0, right=side < 0, close=half + 0.8)
        self.groves(8, 26, 8, 24)
        for z in (86, 62, 43, 29, 18, 9.5):
            if self.percent != 50 or z > 16:
                props.lamp(self.canvas, side * (half + 0.5), z, -side, self.percent)
            else:
                props.lamp(self.canvas, side * (half + 0.5), z, -side, 0)
        if self.percent == 100:
            for z in (86, 62, 43, 29, 18, 9.5):
                props.glow(self.canvas, side * (half + 0.5) - side * 1.5, 6.2, z, 0.8)
        elif self.percent:
            self.canvas.line([(side * (half + 0.2), 0.15, 5.5), (side * (half + 0.1), 0.15, 10.5)], (190, 194, 198), 0.16)
            self.crew([(side * (half - 0.5), 8.6, 0.6), (side * (half + 0.9), 10.4, 0.2)])
            props.barrow(self.canvas, -side * (half - 0.2), 6.2)
        self.edges(half, count=140)

    def evening(self):
        """Lamps are shown at dusk: a low sky and blue ground."""
        self.ground.light = self.ground.light * (0.62, 0.64, 0.78)
        img = self.canvas.img
        dusk = Image.new("RGB", img.size, (40, 44, 92))
        glow = Image.new("RGB", img.size, (255, 150, 84))
        shade = Image.linear_gradient("L").resize((img.width, int(self.cam.hy))).transpose(Image.FLIP_TOP_BOTTOM)
        mask = Image.new("L", img.size, 0)
        mask.paste(shade.point(lambda v: 60 + v * 130 // 255), (0, 0))
        img.paste(dusk, (0, 0), mask)
        low = Image.new("L", img.size, 0)
        low.paste(shade.transpose(Image.FLIP_TOP_BOTTOM).point(lambda v: max(0, v - 120)), (0, 0))
        img.paste(glow, (0, 0), low)
        self.canvas.haze = tuple(int(c * 0.66) for c in (196, 176, 186))
        self.ground.haze = self.ground.haze * 0 + self.canvas.haze
