"""Checks what README.md claims of the sample data, from the files alone.

    .venv/bin/python sample-data/check.py FOLDER_OF_REAL_BOUNDARIES

Needs shapely and Pillow as make.py does. Prints what it counted; ends with an error at the first claim that does not hold.
"""

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from math import cos, radians
from pathlib import Path

from PIL import Image
from shapely import transform
from shapely.geometry import shape
from shapely.ops import unary_union
from shapely.strtree import STRtree

HERE = Path(__file__).resolve().parent
STATUSES = {"usulan", "rencana", "disetujui", "berjalan", "selesai", "serah terima", "dihentikan", "batal", "gagal tender"}
ALERTING = {"double_entry": 4, "double_funding": 6, "cross_village": 5, "split_package": 3, "repeat_work": 5}
EXPLAINING = {
    "adjoining": 5, "continuation": 5, "retender": 4, "maintenance": 4, "companion": 4, "sibling": 4, "revision": 3, "co_funded": 3, "unrelated": 6,
}  # fmt: skip
#: Kinds of works that could be taken for each other.
ALIKE = [
    {"jalan", "jalan lingkungan", "jalan usaha tani", "pemeliharaan jalan"}, {"drainase", "irigasi", "air limbah", "gorong-gorong"},
    {"sanitasi", "jamban"}, {"air bersih", "pipanisasi"}, {"jembatan", "gorong-gorong"}, {"rumah", "jamban"},
]  # fmt: skip
APART_M, BORDER_M = 400.0, 50.0


def metres(geometry):
    return transform(geometry, lambda x, y: (x * 111_320 * cos(radians(-8.35)), y * 110_600), interleaved=False)


def features(path):
    return json.loads(path.read_text())["features"]


def table(name):
    with open(HERE / name, newline="") as file:
        return list(csv.DictReader(file))


def check_villages(real):
    drawn = {}
    for feature in features(HERE / "villages.geojson"):
        told, geometry = feature["properties"], shape(feature["geometry"])
        true = real[told["code"]]["properties"]
        assert all(told[key] == true[key] for key in true if key != "area_ha"), told
        assert told["schematic"] is True and geometry.is_valid and geometry.geom_type == "Polygon" and geometry.exterior.is_ccw, told
        drawn[told["code"]] = metres(geometry)
        centre = metres(shape({"type": "Point", "coordinates": [told["centre_lon"], told["centre_lat"]]}))
        assert drawn[told["code"]].contains(centre) and metres(shape(real[told["code"]]["geometry"])).contains(centre), told
    assert len(drawn) == 217
    total, union = sum(cell.area for cell in drawn.values()), unary_union(list(drawn.values())).area
    assert total - union < 5_000, f"outlines overlap by {total - union} m²"
    kept = [code for code, cell in drawn.items() if cell.equals(metres(shape(real[code]["geometry"])))]
    assert not kept
    assert (HERE / "villages.geojson").stat().st_size < 400_000
    print(f"villages: 217, {(HERE / 'villages.geojson').stat().st_size // 1000} kB, overlap {total - union:.0f} m²")
    return drawn


def check_projects(drawn, real, pairs):
    works = {feature["id"]: feature for feature in features(HERE / "projects.geojson")}
    told = [work["properties"] for work in works.values()]
    assert len(works) == len(told) >= 420
    assert {p["year"] for p in told} == {2024, 2025, 2026} and len({p["village_code"] for p in told}) >= 65
    assert {p["status"] for p in told} == STATUSES
    assert {"desa", "dinas PU", "kementerian"} == {p["authority"] for p in told}
    at_border = {id for pair in pairs if "desa" in pair["scenario"] or "batas" in pair["scenario"] for id in (pair["id_a"], pair["id_b"])}
    outside = 0
    for id, work in works.items():
        p, geometry = work["properties"], shape(work["geometry"])
        assert p["id"] == id and geometry.is_valid and geometry.is_simple, id
        assert real[p["village_code"]]["properties"]["name"] == p["village"], id
        assert p["budget_rp"] > 0 and p["volume"] > 0 and (p["start"] is None or p["finish"] is None or p["start"] <= p["finish"]), id
        assert p["start"] is None or p["start"][:4] >= str(p["year"]), id
        assert p["status"] not in ("selesai", "serah terima") or (p["finish"] and p["finish"] <= "2026-11-20"), id
        assert p["status"] != "berjalan" or (p["year"] == 2026 and p["finish"] > "2026-11-20"), id
        flat = metres(geometry)
        maps = drawn[p["village_code"]], metres(shape(real[p["village_code"]]["geometry"]))
        if not all(place.contains(flat) for place in maps):
            far = max(flat.hausdorff_distance(flat.intersection(place)) if flat.intersects(place) else flat.distance(place) for place in maps)
            assert id in at_border and all(flat.difference(place.buffer(BORDER_M)).is_empty for place in maps), (id, p["title"], far)
            outside += 1
    forms = Counter(work["geometry"]["type"] for work in works.values())
    assert set(forms) == {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString"}
    print(f"projects: {len(works)} in {len({p['village_code'] for p in told})} villages, {dict(forms)}")
    print(f"  years {dict(Counter(p['year'] for p in told))}, statuses {dict(Counter(p['status'] for p in told))}")
    print(f"  {outside} of the border cases lie partly outside, all within {BORDER_M:.0f} m of both maps of their village")
    return works


def check_pairs(pairs, works):
    kinds = {label: Counter(pair["kind"] for pair in pairs if pair["label"] == label) for label in ("duplicate", "distinct", "continuation", "retender")}
    assert all(pair["id_a"] in works and pair["id_b"] in works and pair["id_a"] < pair["id_b"] for pair in pairs)
    assert len({(pair["id_a"], pair["id_b"]) for pair in pairs}) == len(pairs)
    for kind, least in ALERTING.items():
        assert kinds["duplicate"][kind] >= least, kind
    others = kinds["distinct"] + kinds["continuation"] + kinds["retender"]
    for kind, least in EXPLAINING.items():
        assert others[kind] >= least, kind
    assert sum(kinds["duplicate"].values()) >= 30 and sum(others.values()) >= 30
    check_kinds_fit(pairs, works)
    for label, count in kinds.items():
        print(f"  {label}: {sum(count.values())} {dict(count)}")


def check_kinds_fit(pairs, works):
    """The kind of each double follows from the two records, first that fits: split, cross_village, funding, entry, repeat."""
    for pair in pairs:
        if pair["label"] != "duplicate":
            continue
        a, b = (works[pair[name]]["properties"] for name in ("id_a", "id_b"))
        packages = re.search(r"(?i)pa?ke?t", a["title"]) and re.search(r"(?i)pa?ke?t", b["title"]) and a["contractor"] == b["contractor"]
        over = {a["authority"], b["authority"]} == {"desa", "dinas PU"} and a["kind"] == b["kind"] == "jalan"
        if packages and a["year"] == b["year"]:
            kind = "split_package"
        elif a["village_code"] != b["village_code"]:
            kind = "cross_village"
        elif over:
            kind = "repeat_work"
        elif a["funds"] != b["funds"] and abs(a["year"] - b["year"]) <= 1:
            kind = "double_funding"
        else:
            kind = "double_entry" if a["year"] == b["year"] else "repeat_work"
        assert kind == pair["kind"], (pair, kind)


def check_unlisted(pairs, works):
    """No two works that are not a listed pair could be taken for each other: by place and kind, or by title."""
    listed = defaultdict(set)
    for pair in pairs:
        listed[pair["id_a"]].add(pair["id_b"])
        listed[pair["id_b"]].add(pair["id_a"])
    offices = {work["id"] for work in works.values() if work["properties"]["location_source"] == "kantor desa"}
    ids, shapes = list(works), [metres(shape(work["geometry"])) for work in works.values()]
    tree, near, other_kind = STRtree(shapes), APART_M, 0
    for at, id in enumerate(ids):
        p = works[id]["properties"]
        for other in tree.query(shapes[at].buffer(near)):
            q = works[ids[other]]["properties"]
            if other <= at or ids[other] in listed[id] or {id, ids[other]} <= offices or shapes[at].distance(shapes[other]) > near:
                continue
            gap = shapes[at].distance(shapes[other])
            other_kind += gap <= 250
            same = p["kind"] == q["kind"] and p["kind"] != "gedung"
            alike = same or any({p["kind"], q["kind"]} <= kinds for kinds in ALIKE)
            alike = alike or (p["kind"] == q["kind"] and building_name(p["title"]) == building_name(q["title"]))
            assert not alike or {id, ids[other]} & offices, (id, ids[other], p["title"], q["title"], round(gap))
    titles = defaultdict(list)
    for id, work in works.items():
        titles[work["properties"]["village_code"], " ".join(sorted(re.findall(r"\w+", work["properties"]["title"].lower())))].append(id)
    twins = [group for group in titles.values() if len(group) > 1 and not all(b in listed[a] for a in group for b in group if a != b)]
    assert not twins, twins
    print(f"  unlisted works: none of like kind within {near:.0f} m; {other_kind} couples of other kinds within 250 m; no title twice in a village")


def building_name(title):
    words = title.lower()
    return next((name for name in ("posyandu", "pos yandu", "paud", "tpq", "balai", "gsg") if name in words), words)


def check_progress(works):
    reports, photos = table("reports.csv"), table("photos.csv")
    assert len({row["report"] for row in reports}) == len(reports) and all(row["project"] in works for row in reports)
    by_key = {row["report"]: row for row in reports}
    last = {}
    for row in sorted(reports, key=lambda row: (row["project"], int(row["percent"]))):
        before = last.get(row["project"])
        assert before is None or (before["date"] <= row["date"]), row
        assert row["date"] <= "2026-11-20", row
        last[row["project"]] = row
    for id, row in last.items():
        done = works[id]["properties"]["status"] in ("selesai", "serah terima")
        assert (int(row["percent"]) == 100) == done, (id, row["percent"], works[id]["properties"]["status"])
    sizes, with_exif, turned = [], 0, Counter()
    for row in photos:
        path = HERE / "photos" / row["file"]
        assert row["report"] in by_key and row["taken_at"].endswith("+07:00") and row["taken_at"][:10] == by_key[row["report"]]["date"], row
        sizes.append(path.stat().st_size)
        with Image.open(path) as image:
            assert image.size in ((640, 480), (480, 640)), path
            exif = image.getexif()
            with_exif += bool(exif)
            turned[exif.get(274, 1)] += 1
    files = [path for path in (HERE / "photos").iterdir()]
    assert len(photos) >= 84 and len(files) == len(photos) and max(sizes) <= 45_000 and turned[6] and turned[3]
    print(f"reports: {len(reports)}; photos: {len(photos)}, {min(sizes) // 1000}-{max(sizes) // 1000} kB, {sum(sizes) / 1e6:.1f} MB, {with_exif} with EXIF, orientation {dict(turned)}")


def check_readme(works, pairs):
    text = (HERE / "README.md").read_text()
    villages = len({work["properties"]["village_code"] for work in works.values()})
    for claim in (
        f"{len(works)} works of the fiscal years", f"in {villages} villages", f"{len(pairs)} labelled pairs",
        f"{len(table('reports.csv'))} progress reports; {len(table('photos.csv'))} photos",
    ):  # fmt: skip
        assert claim in text, f"README.md does not say: {claim}"


def main(folder):
    real = {feature["id"]: feature for feature in features(folder / "banyuwangi.geojson")}
    drawn, pairs = check_villages(real), table("pairs.csv")
    works = check_projects(drawn, real, pairs)
    check_pairs(pairs, works)
    check_unlisted(pairs, works)
    check_progress(works)
    check_readme(works, pairs)
    assert {row["login"] for row in table("people.csv")} == {"petugas", "kades", "inspektur", "admin"}
    total = sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert total < 6_000_000, total
    for path in HERE.rglob("*"):
        if path.suffix in (".py", ".md", ".csv", ".geojson"):
            words = "/" + "work/", "sha" + "red/"
            assert not any(word in path.read_text() for word in words), f"{path} names a folder of the maker's machine"
    kelurahan = {id for id, work in works.items() if real[work["properties"]["village_code"]]["properties"]["kind"] != "desa"}
    assert not kelurahan, "a kelurahan has no village budget"
    print(f"all: {total / 1e6:.1f} MB. All claims hold.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
