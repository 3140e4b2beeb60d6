"""The planted doubles: each line of the list of what is a duplicate, several times, in words of its own."""

from shapely.geometry import MultiPoint

from .cases import Case

ENTRY, FUNDING, BORDER, SPLIT, REPEAT = "double_entry", "double_funding", "cross_village", "split_package", "repeat_work"
PU, KEMEN = {"f": "APBD Kabupaten", "authority": "dinas PU"}, {"f": "APBN", "authority": "kementerian"}


def double(scenario, kind, family, base, a, b, **more):
    return Case(scenario, "duplicate", kind, family, base, a, b, **more)


def reverse(world, line):
    return world.redraw(line, reverse=True)


def share(start, end):
    """B has this part of A's line, and goes its own way nowhere else."""
    return lambda world, line: world.part(line, start, end)


def strip(world, line):
    return line.buffer(1.6, cap_style="flat").simplify(0.3)


def some(indices):
    return lambda world, many: MultiPoint([world.nudge(many.geoms[at], 1.5) for at in indices])


def middle(world, area):
    return world.nudge(area.centroid, 3)


CASES = [
    # One activity imported or typed twice.
    double("diketik dua kali", ENTRY, "rabat", ("line", 120, 220),
        {"t": "Pembangunan Rabat Beton Jalan {s} RT {rt3} RW {rw3}", "y": 2025},
        {"t": "Pemb. rabat beton Jl. {s} Rt.{rt}/Rw.{rw}", "y": 2025}),
    double("diketik dua kali, huruf besar", ENTRY, "gang", ("line", 80, 150),
        {"t": "Pavingisasi Gang {s} Dusun {d}", "y": 2026, "status": "berjalan"},
        {"t": "PAVINGISASI GG. {s} DSN {d}", "y": 2026, "status": "berjalan"}, b_shape=reverse),
    double("salah ketik", ENTRY, "irrigation", ("line", 180, 320),
        {"t": "Pembangunan Saluran Irigasi Tersier Blok {s}", "y": 2024},
        {"t": "Pembangunan Salran Irigrasi Tersier Blok {s}", "y": 2024}),
    double("titik sama, dua petugas", ENTRY, "toilet", ("point",),
        {"t": "Pembangunan MCK Umum RT {rt} RW {rw} Dusun {d}", "y": 2025, "source": "GPS", "accuracy": 6},
        {"t": "Pemb MCK umum dsn {d} Rt.{rtp}/Rw.{rwp}", "y": 2025, "source": "foto EXIF", "accuracy": 12}),
    double("poligon dan titik", ENTRY, "hall", ("area", 12, 18),
        {"t": "Rehabilitasi Balai Dusun {d}", "y": 2025}, {"t": "Rehab Balai Dsn. {d} (atap dan lantai)", "y": 2025, "money": 1.0}, b_shape=middle),
    double("dua puluh lampu dicatat dua kali", ENTRY, "lamp", ("lamps", 20, 640),
        {"t": "Pemasangan PJU Jalan {s} Dusun {d} 20 titik", "y": 2025},
        {"t": "Pengadaan & pemasangan lampu PJU Jln {s} (20 ttk)", "y": 2025}),
    double("kontrak sama", ENTRY, "bridge", ("point",),
        {"t": "Pembangunan Jembatan Kali {s} Dusun {d}", "y": 2024, "f": "BKK Kabupaten"},
        {"t": "Jembatan {s} dsn {d} bentang 8 m", "y": 2024, "f": "BKK Kabupaten", "money": 1.0}, links={"contract": 1, "firm": 1}),
    double("impor dan ketik, angka dibulatkan", ENTRY, "wall", ("line", 70, 130),
        {"t": "Pembangunan TPT Jalan {s} Dusun {d} P {l} x T 1,5 m", "y": 2026, "status": "selesai"},
        {"t": "Tembok Penahan Tanah Jl {s} dusun {d}", "y": 2026, "status": "selesai"}, links={"line": 1}),
    double("satu foto, dua catatan", ENTRY, "posyandu", ("point",),
        {"t": "Pembangunan Gedung Posyandu {s} Dusun {d}", "y": 2024},
        {"t": "Pembangunan Pos Yandu {s}", "y": 2024, "money": 1.0}, links={"photos": 1}),
    # DD and other money on the same metres.
    double("DD dan BKK pada meter yang sama", FUNDING, "rabat", ("line", 180, 300),
        {"t": "Rabat Beton Jalan {s} Dusun {d}", "y": 2025},
        {"t": "Peningkatan Jalan Desa Ruas {s} Dsn. {d}", "y": 2025, "f": "BKK Kabupaten"}),
    double("DD dan BKK pada meter yang sama", FUNDING, "aspal", ("line", 250, 420),
        {"t": "Pengaspalan Jalan Poros {s} ({l} x 3 m)", "y": 2026, "status": "selesai"},
        {"t": "Lapen jalan poros {s}", "y": 2026, "f": "BKK Provinsi", "status": "berjalan"}, b_shape=reverse),
    double("sebagian meter dibayar dua kali", FUNDING, "rabat", ("line", 320, 420),
        {"t": "Pembangunan Jalan Rabat Beton {s} Dusun {d}", "y": 2024},
        {"t": "Rabat beton Jl. {s} RT {rt}", "y": 2025, "f": "ADD"},
        a_shape=lambda w, line: w.part(line, 0, 0.72), b_shape=share(0.35, 1)),
    double("garis dan poligon", FUNDING, "gang", ("line", 90, 160),
        {"t": "Paving Jalan Lingkungan Gang {s} RT {rt} RW {rw}", "y": 2025},
        {"t": "Pekerjaan Paving Stone Gg {s} Rt {rtp} Rw {rwp}", "y": 2025, "f": "BKK Kabupaten"}, b_shape=strip),
    # The same ditch under another code.
    double("selokan sama, dua kode kegiatan", FUNDING, "drain", ("line", 130, 240),
        {"t": "Pembangunan Drainase Jalan {s} Dusun {d}", "y": 2025, "code": "02.03.14"},
        {"t": "Pembangunan Saluran Sanitasi Permukiman Jl. {s}", "y": 2025, "f": "ADD", "code": "02.04.13"}),
    double("selokan sama, dua kode kegiatan", FUNDING, "drain", ("line", 110, 200),
        {"t": "Pemb. Selokan Jl. {s} RT {rt} RW {rw}", "y": 2024, "code": "02.03.14"},
        {"t": "Gorong-gorong dan selokan permukiman RT {rt} RW {rw} ({s})", "y": 2025, "f": "PBH", "code": "02.04.13"}, b_shape=reverse),
    double("selokan sama sebagai SPAL", FUNDING, "drain", ("line", 100, 180),
        {"t": "Pembangunan Saluran Drainase {s} Dusun {d}", "y": 2026, "code": "02.03.14", "status": "selesai"},
        {"t": "Pembangunan SPAL {s} Dsn. {d}", "y": 2026, "f": "BKK Kabupaten", "code": "02.04.16", "status": "berjalan"}),
    # One house, two programmes.
    double("rumah BSPS dan RTLH tahun sama", FUNDING, "house", ("point",),
        {"t": "Rehab RTLH a.n. {o} RT {rt} RW {rw} Dusun {d}", "y": 2025, "source": "GPS"},
        {"t": "BSPS Peningkatan Kualitas Rumah a.n. {o} Dsn {d}", "y": 2025, "programme": "BSPS", "source": "foto EXIF", **KEMEN}),
    double("rumah BSPS dan RTLH berturut-turut", FUNDING, "house", ("point",),
        {"t": "Bantuan Stimulan Perumahan Swadaya a.n. {o} Dusun {d}", "y": 2024, "programme": "BSPS", "source": "GPS", **KEMEN},
        {"t": "Bedah Rumah Tidak Layak Huni an. {o} RT {rt} Dusun {d}", "y": 2025, "source": "GPS"}),
    double("posyandu dari DD dan CSR", FUNDING, "posyandu", ("point",),
        {"t": "Pembangunan Posyandu {s} Dusun {d}", "y": 2025},
        {"t": "Pembangunan Gedung Posyandu {s}", "y": 2025, "f": "CSR"}),
    double("sumur bor DD dan Pamsimas", FUNDING, "well", ("point",),
        {"t": "Pembangunan Sumur Bor RT {rt} Dusun {d}", "y": 2024, "source": "GPS"},
        {"t": "Pamsimas - Sumur Bor Dsn {d} RT {rt}", "y": 2025, "programme": "Pamsimas", "source": "GPS", **KEMEN}),
    double("irigasi DD dan P3-TGAI", FUNDING, "irrigation", ("line", 220, 380),
        {"t": "Rehabilitasi Jaringan Irigasi Tersier Blok {s} Dusun {d}", "y": 2025},
        {"t": "P3-TGAI Saluran Tersier {s}", "y": 2025, "programme": "P3-TGAI", **KEMEN}, b_shape=reverse),
    double("lampu sama, DD dan APBD", FUNDING, "lamp", ("lamps", 8, 260),
        {"t": "PJUTS Jalan {s} 8 titik", "y": 2025}, {"t": "Pemasangan Lampu Jalan Tenaga Surya Jl {s}", "y": 2026, **PU, "status": "selesai"}),
    double("lima dari dua belas sumur", FUNDING, "well", ("spots", 12, 330),
        {"t": "Pembangunan Sumur Bor 12 titik Dusun {d}", "y": 2025},
        {"t": "Sumur bor untuk RT {rt} Dsn {d} (5 unit)", "y": 2025, "f": "BKK Kabupaten", "with_rt": False}, b_shape=some([1, 3, 4, 7, 10])),
    # Both villages claim the border road.
    double("jalan batas diklaim dua desa", BORDER, "rabat", ("line", 150, 300),
        {"t": "Rabat Beton Jalan Batas Desa {v} - {w}", "y": 2025}, {"t": "Pembangunan Jalan Rabat Beton Perbatasan {v}-{w}", "y": 2025}, where="border"),
    double("jalan batas diklaim dua desa", BORDER, "aspal", ("line", 150, 300),
        {"t": "Pengaspalan Jalan Tembus {v} {w}", "y": 2025, "f": "BKK Kabupaten"},
        {"t": "Peningkatan Jalan Desa {v} (batas {w})", "y": 2026, "f": "DD", "status": "selesai"}, where="border", b_shape=reverse),
    double("jalan batas diklaim dua desa", BORDER, "jut", ("line", 150, 300),
        {"t": "Pembangunan JUT Batas Desa {v}", "y": 2024}, {"t": "JUT Perbatasan Blok {s}", "y": 2024, "f": "DD"}, where="border"),
    double("saluran batas diklaim dua desa", BORDER, "irrigation", ("line", 150, 300),
        {"t": "Plengsengan Saluran Tersier {s} Batas {w}", "y": 2026, "status": "selesai"},
        {"t": "Pembangunan Saluran Irigasi {s}", "y": 2026, "status": "berjalan"}, where="border", b_shape=reverse),
    double("jembatan batas tanpa kesepakatan", BORDER, "bridge", ("point",),
        {"t": "Pembangunan Jembatan Penghubung {v} - {w}", "y": 2025, "source": "GPS"},
        {"t": "Jembatan Penghubung Desa {w} dan {v}", "y": 2025, "source": "GPS"}, where="border"),
    double("tembok sungai batas", BORDER, "wall", ("line", 90, 160),
        {"t": "Pembangunan TPT Sungai {s} Batas Desa", "y": 2024}, {"t": "Talud Kali {s} Desa {v}", "y": 2025, "f": "ADD"}, where="border"),
    double("jalan batas di desa contoh", BORDER, "rabat", ("line", 160, 320),
        {"t": "Rabat Beton Jalan {s} Batas {w}", "y": 2026, "status": "selesai"},
        {"t": "Pembangunan rabat beton Jl. {s} tembus {w}", "y": 2026, "status": "berjalan"}, where="rich border"),
    # Packages that share metres.
    double("paket berbagi meter", SPLIT, "rabat", ("line", 260, 360),
        {"t": "Rabat Beton Jalan {s} Paket 1", "y": 2025}, {"t": "Rabat Beton Jalan {s} Paket 2", "y": 2025},
        a_shape=lambda w, line: w.part(line, 0, 0.65), b_shape=share(0.38, 1), links={"firm": 1}),
    double("paket berbagi meter", SPLIT, "aspal", ("line", 400, 560),
        {"t": "Peningkatan Jalan {s} Paket A", "y": 2024, "f": "BKK Kabupaten"},
        {"t": "Peningkatan Jl. {s} Dsn. {d} (Paket B)", "y": 2024, "f": "BKK Kabupaten"},
        a_shape=lambda w, line: w.part(line, 0, 0.6), b_shape=share(0.4, 1), links={"firm": 1}),
    double("paket berbagi meter", SPLIT, "drain", ("line", 200, 300),
        {"t": "Pembangunan Drainase {s} Pkt. I", "y": 2026, "status": "selesai"},
        {"t": "Pembangunan Drainase {s} Pkt. II", "y": 2026, "status": "berjalan"},
        a_shape=lambda w, line: w.part(line, 0, 0.7), b_shape=share(0.3, 1), links={"firm": 1}),
    double("paket berbagi meter", SPLIT, "wall", ("line", 150, 220),
        {"t": "Pembangunan TPT {s} Dusun {d} paket 1", "y": 2025}, {"t": "Pembangunan TPT {s} Dusun {d} paket 2", "y": 2025, "f": "ADD"},
        a_shape=lambda w, line: w.part(line, 0, 0.68), b_shape=share(0.36, 1), links={"firm": 1}),
    # Built again, or built over.
    double("ganti nama tahun berikut", REPEAT, "wall", ("line", 80, 150),
        {"t": "Dinding Penahan {s} Dusun {d}", "y": 2024}, {"t": "Tembok Penahan Tanah {s} Dsn. {d}", "y": 2025}),
    double("ganti nama tahun berikut", REPEAT, "drain", ("line", 110, 190),
        {"t": "Pembangunan Saluran Air Jalan {s} RT {rt}", "y": 2024}, {"t": "Pembangunan Drainase Lingkungan RT {rt} Jl. {s}", "y": 2025}, b_shape=reverse),
    double("ganti nama dua tahun kemudian", REPEAT, "gang", ("line", 90, 150),
        {"t": "Pavingisasi Gang {s} RT {rt} RW {rw}", "y": 2024},
        {"t": "Pembangunan Jalan Paving Lingkungan Gg. {s} Rt.{rt3} Rw.{rw3}", "y": 2026, "status": "selesai"}),
    double("MCK dibangun lagi", REPEAT, "toilet", ("point",),
        {"t": "Pembangunan MCK Mushola {s} Dusun {d}", "y": 2024, "source": "GPS"},
        {"t": "Pemb. WC Umum Mushola {s}", "y": 2026, "source": "GPS", "status": "selesai"}),
    double("pengerasan DD lalu aspal dinas", REPEAT, "telford", ("line", 260, 420),
        {"t": "Pengerasan Jalan {s} Dusun {d} (Telford)", "y": 2025, "status": "selesai"},
        {"t": "Pengaspalan Jalan {s} Ds. {v}", "y": 2025, "after": 24, "status": "selesai", "money": 1.7, **PU}, b_family="aspal"),
    double("pengerasan DD lalu aspal dinas", REPEAT, "telford", ("line", 300, 480),
        {"t": "Pembangunan Jalan Makadam {s}", "y": 2024, "status": "serah terima"},
        {"t": "Hotmix Ruas {s} - {d}", "y": 2025, "status": "serah terima", "money": 1.9, **PU}, b_family="aspal", b_shape=reverse),
    double("rumah BSPS lalu RTLH dua tahun kemudian", REPEAT, "house", ("point",),
        {"t": "BSPS a.n. {o} RT {rt} Dusun {d}", "y": 2024, "programme": "BSPS", "source": "GPS", **KEMEN},
        {"t": "Rehab Rumah Tidak Layak Huni a.n. {o} RT {rt}", "y": 2026, "source": "GPS", "status": "selesai"}),
    double("irigasi dibayar lagi dua tahun kemudian", REPEAT, "irrigation", ("line", 200, 320),
        {"t": "Pembangunan JITUT Blok {s} Dusun {d}", "y": 2024},
        {"t": "Pembangunan Saluran Tersier {s} P3-TGAI", "y": 2026, "programme": "P3-TGAI", "status": "selesai", **KEMEN}),
]  # fmt: skip
