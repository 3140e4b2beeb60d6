"""The planted look-alikes: each line of the list of what is not a duplicate, several times."""

from shapely.geometry import LineString, MultiPoint, Point
from shapely.ops import substring

from .cases import Case

PU = {"f": "APBD Kabupaten", "authority": "dinas PU"}


def like(scenario, kind, family, base, a, b, **more):
    label = kind if kind in ("continuation", "retender") else "distinct"
    return Case(scenario, label, kind, family, base, a, b, **more)


def first(share):
    return lambda world, line: substring(line, 0, share, normalized=True)


def rest(share):
    """The next stretch, from the very end point of the first."""
    return lambda world, line: substring(line, share, 1, normalized=True)


def side(metres):
    return lambda world, line: world.beside(line, metres)


def same(world, shape):
    return shape


def steps(low, high):
    return lambda world, spot: world.nudge(spot if isinstance(spot, Point) else spot.centroid, world.rng.uniform(low, high))


def crossing(world, line):
    middle, turned = line.interpolate(0.5, normalized=True), []
    for x, y in line.coords:
        turned.append((middle.x - (y - middle.y), middle.y + (x - middle.x)))
    return LineString(turned)


def one_more(world, many):
    """One more spot near the others, on none of them."""
    tries = (world.nudge(many.geoms[0], world.rng.uniform(35, 60)) for _ in range(500))
    return next(spot for spot in tries if spot.distance(many) > 30)


def between(world, lamps):
    """Other posts, half-way between those of the first work."""
    posts = [(p.x, p.y) for p in lamps.geoms]
    return MultiPoint([((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(posts, posts[1:])])


ADJ, CON, RET, UPK, COM, SIB, REV, CO, UNR = ["adjoining", "continuation", "retender", "maintenance", "companion", "sibling", "revision", "co_funded", "unrelated"]

CASES = [
    # Next segment, other side, disjoint stations.
    like("ruas berikut dengan titik ujung yang sama", ADJ, "rabat", ("line", 260, 380),
        {"t": "Rabat Beton Jalan {s} Ruas 1 Dusun {d}", "y": 2025}, {"t": "Rabat Beton Jalan {s} Ruas 2 Dusun {d}", "y": 2025},
        a_shape=first(0.5), b_shape=rest(0.5)),
    like("ruas berikut dengan titik ujung yang sama", ADJ, "gang", ("line", 160, 240),
        {"t": "Paving Jalan Lingkungan {s} Utara", "y": 2025}, {"t": "Paving Jalan Lingkungan {s} Selatan", "y": 2025, "f": "ADD"},
        a_shape=first(0.55), b_shape=rest(0.55)),
    like("ruas berikut dengan titik ujung yang sama", ADJ, "jut", ("line", 300, 440),
        {"t": "Pembangunan JUT Blok {s}", "y": 2024}, {"t": "Pembangunan JUT Blok {s} menuju sungai", "y": 2024},
        a_shape=first(0.5), b_shape=rest(0.5)),
    like("sisi kiri dan kanan", ADJ, "drain", ("line", 120, 220),
        {"t": "Pembangunan Drainase Jalan {s} Sisi Kiri", "y": 2025}, {"t": "Pembangunan Drainase Jalan {s} Sisi Kanan", "y": 2025}, b_shape=side(6.5)),
    like("sisi kiri dan kanan", ADJ, "wall", ("line", 70, 130),
        {"t": "TPT Jl. {s} kiri jalan Dsn {d}", "y": 2026}, {"t": "TPT Jl. {s} kanan jalan Dsn {d}", "y": 2026}, b_shape=side(-7)),
    like("sisi kiri dan kanan", ADJ, "drain", ("line", 100, 180),
        {"t": "U-Ditch Jalan {s} sebelah timur", "y": 2024}, {"t": "U-Ditch Jalan {s} sebelah barat", "y": 2024, "f": "BKK Kabupaten"}, b_shape=side(7)),
    like("dua dana pada STA terpisah", ADJ, "aspal", ("line", 396, 404),
        {"t": "Pengaspalan Jalan {s} STA 0+000 - 0+200", "y": 2025, "segment": (0, 200), "volume": 200},
        {"t": "Pengaspalan Jalan {s} STA 0+200 - 0+400", "y": 2025, "f": "BKK Kabupaten", "segment": (200, 400), "volume": 200}, b_shape=same),
    like("dua dana pada STA terpisah", ADJ, "rabat", ("line", 298, 302),
        {"t": "Rabat Beton {s} STA 0+000 s/d 0+150", "y": 2026, "volume": 150}, {"t": "Rabat Beton {s} STA 0+150 s/d 0+300", "y": 2026, "f": "ADD", "volume": 150},
        a_shape=first(0.5), b_shape=rest(0.5)),
    like("tiap desa sampai batasnya", ADJ, "aspal", ("line", 120, 200),
        {"t": "Pengaspalan Jalan {v} - {w} (wilayah {v})", "y": 2025}, {"t": "Pengaspalan Jalan {w} - {v} (wilayah {v})", "y": 2025}, where="across"),
    like("tiap desa sampai batasnya", ADJ, "rabat", ("line", 120, 200),
        {"t": "Rabat Beton Jalan Poros {v} sampai batas {w}", "y": 2024}, {"t": "Rabat Beton Jalan Poros {v} dari batas {w}", "y": 2025}, where="across"),
    like("tiap desa sampai batasnya", ADJ, "jut", ("line", 120, 200),
        {"t": "JUT Blok {s} wilayah Desa {v}", "y": 2026}, {"t": "JUT Blok {s} wilayah Desa {v}", "y": 2026}, where="across"),
    # Phases, next stretches, carried-over budgets.
    like("tahap berikutnya", CON, "rabat", ("line", 280, 400),
        {"t": "Pembangunan Jalan Rabat Beton {s} Tahap I", "y": 2024}, {"t": "Pembangunan Jalan Rabat Beton {s} Tahap II", "y": 2025},
        a_shape=first(0.5), b_shape=rest(0.5)),
    like("tahap berikutnya, seluruh garis digambar", CON, "aspal", ("line", 280, 400),
        {"t": "Peningkatan Jalan {s} Tahap 1", "y": 2025}, {"t": "Peningkatan Jl. {s} Tahap 2", "y": 2026}),
    like("lanjutan", CON, "wall", ("line", 150, 220),
        {"t": "Pembangunan TPT {s} Dusun {d}", "y": 2024}, {"t": "Lanjutan Pembangunan TPT {s} Dusun {d}", "y": 2025},
        a_shape=first(0.5), b_shape=rest(0.5)),
    like("lanjutan", CON, "jut", ("line", 320, 460),
        {"t": "Pembangunan JUT {s}", "y": 2025}, {"t": "Lanj. Pemb. JUT {s}", "y": 2026}, a_shape=first(0.5), b_shape=rest(0.48)),
    like("gedung bertahap", CON, "hall", ("area", 14, 20),
        {"t": "Pembangunan GSG Dusun {d} Tahap I (struktur)", "y": 2025}, {"t": "Pembangunan GSG Dusun {d} Tahap II (atap, finishing)", "y": 2026}),
    like("gedung bertahap", CON, "paud", ("point",),
        {"t": "Pembangunan Gedung PAUD {s} tahap satu", "y": 2024}, {"t": "Penyelesaian Gedung PAUD {s} tahap dua", "y": 2025}),
    like("DPAL, dilanjutkan dari SiLPA", CON, "drain", ("line", 120, 210),
        {"t": "Pembangunan Drainase {s} RT {rt} RW {rw}", "y": 2024, "status": "dihentikan"},
        {"t": "Pembangunan Drainase {s} RT {rt} RW {rw} (DPAL)", "y": 2025, "status": "selesai", "money": 0.45}, links={"continues": 1, "line": 1}),
    like("DPAL, dilanjutkan dari SiLPA", CON, "market", ("area", 18, 24),
        {"t": "Rehab Pasar Desa {v} Blok {s}", "y": 2025, "status": "dihentikan"},
        {"t": "Rehab Pasar Desa {v} Blok {s}", "y": 2026, "status": "selesai", "money": 0.4}, links={"continues": 1}),
    like("DPAL, dilanjutkan dari SiLPA", CON, "bridge", ("point",),
        {"t": "Pembangunan Jembatan {s} Dusun {d}", "y": 2025, "status": "dihentikan"},
        {"t": "Penyelesaian Jembatan {s} Dusun {d} (SiLPA 2025)", "y": 2026, "money": 0.35}, links={"continues": 1}),
    # The first one came to nothing.
    like("tender ulang", RET, "aspal", ("line", 260, 420),
        {"t": "Peningkatan Jalan {s} Dusun {d}", "y": 2025, "f": "BKK Kabupaten", "status": "gagal tender"},
        {"t": "Peningkatan Jalan {s} Dusun {d} (Tender Ulang)", "y": 2025, "f": "BKK Kabupaten"}),
    like("tender ulang", RET, "bridge", ("point",),
        {"t": "Pembangunan Jembatan Kali {s}", "y": 2026, "f": "BKK Provinsi", "status": "gagal tender"},
        {"t": "Pembangunan Jembatan Kali {s}", "y": 2026, "f": "BKK Provinsi", "status": "berjalan"}),
    like("tender ulang", RET, "hall", ("area", 12, 16),
        {"t": "Rehabilitasi Balai Dusun {d}", "y": 2024, "f": "BKK Kabupaten", "status": "gagal tender"},
        {"t": "Rehabilitasi Balai Dusun {d}", "y": 2025, "f": "BKK Kabupaten"}, b_shape=same),
    like("batal lalu dikerjakan", RET, "rabat", ("line", 120, 200),
        {"t": "Rabat Beton Jalan {s} RT {rt}", "y": 2024, "status": "batal"}, {"t": "Rabat Beton Jalan {s} RT {rt}", "y": 2025}),
    like("batal lalu dikerjakan", RET, "well", ("point",),
        {"t": "Sumur Bor Dusun {d}", "y": 2025, "status": "batal"}, {"t": "Pembangunan Sumur Bor Dusun {d}", "y": 2026}),
    # Upkeep after building.
    like("pemeliharaan setelah dibangun", UPK, "aspal", ("line", 240, 380),
        {"t": "Pengaspalan Jalan {s} Dusun {d}", "y": 2024}, {"t": "Pemeliharaan Jalan {s} Dusun {d}", "y": 2026, "money": 0.12}, b_family="upkeep"),
    like("pemeliharaan setelah dibangun", UPK, "rabat", ("line", 150, 240),
        {"t": "Pembangunan Rabat Beton {s}", "y": 2024}, {"t": "Pemel. Jalan Rabat {s} (tambal retak)", "y": 2025, "money": 0.1}, b_family="upkeep"),
    like("pemeliharaan setelah dibangun", UPK, "gang", ("line", 90, 140),
        {"t": "Pavingisasi Gang {s} RT {rt}", "y": 2024}, {"t": "Pemeliharaan Paving Gang {s} RT {rt}", "y": 2026, "money": 0.15, "code": "02.03.02"}),
    like("pemeliharaan setelah dibangun", UPK, "drain", ("line", 120, 200),
        {"t": "Pembangunan Drainase Jalan {s}", "y": 2024}, {"t": "Normalisasi dan Pemeliharaan Drainase Jl. {s}", "y": 2026, "money": 0.09, "code": "02.03.05"}),
    like("pemeliharaan setelah dibangun", UPK, "bridge", ("point",),
        {"t": "Pembangunan Jembatan {s} Dusun {d}", "y": 2024}, {"t": "Pemeliharaan Jembatan {s} (cat dan railing)", "y": 2026, "money": 0.06, "code": "02.03.04"}),
    # A road and what goes with it.
    like("jalan dan drainasenya", COM, "rabat", ("line", 140, 240),
        {"t": "Rabat Beton Jalan {s} Dusun {d}", "y": 2025}, {"t": "Pembangunan Drainase Jalan {s} Dusun {d}", "y": 2025}, b_family="drain", b_shape=side(2.5)),
    like("jalan dan TPT-nya", COM, "aspal", ("line", 160, 260),
        {"t": "Pengaspalan Jalan {s}", "y": 2026}, {"t": "Pembangunan TPT Jalan {s}", "y": 2026}, b_family="wall", b_shape=side(-3)),
    like("jalan dan drainasenya", COM, "gang", ("line", 90, 150),
        {"t": "Paving Gang {s} RT {rt} RW {rw}", "y": 2025}, {"t": "Selokan Gang {s} RT {rt} RW {rw}", "y": 2025, "f": "ADD"}, b_family="drain", b_shape=side(1.8)),
    like("JUT dan salurannya", COM, "jut", ("line", 200, 320),
        {"t": "Pembangunan JUT Blok {s}", "y": 2024}, {"t": "Pembangunan Saluran Irigasi Tersier Blok {s}", "y": 2025}, b_family="irrigation", b_shape=side(3)),
    like("jalan dan lampunya", UNR, "rabat", ("line", 200, 300),
        {"t": "Betonisasi Jalan {s} Dusun {d}", "y": 2025}, {"t": "PJU Jalan {s} Dusun {d} 8 titik", "y": 2025}, b_family="lamp", b_shape=lambda w, line: w.along(line, 8)),
    # One by one.
    like("rumah tetangga", SIB, "house", ("point",),
        {"t": "Rehab RTLH a.n. {o} RT {rt} Dusun {d}", "y": 2025, "source": "GPS"}, {"t": "Rehab RTLH a.n. {o2} RT {rt} Dusun {d}", "y": 2025, "source": "GPS"}, b_shape=steps(11, 18)),
    like("rumah tetangga", SIB, "house", ("point",),
        {"t": "BEDAH RUMAH a.n. {o} DSN {d}", "y": 2026, "source": "GPS"}, {"t": "BEDAH RUMAH a.n. {o2} DSN {d}", "y": 2026, "source": "GPS"}, b_shape=steps(9, 15)),
    like("tiang demi tiang", SIB, "lamp", ("point",),
        {"t": "Pemasangan PJU Jalan {s} titik 3", "y": 2025, "source": "GPS"}, {"t": "Pemasangan PJU Jalan {s} titik 4", "y": 2025, "source": "GPS"}, b_shape=steps(30, 40)),
    like("tiang di antara tiang", SIB, "lamp", ("lamps", 10, 420),
        {"t": "PJU Jalan {s} Tahun 2025 (10 titik)", "y": 2025}, {"t": "Penambahan PJU Jalan {s} 9 titik baru", "y": 2026}, b_shape=between),
    like("satu kegiatan dua belas sumur, satu sumur lain", SIB, "well", ("spots", 12, 300),
        {"t": "Pembangunan 12 Sumur Bor Dusun {d}", "y": 2025}, {"t": "Sumur Bor RT {rt} (unit 13) Dusun {d}", "y": 2025},
        b_shape=one_more),
    like("jamban rumah demi rumah", SIB, "latrine", ("point",),
        {"t": "Jambanisasi RT {rt} a.n. {o}", "y": 2025, "source": "GPS"}, {"t": "Jambanisasi RT {rt} a.n. {o2}", "y": 2025, "source": "GPS"}, b_shape=steps(14, 30)),
    like("gang tiap RT", SIB, "gang", ("line", 70, 110),
        {"t": "Paving Gang RT {rt} RW {rw} Dusun {d}", "y": 2025, "with_rt": True},
        {"t": "Paving Gang RT {rtx} RW {rw} Dusun {d}", "y": 2025, "with_rt": True, "other_rt": True}, b_shape=side(34)),
    # The newer budget stands.
    like("perubahan anggaran (PAK)", REV, "rabat", ("line", 140, 230),
        {"t": "Rabat Beton Jalan {s} Dusun {d}", "y": 2025, "status": "disetujui"}, {"t": "Rabat Beton Jalan {s} Dusun {d} (Perubahan)", "y": 2025, "status": "selesai", "money": 1.18},
        b_shape=same, links={"line": 1}),
    like("perubahan anggaran (PAK)", REV, "irrigation", ("line", 200, 300),
        {"t": "Pembangunan JIDES Blok {s}", "y": 2026, "status": "disetujui"}, {"t": "Pembangunan JIDES Blok {s} PAK 2026", "y": 2026, "status": "berjalan", "money": 0.85}, links={"line": 1}),
    like("perubahan anggaran (PAK)", REV, "posyandu", ("point",),
        {"t": "Pembangunan Posyandu {s}", "y": 2026, "status": "disetujui"}, {"t": "Pembangunan Posyandu {s} (P-APBDes)", "y": 2026, "status": "berjalan", "money": 1.1}, b_shape=same, links={"line": 1}),
    # Paid together by agreement.
    like("jembatan batas dengan BKAD", CO, "bridge", ("point",),
        {"t": "Jembatan Perbatasan {v} - {w} (BKAD)", "y": 2025}, {"t": "Jembatan Perbatasan {w} - {v} (BKAD)", "y": 2025}, where="border", links={"agreement": 1}),
    like("jalan batas dengan BKAD", CO, "rabat", ("line", 140, 240),
        {"t": "Rabat Beton Jalan Kerja Sama {v} dan {w}", "y": 2026}, {"t": "Rabat Beton Jalan Kerja Sama {w} dan {v}", "y": 2026}, where="border", links={"agreement": 1}),
    like("jembatan batas dengan BKAD", CO, "bridge", ("point",),
        {"t": "Rehab Jembatan Kali {s} Batas Desa", "y": 2024}, {"t": "Rehab Jembatan Kali {s}", "y": 2024}, where="border", links={"agreement": 1}),
    # Nothing to do with each other.
    like("nama sama di dua dusun yang berjauhan", UNR, "rabat", ("line", 110, 170),
        {"t": "Rabat Beton Jalan {s}", "y": 2025, "with_hamlet": True}, {"t": "Rabat Beton Jalan {s}", "y": 2025, "with_hamlet": True}, where="far"),
    like("nama sama di dua dusun yang berjauhan", UNR, "posyandu", ("point",),
        {"t": "Pembangunan Posyandu {s} Dusun {d}", "y": 2025, "with_hamlet": True}, {"t": "Pembangunan Posyandu {s} Dusun {d}", "y": 2025, "with_hamlet": True}, where="far"),
    like("judul umum di dua tempat", UNR, "upkeep", ("line", 200, 320),
        {"t": "Pemeliharaan Jalan Desa", "y": 2024, "with_hamlet": True}, {"t": "Pemeliharaan Jalan Desa", "y": 2024, "with_hamlet": True}, where="far"),
    like("desa kembar nama", UNR, "aspal", ("line", 150, 240),
        {"t": "Pengaspalan Jalan {s} Desa {v}", "y": 2025}, {"t": "Pengaspalan Jalan {s} Desa {v}", "y": 2025}, where="twin Watukebo"),
    like("desa kembar nama", UNR, "hall", ("area", 13, 18),
        {"t": "Rehabilitasi Balai Dusun Krajan Desa {v}", "y": 2024}, {"t": "Rehabilitasi Balai Dusun Krajan Desa {v}", "y": 2024}, where="twin Tamansari"),
    like("jalan bersilangan", UNR, "rabat", ("line", 160, 220),
        {"t": "Rabat Beton Jalan {s}", "y": 2025}, {"t": "Rabat Beton Jalan {s2}", "y": 2025}, b_shape=crossing),
    like("jalan bersilangan", UNR, "aspal", ("line", 220, 300),
        {"t": "Pengaspalan Jalan {s} Dusun {d}", "y": 2024}, {"t": "Pavingisasi Gang {s2} Dusun {d}", "y": 2025}, b_family="gang", b_shape=crossing),
    like("pekerjaan lain di tempat yang sama", UNR, "posyandu", ("point",),
        {"t": "Pembangunan Posyandu {s}", "y": 2025}, {"t": "Pembangunan Gedung PAUD {s}", "y": 2025}, b_family="paud", b_shape=steps(3, 8)),
    like("pekerjaan lain di tempat yang sama", UNR, "field", ("area", 40, 60),
        {"t": "Pembangunan Lapangan Voli Dusun {d}", "y": 2025}, {"t": "Sumur Bor Lapangan Dusun {d}", "y": 2025}, b_family="well", b_shape=steps(2, 6)),
    like("nomor gang mirip", "", "gang", ("line", 60, 100),
        {"t": "Rabat Gang {s} 10 RT {rt}", "y": 2025}, {"t": "Rabat Gang {s} 10 A RT {rt}", "y": 2025}, b_shape=side(22)),
]  # fmt: skip
