"""Fills the world: planted pairs first, then the ordinary works of each village around its hamlets."""

from math import cos, pi, sin

from shapely.geometry import LineString, MultiLineString, Point
from shapely.ops import substring

from . import doubles, lookalikes
from .cases import Case, base_shape, plant, spots
from .records import record
from .words import FAMILIES, TITLES, number, write_as_people_do
from .world import World

#: The village of the demo's officer: it borders on several others that are in the sample.
DEMO = "Tambong"
VILLAGES = 78
COMMON = {
    "rabat": 9, "gang": 9, "drain": 8, "aspal": 6, "house": 7, "lamp": 5, "irrigation": 6, "wall": 6, "jut": 5, "toilet": 4, "posyandu": 4,
    "well": 4, "culvert": 4, "bridge": 3, "tank": 3, "paud": 3, "guard": 3, "gate": 3, "waste": 3, "spal": 3, "telford": 3, "pipe": 3,
    "field": 3, "grave": 2, "upkeep": 2, "hall": 2, "pond": 1, "market": 1, "latrine": 2, "coop": 2,
}  # fmt: skip
LENGTHS = {
    "rabat": (90, 260), "aspal": (180, 600), "telford": (150, 420), "gang": (60, 160), "jut": (150, 500), "upkeep": (150, 450),
    "drain": (70, 240), "spal": (60, 150), "irrigation": (120, 420), "pipe": (200, 600), "wall": (60, 140),
}  # fmt: skip
AREAS = {"hall": (12, 18), "field": (28, 50), "grave": (40, 60), "pond": (45, 70), "market": (20, 34), "waste": (9, 14), "coop": (20, 30)}
#: The works that everybody sees first: photographed, in the village of the demo.
SHOWN = [
    ("rabat", 2025, "selesai"), ("drain", 2025, "selesai"), ("wall", 2026, "selesai"), ("posyandu", 2025, "serah terima"), ("bridge", 2026, "selesai"),
    ("lamp", 2025, "selesai"), ("well", 2026, "selesai"), ("irrigation", 2025, "selesai"), ("gang", 2026, "berjalan"), ("aspal", 2025, "selesai"),
    ("house", 2026, "selesai"), ("jut", 2026, "berjalan"), ("toilet", 2026, "berjalan"), ("paud", 2026, "berjalan"), ("guard", 2024, "selesai"),
]  # fmt: skip


def fill(villages, crossings, seed):
    world = World(villages, seed)
    demo = next(village for village in villages if village.name == DEMO)
    world.demo = demo
    borders = [item for item in crossings if all(is_desa(village) for village in item[:2]) and min(item[0].safe.area, item[1].safe.area) > 400_000]
    pool = choose(world, demo)
    show(world, demo)
    plant_all(world, pool, demo, borders)
    stack(world, pool[7])
    office_double(world, pool[11])
    many_parts(world, pool)
    ordinary(world, pool, demo)
    return world


def is_desa(village):
    """A kelurahan has no village budget."""
    return village.properties["kind"] == "desa"


def choose(world, demo):
    """The villages of the sample: the demo's, and others in all parts of the regency."""
    rooms = [v for v in world.villages if v is not demo and is_desa(v) and v.safe.area > 1_600_000 and len(v.hamlets) >= 5]
    world.rng.shuffle(rooms)
    by_district = {}
    for village in rooms:
        by_district.setdefault(village.properties["district"], []).append(village)
    chosen = [demo]
    while len(chosen) < VILLAGES and any(by_district.values()):
        for several in by_district.values():
            if several and len(chosen) < VILLAGES:
                chosen.append(several.pop())
    return chosen


def plant_all(world, pool, demo, borders):
    cases = doubles.CASES + lookalikes.CASES
    turn, at_border = 1, [item for item in borders if demo not in item[:2]]
    for case in cases:
        place, *more = case.where.split()
        if place == "rich" or (place == "border" or place == "across"):
            mine = [item for item in borders if demo in item[:2]] if place == "rich" else at_border
            done = next((item for item in mine if plant_at_border(world, case, item, demo, place == "across")), None)
            assert done, case
            mine.remove(done)
            continue
        if place == "twin":
            twins = [village for village in world.villages if village.name == more[0]]
            assert plant_apart(world, case, *twins), case
            continue
        for _ in range(len(pool)):
            village, turn = pool[turn % len(pool)], turn + 1
            if plant_apart(world, case, village, village) if place == "far" else plant(world, case, village):
                break
        else:
            raise AssertionError(case)


def plant_at_border(world, case, item, demo, across):
    """Along a stretch where both maps have the border, or across its middle."""
    a, b, line = item
    if a is not demo and (b is demo or world.rng.random() < 0.5):
        a, b = b, a
    middle = line.interpolate(0.5, normalized=True)
    groups = FAMILIES[case.family][4]
    if not world.is_free(groups, line, a.code):
        return False
    if across:
        halves = [inward(world, village, middle, case.base) for village in (a, b)]
        if None in halves:
            return False
        case = Case(**(vars(case) | {"a_shape": lambda w, base: halves[0], "b_shape": lambda w, base: halves[1]}))
        return plant(world, case, a, b, base=middle)
    if case.base[0] == "point":
        return plant(world, case, a, b, base=middle)
    want = world.rng.uniform(*case.base[1:])
    if line.length < case.base[1] + 10:
        return False
    want = min(want, line.length - 8)
    start = (line.length - want) / 2
    stretch = substring(line, start, start + want).simplify(4)
    if len(stretch.coords) < 4:
        stretch = LineString([stretch.interpolate(at / 5, normalized=True) for at in range(6)])
    base = world.redraw(stretch, noise=2.0, trim=0, count=max(5, min(11, round(want / 35))))
    return plant(world, case, a, b, base=base)


def inward(world, village, start, base):
    """A road from a border into a village, on both maps."""
    length, inside = world.rng.uniform(*base[1:]), village.drawn.intersection(village.real)
    for at in range(24):
        angle = pi * at / 12
        points = [(start.x + length * n / 5 * cos(angle + 0.03 * n), start.y + length * n / 5 * sin(angle + 0.03 * n)) for n in range(6)]
        line = LineString(points)
        if inside.contains(line.difference(start.buffer(55))) and line.length > 60:
            return line
    return None


def plant_apart(world, case, village, other):
    """Two works of the same words in two places."""
    groups = FAMILIES[case.family][4]
    found = world.place(village, case.family, base_shape(world, case), groups)
    if not found:
        return False
    world.stand(case.family, found[1], village.code)
    second = None
    for _ in range(30):
        second = world.place(other, case.family, base_shape(world, case), groups)
        if second and second[1].distance(found[1]) > 900 and (second[0] != found[0] or village is not other):
            break
        second = None
    world.standing.pop()
    if not second:
        return False
    moved = Case(**(vars(case) | {"b_shape": lambda w, shape: second[1], "b": case.b | {"far": village is other}}))
    if village is other:
        order = [item for item in village.hamlets if item[0] == second[0]] + [item for item in village.hamlets if item[0] != second[0]]
        village.hamlets = order
    elif "Krajan" in case.a["t"]:
        found = ("Krajan", found[1])
    before = world.place
    world.place = lambda *args, **more: found
    try:
        return plant(world, moved, village, None if village is other else other)
    finally:
        world.place = before


def stack(world, village):
    """Five works on the coordinate of the village office: the place says nothing."""
    titles = {
        "drain": "Pembangunan Drainase Jalan Kapuk RT 02", "posyandu": "Rehab Posyandu Dahlia", "well": "Sumur Bor Mushola Nurul",
        "guard": "Poskamling RT 07 RW 02", "gate": "Gapura Gang Sakura",
    }  # fmt: skip
    names = {"d": None, "rt_n": 2, "rw_n": 1}
    before = list(world.standing)
    made = []
    for family, title in titles.items():
        given = {"source": "kantor desa", "planted": True, "with_hamlet": False, "with_rt": False, "volume": 1, "unit": "paket"}
        made.append(record(world, village, family, title, Point(village.office), names, 2025, **given))
    world.standing = before + world.standing[len(before) :]
    for a, b in [(0, 1), (1, 2), (2, 3), (3, 4)]:
        world.pairs.append((made[a], made[b], "distinct", "unrelated", "koordinat kantor desa disalin"))


def office_double(world, village):
    """One record on the site, the other on the office: the budget line and the words say that they are one."""
    case = Case(
        "satu catatan di kantor desa", "duplicate", "double_entry", "toilet", ("point",),
        {"t": "Pembangunan MCK Umum RT {rt} RW {rw} Dusun {d}", "y": 2025, "source": "GPS", "status": "selesai", "with_rt": True, "with_hamlet": True},
        {"t": "Pemb. MCK Umum Rt.{rt} Rw.{rw} Dsn {d}", "y": 2025, "source": "kantor desa", "money": 1.0, "status": "selesai", "with_rt": True, "with_hamlet": True},
        b_shape=lambda w, spot: Point(village.office), links={"line": 1},
    )  # fmt: skip
    assert plant(world, case, village)


def many_parts(world, pool):
    """Works of many parts, alone: twenty lamps, twelve wells, gang after gang."""
    for at, (family, count) in enumerate([("lamp", 20), ("lamp", 20), ("lamp", 12), ("well", 12), ("well", 12), ("gang", 4), ("gang", 3), ("drain", 3)]):
        village = pool[20 + 3 * at]

        def make(spot, family=family, count=count):
            if family == "lamp":
                return world.along(world.line_at(spot, 33 * count), count)
            if family == "well":
                return spots(world, spot, count, 280)
            return MultiLineString([world.line_at(world.nudge(spot, 60 + 40 * n), world.rng.uniform(60, 110), 5) for n in range(count)])

        found = world.place(village, family, make)
        assert found, (family, village.name)
        names = world.names(village, found[0])
        title = {
            "lamp": "Pemasangan PJU Dusun {d} {n} titik", "well": "Sumur Bor Dusun {d} ({n} unit)",
            "gang": "Pavingisasi {n} Gang Dusun {d}", "drain": "Drainase Lingkungan Dusun {d} {n} ruas",
        }[family].format(n=count, **names)  # fmt: skip
        record(world, village, family, title, found[1], names, world.rng.choice([2024, 2025, 2026]))


def show(world, demo):
    for family, year, status in SHOWN:
        assert add(world, demo, family, year, status=status, photographed=True, plain=True), family


def ordinary(world, pool, demo):
    rng = world.rng
    for village in pool:
        for _ in range(11 if village is demo else rng.choice([2, 3, 3, 4, 4, 5])):
            family = rng.choices(list(COMMON), list(COMMON.values()))[0]
            add(world, village, family, rng.choice([2024, 2025, 2025, 2026, 2026]))


def add(world, village, family, year, plain=False, **given):
    rng = world.rng

    def make(spot):
        if family in LENGTHS:
            return world.line_at(spot, rng.uniform(*LENGTHS[family]))
        if family in AREAS and rng.random() < 0.75:
            return world.box_at(spot, *AREAS[family])
        if family == "lamp":
            return world.along(world.line_at(spot, rng.uniform(140, 420)), rng.randint(4, 12))
        return Point(spot)

    found = world.place(village, family, make)
    if found is None:
        return None
    names = world.names(village, found[0])
    parts = len(getattr(found[1], "geoms", [1]))
    words = names | {"n": parts, "l": round(found[1].length), "rt": number(names["rt_n"], rng), "rw": number(names["rw_n"], rng)}
    title = rng.choice(TITLES[family][: 2 if plain else None]).format(**words)
    if title.lower() in world.used_names.setdefault(village.code + "titles", set()):
        title += f" RT {words['rt']}"
    world.used_names[village.code + "titles"].add(title.lower())
    if not plain:
        title = write_as_people_do(title, rng)
    fund = rng.choices(["DD", "ADD", "BKK Kabupaten", "BKK Provinsi", "PADes", "PBH"], [64, 12, 12, 5, 3, 4])[0]
    if family == "coop":
        fund = "APBN"
        given |= {"authority": "kementerian", "programme": "KDMP"}
    if family in ("aspal", "bridge", "irrigation") and not plain and rng.random() < 0.2:
        fund = "APBD Kabupaten"
    return record(world, village, family, title, found[1], names, year, "DD" if plain else fund, **given)
