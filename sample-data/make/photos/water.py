"""Works with water: drains, canals and bridges. A part of `Scene`."""

from . import noise, plants, props

#: At half time the work is done beyond this.
SPLIT_M = 9.0


class WaterScenes:
    def channel(self, x0, x1, deep, z0, z1, texture, floor, wet=0.0):
        """An open channel: its far wall and its floor, seen through the opening."""
        canvas = self.canvas
        mask = canvas.mask([(x0, 0, z0), (x1, 0, z0), (x1, 0, z1), (x0, 0, z1)])
        steps = [z0 + (z1 - z0) * (n / 10) ** 2 for n in range(11)]
        for a, b in reversed(list(zip(steps, steps[1:]))):
            canvas.quad([(x0, -deep, a), (x1, -deep, a), (x1, -deep, b), (x0, -deep, b)], floor, 0.62, mask)
            if wet:
                canvas.quad([(x0, -deep + wet, a), (x1, -deep + wet, a), (x1, -deep + wet, b), (x0, -deep + wet, b)], noise.picture(noise.speckled((136, 150, 146), 120, 60, 5, 0.3)), 1.0, mask)
            for x, shade in ((x1, 0.80), (x0, 0.66)):
                if (x == x1 and x > 0) or (x == x0 and x < 0):
                    canvas.quad([(x, -deep + wet, b), (x, -deep + wet, a), (x, 0, a), (x, 0, b)], texture, shade, mask)

    def drain(self):
        g, half, side = self.ground, 1.7, self.work.choice([-1, 1])
        g.yard(half + 0.6, 30)
        g.yard(-30, -half - 0.6)
        g.lane(half + 0.15, self.work.choice(["concrete", "asphalt", "paving"]), centre=-side * 0.55)
        inner, outer = half - 0.35, half + 0.35
        if self.percent == 0:
            g.lane(0.45, "earth", centre=side * half)
        elif self.percent < 100:
            g.lane(1.05, "earth", centre=side * (half + 0.2))
        else:
            g.lane(0.50, "concrete", centre=side * half, edge=0.02)
        g.dapple(side)
        g.finish(self.canvas.img)
        self.village(close=half + 0.9)
        props.power_line(self.canvas, -side * (half + 1.7), 0, 12)
        x0, x1 = (inner, outer) if side > 0 else (-outer, -inner)
        soil = noise.picture(noise.speckled((118, 90, 62), 200, 80, 4, 0.5))
        cast = noise.picture(noise.speckled((186, 184, 178), 260, 90, 6, 0.12))
        if self.percent == 0:
            plants.tufts(self.canvas, x0 - 0.1, x1 + 0.1, 2.6, 30, 260, 0, 0.42)
            props.board(self.canvas, side * (half + 1.8), 8)
        elif self.percent < 100:
            self.channel(x0, x1, 0.75, 2.2, SPLIT_M, soil, soil)
            self.channel(x0, x1, 0.6, SPLIT_M, 60, cast, cast)
            for z in (14, 10.5, 7.2, 5.0):
                props.heap(self.canvas, side * (outer + 0.65), z, 0.7, 0.42, (132, 100, 68), 160)
            self.crew([(side * half, SPLIT_M + 0.5, 0.7), (side * (inner - 0.9), 11, 0.2), (side * (inner - 0.8), 7.4, 0.9)])
            self.site(-side * (half + 0.2), 5.4)
        else:
            self.channel(x0 + 0.08, x1 - 0.08, 0.55, 2.0, 70, cast, cast, 0.10)
            for z in (46, 34, 24, 16, 9.5):
                self.canvas.quad([(x0 - 0.1, 0.02, z), (x1 + 0.1, 0.02, z), (x1 + 0.1, 0.02, z + 1.1), (x0 - 0.1, 0.02, z + 1.1)], cast, 0.98)
            plants.tufts(self.canvas, *sorted((side * (outer + 0.1), side * (outer + 0.6))), 2.8, 24, 90)

    def canal(self):
        g, season = self.ground, self.work.choice(["young", "green", "ripe"])
        self.fields(1.6, 1.6, season)
        centre = self.work.choice([-0.55, 0.55])
        lined, deep = self.percent == 100, 0.7
        g.lane(0.95 if self.percent else 0.7, "earth" if self.percent < 100 else "concrete", centre=centre, edge=0.05)
        g.finish(self.canvas.img)
        self.groves(8, 40, 20)
        masonry, soil = noise.stones(self.work.randint(3, 90), 700, 90, 18), noise.picture(noise.speckled((112, 92, 62), 200, 80, 4, 0.5))
        x0, x1 = centre - 0.62, centre + 0.62
        if self.percent == 0:
            self.channel(x0 + 0.1, x1 - 0.1, 0.5, 2.0, 80, soil, soil, 0.28)
            plants.tufts(self.canvas, x0 - 0.25, x0 + 0.15, 2.4, 30, 240, 0, 0.4)
            plants.tufts(self.canvas, x1 - 0.15, x1 + 0.25, 2.4, 30, 240, 0, 0.4)
        elif not lined:
            self.channel(x0, x1, deep, 2.0, SPLIT_M, soil, soil)
            self.channel(x0, x1, deep, SPLIT_M, 80, masonry, soil)
            self.crew([(centre, SPLIT_M - 0.6, 0.9), (x1 + 0.8, SPLIT_M + 1, 0.3), (x0 - 0.8, 14, 0.6)])
            props.rocks(self.canvas, x1 + 1.3, 7.4, 1.0, 0.6)
            props.sacks(self.canvas, x0 - 1.2, 6.4, 2)
            props.barrow(self.canvas, x1 + 1.1, 5.2)
        else:
            self.channel(x0, x1, deep, 1.9, 90, masonry, masonry, 0.32)
        plants.tufts(self.canvas, centre + 1.0, centre + 1.9, 2.8, 24, 150)
        plants.tufts(self.canvas, centre - 1.9, centre - 1.0, 2.8, 24, 150)

    def bridge(self):
        g, half = self.ground, 1.7
        near, far = 6.2, 16.0
        g.lane(half + 0.3, self.place.choice(["earth", "gravel"]), start=0, end=near)
        g.lane(half + 0.3, "earth", start=far)
        g.finish(self.canvas.img)
        self.groves(4.5, 24, 16, 19)
        canvas, deep = self.canvas, 1.2
        mask = canvas.mask([(-40, 0, near), (40, 0, near), (40, 0, far), (-40, 0, far)])
        water = noise.picture(noise.speckled((124, 134, 116), 500, 160, 6, 0.45))
        bank = noise.picture(noise.speckled((112, 104, 66), 600, 120, 4, 0.7))
        canvas.quad([(-30, -deep, near), (30, -deep, near), (30, -deep, far), (-30, -deep, far)], water, 1.0, mask)
        canvas.quad([(-30, -deep, far), (30, -deep, far), (30, 0, far), (-30, 0, far)], bank, 0.9, mask)
        for x in [self.place.uniform(-9, 9) for _ in range(14)]:
            canvas.disc(x, -deep + 0.1, self.place.uniform(10.2, 15.4), self.place.uniform(0.15, 0.4), (122, 120, 114), 0.6)
        plants.tufts(canvas, -14, -half - 0.6, far, far + 0.6, 160, 0, 0.6)
        plants.tufts(canvas, half + 0.6, 14, far, far + 0.6, 160, 0, 0.6)
        masonry = noise.stones(8, 400, 160, 28)
        if self.percent:
            canvas.quad([(-half - 0.9, -deep, far - 0.05), (half + 0.9, -deep, far - 0.05), (half + 0.9, 0.05, far - 0.05), (-half - 0.9, 0.05, far - 0.05)], masonry, 0.95)
        deck = noise.picture(noise.speckled((190, 188, 182), 200, 260, 6, 0.12))
        if self.percent == 0:
            for n in range(8):
                u = -0.62 + 1.24 * n / 7
                canvas.line([(u, 0.05, near - 0.4), (u * 0.95, -0.12, 11), (u, 0.05, far + 0.4)], [(176, 148, 92), (150, 122, 74)][n % 2], 0.15)
            for x in (-0.8, 0.8):
                for z in (15, 12.4, 9.8, 7.2):
                    canvas.line([(x, 0, z), (x, 1.0, z)], (160, 132, 80), 0.07)
                canvas.line([(x, 1.0, 15.2), (x, 0.88, 11), (x, 1.0, 7)], (170, 142, 88), 0.07)
        elif self.percent < 100:
            for x in (-1.4, -0.5, 0.5, 1.4):
                for z in (13.5, 11.5, 9.5):
                    canvas.line([(x, -deep, z), (x, 0, z)], (166, 140, 86), 0.11)
            canvas.quad([(-half, 0.02, near), (half, 0.02, near), (half, 0.02, far), (-half, 0.02, far)], noise.wood(9, 200, 200), 0.95)
            props.mesh(canvas, half - 0.1, near, far)
            for x in (-half, half):
                props.formwork(canvas, x, near, far, 0, 0.3)
            self.crew([(-0.7, 10.5, 0.8), (0.8, 12.5, 0.3), (2.7, 16.5, 0.0)])
            props.heap(canvas, 4.2, 18.5, 1.2, 0.8, (190, 172, 138))
            props.mixer(canvas, -3.6, 18.0)
            props.sacks(canvas, -2.9, 5.7)
            props.barrow(canvas, 2.7, 5.5)
        else:
            for a, b in ((11, far + 0.6), (8.5, 11), (near - 0.6, 8.5)):
                canvas.quad([(-half, 0.06, a), (half, 0.06, a), (half, 0.06, b), (-half, 0.06, b)], deck, 1.0)
            for x in (-half, half):
                canvas.poly([(x, -0.35, near - 0.6), (x, 0.3, near - 0.6), (x, 0.3, far + 0.6), (x, -0.35, far + 0.6)], (198, 196, 188) if x * self.sun < 0 else (166, 164, 158))
                for n, z in enumerate((15.4, 13.8, 12.2, 10.6, 9.0, 7.4, 6.4)):
                    canvas.post(x, z, 0.3, 1.1, 0.16, (206, 62, 52) if n % 2 else (240, 238, 232))
                for y in (0.66, 1.02):
                    canvas.line([(x, y, 15.4), (x, y, 6.4)], (236, 234, 228), 0.08)
        for side in (-1, 1):
            low, high = sorted((side * (half + 0.5), side * (half + 3.5)))
            plants.tufts(canvas, low, high, 3.0, near - 0.3, 130, 0, 0.32)
