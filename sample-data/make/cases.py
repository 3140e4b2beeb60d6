"""A planted pair: what stands in the two records, and how their places lie to each other."""

from dataclasses import dataclass, field
from datetime import timedelta

from shapely.geometry import LineString, MultiPoint, Point, Polygon

from .records import price, record, rounded
from .words import FAMILIES, OWNERS, STREETS


@dataclass
class Case:
    scenario: str
    label: str
    kind: str
    family: str
    base: tuple  # ("line", shortest, longest), ("point",), ("area", width, depth), ("lamps", count, length), ("spots", count, reach)
    a: dict
    b: dict
    b_shape: object = None  # (world, shape of a) → shape of b; by default the same place drawn or measured again
    a_shape: object = None  # (world, base) → shape of a; by default the base itself
    where: str = "village"  # or "border": along a border; "across": a line that crosses one; "rich": the village of the demo
    b_family: str = None
    links: dict = field(default_factory=dict)  # continues, same budget line …


def again(world, shape):
    if isinstance(shape, LineString):
        return world.redraw(shape)
    if isinstance(shape, Point):
        return world.nudge(shape, world.rng.uniform(2, 6))
    if isinstance(shape, MultiPoint):
        return MultiPoint([world.nudge(p, world.rng.uniform(0.5, 3)) for p in shape.geoms])
    return Polygon([world.nudge(Point(p), world.rng.uniform(0.3, 1.5)) for p in shape.exterior.coords[:-1]])


def spots(world, start, count, reach):
    """Many points around a place, at least 25 m from each other."""
    found = [start]
    for _ in range(4000):
        p = world.nudge(start, reach * world.rng.random() ** 0.5)
        if len(found) < count and all(p.distance(q) > 25 for q in found):
            found.append(p)
    return MultiPoint(found)


def base_shape(world, case):
    form, *sizes = case.base
    rng = world.rng
    if form == "line":
        return lambda spot: world.line_at(spot, rng.uniform(*sizes))
    if form == "area":
        return lambda spot: world.box_at(spot, *sizes)
    if form == "lamps":
        return lambda spot: world.along(world.line_at(spot, sizes[1]), sizes[0])
    if form == "spots":
        return lambda spot: spots(world, spot, *sizes)
    return lambda spot: Point(spot)


def plant(world, case, village, other=None, base=None):
    """Registers the two works of a case. `base` is given for the works on a border."""
    rng = world.rng
    b_family = case.b_family or case.family
    hamlet = village.hamlets[0][0] if village.hamlets else None
    if base is None:
        keep_out = FAMILIES[b_family][4]
        found = world.place(village, case.family, base_shape(world, case), keep_out)
        if found is None:
            return False
        hamlet, base = found
    names = world.names(village, hamlet)
    names["o2"], names["s2"] = world.fresh(village, OWNERS), world.fresh(village, STREETS)
    names["d2"] = next((name for name, _ in village.hamlets if name != hamlet), "Krajan")
    names["w"] = other.name if other else ""
    n, w = names["rt_n"], names["rw_n"]
    names |= {"rt": f"{n:02}", "rt3": f"{n:03}", "rtp": n, "rw": f"{w:02}", "rw3": f"{w:03}", "rwp": w}
    names |= {"rtx": f"{n % 12 + 1:02}", "rtx3": f"{n % 12 + 1:03}"}
    a_shape = case.a_shape(world, base) if case.a_shape else base
    b_shape = (case.b_shape or again)(world, base if case.a_shape else a_shape)
    names["l"] = round(getattr(a_shape, "length", 0))
    a = dict(case.a)
    b = dict(case.b)
    shared = {}
    if "contract" in case.links:
        shared["contract_number"] = f"{rng.randint(2, 98):03}/SPK/{a['y']}/{village.code[-4:]}"
    if "line" in case.links:
        shared["budget_line"] = f"{FAMILIES[case.family][1]}.5.3.{rng.randint(1, 9)}.{rng.randint(1, 20):02}"
    if "agreement" in case.links:
        shared["agreement"] = f"BKAD {rng.randint(1, 24):02}/{a['y']}"
    if "photos" in case.links:
        shared["photos"] = [f"{rng.getrandbits(64):016x}" for _ in range(2)]
    if "firm" in case.links:
        shared["executor"] = world.firm()
    first = put(world, village, case.family, a, a_shape, names, shared)
    if "after" in b:
        b["after"] = (first["finish"] or first["start"]) + timedelta(days=b["after"])
    if case.links.get("continues"):
        shared["continues"] = first["key"]
    if "money" in b:
        b["budget"] = rounded(rng, first["budget_rp"] * b.pop("money"))
    elif b_family == case.family and measure_alike(a_shape, b_shape):
        b["budget"] = rounded(rng, first["budget_rp"] * rng.uniform(0.93, 1.07))
    place = other if other and b.pop("other", True) else village
    if place is other:
        there = "Krajan" if "Krajan" in b["t"] or not other.hamlets else other.hamlets[0][0]
        names = names | {"v": other.name, "w": village.name, "d": there}
    if b.pop("far", False):
        names = names | {"d": names["d2"]}
    second = put(world, place, b_family, b, b_shape, names, shared)
    world.pairs.append((first, second, case.label, case.kind, case.scenario))
    return True


def measure_alike(a, b):
    sizes = [shape.length or shape.area or 1 for shape in (a, b)]
    return max(sizes) < 1.15 * min(sizes) and a.geom_type == b.geom_type


def put(world, village, family, told, shape, names, shared):
    told = dict(told)
    title, year, fund = told.pop("t").format(**names), told.pop("y"), told.pop("f", "DD")
    told = {key: value for key, value in shared.items()} | told
    if "budget" not in told:
        told["budget"] = rounded(world.rng, price(world, family, shape))
    if told.pop("other_rt", False):
        names = names | {"rt_n": names["rt_n"] % 12 + 1}
    return record(world, village, family, title, shape, names, year, fund, planted=True, **told)

