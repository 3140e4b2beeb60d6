"""Progress reports of some works, and the photos with them: the same stations at each stage."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from shapely.geometry import Point

from . import photos as pictures
from .metres import to_degrees
from .records import TODAY

WIB = timezone(timedelta(hours=7))
STATIONS = {
    "line": ["awal", "tengah", "akhir"],
    "place": ["depan", "samping"],
}
NOTES = {
    0: ["Kondisi awal sebelum pekerjaan.", "Lokasi sudah diukur bersama TPK dan warga.", "Titik nol, patok sudah dipasang."],
    25: ["Material sudah datang."],
    50: ["Pekerjaan separuh jalan, cuaca baik.", "Sempat hujan dua hari, pekerjaan tetap sesuai jadwal.", "Tenaga padat karya 14 orang."],
    70: ["Menunggu material tahap akhir."],
    100: ["Pekerjaan selesai 100 %.", "Selesai, sudah diperiksa bersama BPD.", "Selesai dan dibersihkan, siap serah terima."],
}
DRAWN = {
    "rabat": "road", "aspal": "asphalt", "telford": "road", "gang": "paving", "jut": "farm_road", "drain": "drain", "spal": "drain",
    "irrigation": "canal", "wall": "wall", "posyandu": "building", "paud": "building", "hall": "building", "guard": "post", "house": "house",
    "toilet": "toilet", "well": "well", "tank": "well", "lamp": "lamp", "bridge": "bridge",
}  # fmt: skip


@dataclass
class Report:
    project: str
    key: str
    day: date
    percent: int
    stage: str
    note: str

    def cells(self):
        return (self.project, self.key, self.day.isoformat(), self.percent, self.stage, self.note)


@dataclass
class Photo:
    report: str
    position: int
    file: str
    stage: str
    station: str
    spot: Point  # degrees; what the phone says
    accuracy: int
    heading: int
    taken: datetime
    scene: str
    work: str
    percent: int
    exif: bool
    orientation: int
    portrait: bool

    def cells(self):
        place = (self.spot.x, self.spot.y, self.accuracy, self.heading) if self.spot else ("", "", "", "")
        return (self.report, self.position, self.file, self.stage, self.station, *place, self.taken.isoformat())


def report(world):
    reports, photos = [], []
    others = [work for work in world.works if work["village"] is not world.demo and work["family"] in DRAWN and not work["planted"]]
    rng = random.Random("progress")
    shown = [work for work in world.works if work["photographed"]]
    finished = [w for w in others if w["status"] in ("selesai", "serah terima") and w["start"] and w["finish"]]
    seen, extra = set(), []
    for work in rng.sample(finished, len(finished)):
        if DRAWN[work["family"]] not in seen:
            seen.add(DRAWN[work["family"]])
            extra.append(work)
    for work in shown + extra[:9]:
        tell(world, work, rng, reports, photos, stations=2 if work in shown[:8] else 1, with_photos=True)
    # Others report without a photo: numbers on the map.
    told = {id(work) for work in shown + extra[:9]}
    for work in world.works:
        if id(work) not in told and work["start"] and (work["status"] == "berjalan" or rng.random() < 0.12):
            tell(world, work, rng, reports, photos, stations=0, with_photos=False)
    return reports, photos


def stages_of(work, rng):
    if work["status"] == "berjalan":
        return [0, 50] if work["photographed"] else rng.choice([[0], [0, 25], [0, 50], [0, 25, 50, 70]])
    if work["status"] == "dihentikan":
        return [0, 25]
    return [0, 50, 100]


def tell(world, work, rng, reports, photos, stations, with_photos):
    stages = stages_of(work, rng)
    last = min(work["finish"] or work["start"] + timedelta(days=40), TODAY)
    span = max(6, (last - work["start"]).days)
    for percent in stages:
        share = percent / 100
        day = min(work["start"] + timedelta(days=round(span * share) - (2 if percent == 0 else 0)), TODAY)
        row = Report(work["id"], f"{work['id']}-{percent:03}", day, percent, f"{percent} %", rng.choice(NOTES[percent]))
        reports.append(row)
        if not with_photos:
            continue
        names = STATIONS["line" if work["shape"].length and work["shape"].geom_type != "Polygon" else "place"]
        for at in range(stations):
            photos.append(photo(work, row, at + 1, names[at], rng))


def photo(work, row, position, station, rng):
    line, own = work["shape"], random.Random(f"{work['id']}{position}")
    if line.geom_type == "LineString":
        spot = line.interpolate({"awal": 0.02, "tengah": 0.5, "akhir": 0.98}[station], normalized=True)
    else:
        spot = line.centroid if line.geom_type != "MultiPoint" else line.geoms[0]
    spot = Point(spot.x + rng.gauss(0, 3), spot.y + rng.gauss(0, 3))
    heading = (own.randint(0, 359) + rng.randint(-4, 4)) % 360
    taken = datetime(row.day.year, row.day.month, row.day.day, rng.randint(7, 15), rng.randint(0, 59), rng.randint(0, 59), tzinfo=WIB)
    scene = DRAWN[work["family"]]
    portrait = scene in ("well", "lamp") or (scene in ("road", "farm_road", "paving", "canal", "drain") and own.random() < 0.2)
    with_exif = rng.random() < 0.12
    orientation = {True: rng.choice([6, 6, 3, 1]), False: 1}[with_exif]
    return Photo(
        row.key, position, f"{row.key}-{position}.jpg", row.stage, station, None if rng.random() < 0.06 else to_degrees(spot),
        rng.choice([3, 4, 5, 6, 8, 12]), heading, taken, scene, work["id"], row.percent, with_exif, orientation, portrait,
    )  # fmt: skip


def draw(photos, folder):
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.jpg"):
        old.unlink()
    for item in photos:
        pictures.save(item, folder / item.file)
