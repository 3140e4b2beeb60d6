"""Villages: real codes, names and approximate centres, and outlines that are only drawn from these centres."""

import json
import random
from dataclasses import dataclass, field
from math import hypot

from shapely import concave_hull, maximum_inscribed_circle, voronoi_polygons
from shapely.geometry import LineString, MultiPoint, Point, Polygon, shape
from shapely.ops import linemerge, unary_union

from .metres import to_degrees, to_metres

#: A work keeps this far inside its village, on the schematic and on the real map.
INSET_M = 70.0
#: The outlines end so far beyond the outermost centres, and nowhere farther from their own centre than REACH_M.
RIM_M, REACH_M = 1_500.0, 7_000.0


@dataclass
class Village:
    code: str
    name: str
    properties: dict
    centre: Point  # metres
    real: object  # metres
    drawn: Polygon = None  # metres
    safe: object = None
    hamlets: list = field(default_factory=list)
    office: Point = None


def read(folder):
    """The villages with drawn outlines, in the order of their codes."""
    villages = []
    for feature in json.loads((folder / "banyuwangi.geojson").read_text())["features"]:
        properties = {key: value for key, value in feature["properties"].items() if key != "area_ha"}
        real = to_metres(shape(feature["geometry"]))
        biggest = max(getattr(real, "geoms", [real]), key=lambda part: part.area)
        middle = Point(maximum_inscribed_circle(biggest, tolerance=20).coords[0])
        centre = to_metres(to_degrees(middle, 3))
        if not real.contains(centre):
            centre = to_metres(to_degrees(middle, 4))
        villages.append(Village(properties["code"], properties["name"], properties, centre, real))
    villages.sort(key=lambda village: village.code)
    draw_outlines(villages)
    for village in villages:
        safe = village.drawn.intersection(village.real).buffer(-INSET_M)
        village.safe = max(getattr(safe, "geoms", [safe]), key=lambda part: part.area)
    return villages


def draw_outlines(villages):
    """Voronoi cells of the centres inside a hull around them; each inner border is bent a little, the same for both sides."""
    centres = MultiPoint([village.centre for village in villages])
    hull = concave_hull(centres, ratio=0.12).buffer(RIM_M).simplify(120)
    cells = [cell for cell in voronoi_polygons(centres, extend_to=hull.envelope.buffer(20_000)).geoms]
    for village in villages:
        cell = next(cell for cell in cells if cell.contains(village.centre))
        inside = cell.intersection(hull).intersection(village.centre.buffer(REACH_M, quad_segs=6))
        inside = max(getattr(inside, "geoms", [inside]), key=lambda part: part.area)
        village.drawn = inside
    bend_all(villages)


def bend_all(villages):
    key = lambda p: (round(p[0], 1), round(p[1], 1))
    edges = {}
    rings = []
    for village in villages:
        ring = [key(p) for p in village.drawn.exterior.coords]
        ring = [p for at, p in enumerate(ring) if at == 0 or p != ring[at - 1]]
        rings.append(ring)
        for edge in zip(ring, ring[1:]):
            edges[tuple(sorted(edge))] = edges.get(tuple(sorted(edge)), 0) + 1
    for village, ring in zip(villages, rings):
        bent = [ring[0]]
        for a, b in zip(ring, ring[1:]):
            # Only a border between two villages is bent; the rim stays as it is.
            middle = bend(*sorted((a, b))) if edges[tuple(sorted((a, b)))] == 2 else []
            bent += (middle if a <= b else middle[::-1]) + [b]
        village.drawn = to_metres(to_degrees(Polygon(bent), 5))


def bend(a, b):
    """Points between the ends of a border, a few per cent of its length off the straight line."""
    length = hypot(b[0] - a[0], b[1] - a[1])
    count = min(6, int(length / 350))
    rng = random.Random(f"{a}{b}")
    off, points = 0.0, []
    for at in range(1, count + 1):
        share = at / (count + 1)
        off = max(-1.0, min(1.0, off + rng.uniform(-0.9, 0.9)))
        side = off * 0.055 * length * min(1.0, 4 * share * (1 - share))
        x = a[0] + (b[0] - a[0]) * share - (b[1] - a[1]) / length * side
        y = a[1] + (b[1] - a[1]) * share + (b[0] - a[0]) / length * side
        points.append((x, y))
    return points


def crossings(villages, width_m=42.0):
    """Where a border of the drawing and the same border of the real map run together: [(village, village, line)], longest first."""
    found = []
    for at, a in enumerate(villages):
        for b in villages[at + 1 :]:
            if a.drawn.distance(b.drawn) > 1 or a.real.distance(b.real) > 15:
                continue
            drawn = a.drawn.boundary.intersection(b.drawn.buffer(1.0))
            real = a.real.boundary.intersection(b.real.buffer(25.0))
            together = drawn.intersection(real.buffer(width_m))
            merged = unary_union(together)
            if merged.geom_type == "MultiLineString":
                merged = linemerge(merged)
            lines = [part for part in getattr(merged, "geoms", [merged]) if isinstance(part, LineString)]
            lines = [line for line in lines if line.length >= 90]
            if lines:
                found.append((a, b, max(lines, key=lambda line: line.length)))
    return sorted(found, key=lambda item: -item[2].length)


def write(villages, path):
    features = []
    for village in villages:
        outline = to_degrees(village.drawn, 5)
        centre = to_degrees(village.centre, 4)
        ring = list(Polygon(outline.exterior).exterior.coords)
        ring = ring if Polygon(ring).exterior.is_ccw else ring[::-1]
        properties = village.properties | {"centre_lon": centre.x, "centre_lat": centre.y, "schematic": True}
        features.append(
            {
                "type": "Feature",
                "id": village.code,
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [[list(p) for p in ring]]},
            }
        )
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    path.write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n")
