"""One record of a work: sums, dates, status and executor that fit together."""

import hashlib
from datetime import date, timedelta

from shapely.geometry import MultiPoint, Point, Polygon

from .words import FAMILIES

TODAY = date(2026, 11, 20)
OWN_FUNDS = ("DD", "ADD", "PADes", "BKK Kabupaten", "BKK Provinsi", "PBH", "CSR", "Swadaya")
SOURCES = ["gambar di peta"] * 6 + ["GPS"] * 4 + ["jalan kaki dengan GPS"] * 2 + ["foto EXIF"]
#: Programmes of others than the village, and who carries them out.
EXECUTORS = {"P3-TGAI": "P3A Tirto Sari {d}", "BSPS": "Kelompok Penerima Bantuan {d}", "Pamsimas": "KKM Sumber Waras {d}"}


def measure(family, shape):
    """Volume and unit of a shape."""
    unit = FAMILIES[family][2]
    if isinstance(shape, MultiPoint):
        return len(shape.geoms), unit
    if isinstance(shape, Polygon) and unit == "m":
        return round(shape.area), "m2"
    if unit == "m":
        return (round(shape.length), "m") if shape.length else (1, "paket")
    return 1, unit


def price(world, family, shape):
    low, high = FAMILIES[family][3]
    volume, unit = measure(family, shape)
    if unit == "m2":
        low, high = low / 2.6, high / 2.6
    if isinstance(shape, MultiPoint) and family == "well":
        volume *= 0.45
    return volume * world.rng.uniform(low, high)


def rounded(rng, rupiah):
    step = rng.choice([1_000, 1_000, 100, 50_000, 100_000, 500_000])
    return int(round(rupiah / step) * step)


def usual_status(rng, year, planted=False):
    if planted:  # a work that came to nothing would be another case
        return rng.choice(["selesai", "serah terima"] if year < 2026 else ["selesai", "berjalan"])
    if year < 2026:
        return rng.choices(["selesai", "serah terima", "dihentikan"], [62, 36, 2])[0]
    return rng.choices(["selesai", "berjalan", "disetujui", "rencana", "usulan"], [26, 42, 12, 13, 7])[0]


def days(rng, year, status, after=None):
    """First and last day, as far as the status has them."""
    if status in ("usulan", "rencana", "disetujui", "gagal tender", "batal"):
        return None, None
    first = after or date(year, 3, 1) + timedelta(days=rng.randint(0, 190))
    last = first + timedelta(days=rng.choice([21, 30, 30, 45, 45, 60, 75, 90, 120]))
    if status == "berjalan":
        first = TODAY - timedelta(days=rng.randint(15, 70))
        last = TODAY + timedelta(days=rng.randint(6, 38))
    elif status == "dihentikan":
        last = None
    elif last > TODAY:
        first, last = first - timedelta(days=120), last - timedelta(days=120)
    return first, last


def record(world, village, family, title, shape, names, year, fund="DD", **given):
    """Adds a work and answers it. `given` overrides what would be drawn by chance."""
    rng = world.rng
    kind, code, _, _, _ = FAMILIES[family]
    volume, unit = measure(family, shape)
    status = given.get("status") or usual_status(rng, year, given.get("planted"))
    first, last = days(rng, year, status, given.get("after"))
    authority = given.get("authority") or ("desa" if fund.split(":")[0] in OWN_FUNDS else "dinas PU")
    programme = given.get("programme")
    executor = given.get("executor")
    if executor is None:
        if programme in EXECUTORS:
            executor = EXECUTORS[programme].format(d=names["d"])
        elif authority != "desa" or fund.startswith("BKK") or rng.random() < 0.22:
            executor = world.firm()
        else:
            executor = f"TPK Desa {village.name}"
    if status in ("usulan", "rencana", "gagal tender", "batal"):
        executor = given.get("executor")
    has_rt = "RT" in title.upper()
    key = f"{title}{village.code}{year}{len(world.works)}"
    marks = [hashlib.sha256(f"{key}{n}".encode()).hexdigest()[:16] for n in range(2)]
    source = given.get("source") or rng.choice(SOURCES)
    if source == "foto EXIF" and not isinstance(shape, Point):
        source = "gambar di peta"
    work = {
        "key": len(world.works),
        "village": village,
        "family": family,
        "shape": shape,
        "title": title,
        "activity_code": given.get("code", code if authority == "desa" else None),
        "kind": kind,
        "year": year,
        "funds": fund,
        "budget_rp": given.get("budget") or rounded(rng, price(world, family, shape)),
        "volume": given.get("volume", volume),
        "unit": given.get("unit", unit),
        "contractor": executor,
        "status": status,
        "start": first,
        "finish": last,
        "dusun": names["d"] if given.get("with_hamlet", rng.random() < 0.7) else None,
        "rt": f"{names['rt_n']:02}" if has_rt and given.get("with_rt", rng.random() < 0.6) else None,
        "rw": f"{names['rw_n']:02}" if has_rt and "RW" in title.upper() and given.get("with_rt", rng.random() < 0.6) else None,
        "photo_sha256": given.get("photos", marks if first and rng.random() < 0.3 else None),
        "location_source": source,
        "authority": authority,
        "programme": programme,
        "agreement": given.get("agreement"),
        "continues": given.get("continues"),
        "budget_line": given.get("budget_line"),
        "contract_number": given.get("contract_number"),
        "accuracy_m": given.get("accuracy"),
        "segment_from_m": given.get("segment", (None, None))[0],
        "segment_to_m": given.get("segment", (None, None))[1],
        "planted": given.get("planted"),
        "photographed": given.get("photographed", False),
    }
    if work["accuracy_m"] is None and source in ("GPS", "jalan kaki dengan GPS"):
        work["accuracy_m"] = rng.choice([3, 4, 5, 5, 6, 8, 10])
    world.works.append(work)
    world.stand(family, shape, village.code)
    return work


PROPERTIES = ["activity_code", "kind", "year", "funds", "budget_rp", "volume", "unit", "contractor", "status", "start", "finish", "dusun", "rt", "rw", "photo_sha256", "location_source", "authority", "programme", "agreement", "continues", "budget_line", "contract_number", "accuracy_m", "segment_from_m", "segment_to_m"]
ALWAYS = ["activity_code", "kind", "year", "funds", "budget_rp", "volume", "unit", "contractor", "status", "start", "finish", "dusun", "rt", "rw", "photo_sha256", "location_source"]


def give_ids(works):
    """Ids in order of year and village, as an office would give them out; what continues a work comes behind it."""
    works.sort(key=lambda work: (work["year"], work["village"].code, hashlib.sha256(f"{work['key']}".encode()).hexdigest()))
    for at, work in enumerate(works, 1):
        work["id"] = f"{work['year'] % 100}-{at:04}"


def feature(work, by_key, to_degrees, mapping):
    village = work["village"]
    properties = {
        "id": work["id"],
        "title": work["title"],
        "village_code": village.code,
        "village": village.name,
        "district": village.properties["district"],
        "regency": village.properties["regency"],
    }
    for name in PROPERTIES:
        value = work[name]
        if name == "continues" and value is not None:
            value = by_key[value]["id"]
        if isinstance(value, date):
            value = value.isoformat()
        if value is not None or name in ALWAYS:
            properties[name] = value
    geometry = mapping(to_degrees(work["shape"]))
    return {"type": "Feature", "id": work["id"], "geometry": geometry, "properties": properties}
