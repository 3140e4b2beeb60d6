"""Names, kinds of works, prices and the habits of those who write titles. Every name here is invented or a common first name."""

import re

HAMLETS = ["Krajan", "Krajan Lor", "Sumberjo", "Tegalrejo", "Curahjati", "Pancursari", "Kaliputih", "Mulyosari", "Kedungrejo", "Sidomukti", "Wonosari", "Sukosari", "Rejosari", "Karanganyar", "Sumberurip", "Ringinsari", "Tanjungsari", "Purwosari", "Kebonagung", "Sidorejo", "Gumukrejo", "Pasinan", "Bulurejo", "Randuagung", "Sawahan", "Tapansari", "Dawuhan", "Kampung Baru", "Jatisari", "Kalirejo", "Lerengsari", "Pandan Wangi", "Sumber Nanas", "Gurit", "Watulor"]
STREETS = ["Melati", "Mawar", "Kenanga", "Anggrek", "Cempaka", "Flamboyan", "Teratai", "Dahlia", "Kamboja", "Seruni", "Nakula", "Sadewa", "Arjuna", "Bima", "Srikandi", "Merpati", "Kutilang", "Cendrawasih", "Garuda", "Rajawali", "Manggis", "Durian", "Rambutan", "Semangka", "Salak", "Nangka", "Cengkeh", "Kopi", "Pinang", "Sono", "Mahoni", "Jati", "Cemara", "Beringin", "Trembesi", "Bambu Kuning", "Kapuk", "Randu", "Wijaya Kusuma", "Bougenville", "Tanjung", "Kantil", "Gading", "Widuri", "Sakura", "Edelweis", "Yudistira", "Gatotkaca", "Hanoman", "Antasena", "Sumber Waras", "Makam Lama", "Sumur Gemuling", "Lapangan", "Pasar Krempyeng", "Gumuk", "Sawah Lor", "Tirto"]
OWNERS = ["Sumiati", "Slamet", "Painem", "Katijan", "Misnah", "Ngatiyem", "Suyono", "Tukiran", "Marsini", "Paidi", "Wagirah", "Juminten", "Poniran", "Sarmini", "Kasiyan", "Tumini", "Sutrisno", "Rukayah", "Mulyadi", "Sunarsih", "Jumari", "Legiman", "Supiyah", "Hartono", "Muntiah", "Samsul", "Buasan", "Asiyah", "Sulami", "Giman"]
FIRMS = ["CV Watulintang Raya", "CV Padma Randukuning", "CV Kresnawangi Tirta", "CV Laskar Ombakan", "CV Segara Lintangan", "CV Wulan Sekarjenang", "CV Tunas Gumukasri", "CV Blarak Kencana Wetan", "PT Bumi Sekarjenang", "CV Jagung Bakar Konstruksi", "CV Kaliwening Utama", "CV Angin Lerengan"]

#: family: (kind, activity code, unit, rupiah a unit from–to, groups that an inspector could mix up)
FAMILIES = {
    "rabat": ("jalan", "02.03.10", "m", (780_000, 1_050_000), {"road"}),
    "aspal": ("jalan", "02.03.10", "m", (390_000, 560_000), {"road"}),
    "telford": ("jalan", "02.03.10", "m", (260_000, 360_000), {"road"}),
    "gang": ("jalan lingkungan", "02.03.11", "m", (350_000, 520_000), {"road"}),
    "jut": ("jalan usaha tani", "02.03.12", "m", (430_000, 700_000), {"road"}),
    "upkeep": ("pemeliharaan jalan", "02.03.01", "m", (60_000, 150_000), {"road"}),
    "drain": ("drainase", "02.03.14", "m", (480_000, 900_000), {"ditch"}),
    "spal": ("air limbah", "02.04.16", "m", (420_000, 650_000), {"ditch"}),
    "irrigation": ("irigasi", "04.02.06", "m", (450_000, 720_000), {"ditch"}),
    "pipe": ("pipanisasi", "02.04.12", "m", (90_000, 190_000), {"pipe", "water"}),
    "wall": ("tembok penahan", "02.03.90", "m", (850_000, 1_500_000), {"wall"}),
    "culvert": ("gorong-gorong", "02.03.14", "unit", (14_000_000, 32_000_000), {"bridge", "ditch"}),
    "bridge": ("jembatan", "02.03.13", "unit", (95_000_000, 240_000_000), {"bridge"}),
    "lamp": ("penerangan jalan", "02.04.93", "titik", (3_200_000, 8_900_000), {"lamp"}),
    "well": ("air bersih", "02.04.11", "unit", (34_000_000, 78_000_000), {"water"}),
    "tank": ("air bersih", "02.04.11", "unit", (18_000_000, 36_000_000), {"water"}),
    "toilet": ("sanitasi", "02.04.14", "unit", (46_000_000, 82_000_000), {"toilet"}),
    "latrine": ("jamban", "02.04.90", "unit", (5_500_000, 8_500_000), {"toilet", "house"}),
    "house": ("rumah", "02.04.01", "rumah", (17_500_000, 20_000_000), {"house"}),
    "posyandu": ("gedung", "02.02.09", "unit", (92_000_000, 175_000_000), {"posyandu"}),
    "paud": ("gedung", "02.01.06", "unit", (105_000_000, 190_000_000), {"paud"}),
    "hall": ("gedung", "02.03.15", "paket", (150_000_000, 310_000_000), {"hall"}),
    "guard": ("poskamling", "03.01.01", "unit", (16_000_000, 31_000_000), {"guard"}),
    "gate": ("gapura", "02.03.20", "unit", (24_000_000, 65_000_000), {"gate"}),
    "waste": ("persampahan", "02.04.15", "unit", (48_000_000, 110_000_000), {"waste"}),
    "field": ("sarana olahraga", "03.03.05", "paket", (60_000_000, 160_000_000), {"field"}),
    "grave": ("pemakaman", "02.03.16", "paket", (38_000_000, 95_000_000), {"grave"}),
    "pond": ("embung", "02.03.19", "paket", (160_000_000, 380_000_000), {"pond"}),
    "market": ("pasar desa", "04.07.02", "paket", (90_000_000, 240_000_000), {"market"}),
    "coop": ("gerai koperasi", None, "unit", (950_000_000, 1_450_000_000), {"coop"}),
}

#: Titles of ordinary works: {s} street, {d} hamlet, {v} village, {rt} {rw} numbers, {l} metres, {n} count.
TITLES = {
    "rabat": [
        "Pembangunan Rabat Beton Jalan {s} Dusun {d}",
        "Rabat Beton Jalan {s} RT {rt} RW {rw}",
        "Betonisasi Jalan {s} Dusun {d} P {l} x L 3 x T 0,15 m",
        "Peningkatan Jalan {s} (Rabat Beton)",
        "Cor Blok Jalan {s} Dusun {d}",
    ],
    "aspal": [
        "Pengaspalan Jalan {s} Dusun {d}",
        "Peningkatan Jalan {s} Lapen {l} x 3 m",
        "Pembangunan Jalan Hotmix {s} Dusun {d}",
        "Overlay Aspal Jalan Poros {s}",
    ],
    "telford": ["Pengerasan Jalan {s} Dusun {d} (Telford)", "Pembangunan Jalan Makadam {s} Dusun {d}", "Urugan Sirtu Jalan {s}"],
    "gang": [
        "Pavingisasi Gang {s} RT {rt} RW {rw} Dusun {d}",
        "Pemasangan Paving Jalan Lingkungan Gang {s} Rt.{rt}/Rw.{rw}",
        "Paving Stone Gang {s} Dusun {d}",
        "Rabat Gang {s} RT {rt} RW {rw} L=1,5 m",
    ],
    "jut": ["Pembangunan JUT Blok {s} Dusun {d}", "Rabat JUT {s} Kelompok Tani Dusun {d}", "Peningkatan Jalan Usaha Tani Blok {s}"],
    "upkeep": ["Pemeliharaan Jalan {s} Dusun {d}", "Tambal Sulam Jalan {s} Dusun {d}"],
    "drain": [
        "Pembangunan Drainase Jalan {s} RT {rt} RW {rw}",
        "Pembangunan Saluran Air Jalan {s} Dusun {d}",
        "Pemasangan U-Ditch Jalan {s} Dusun {d}",
        "Pembangunan Selokan Jalan {s} ({l} m)",
    ],
    "spal": ["Pembangunan SPAL Dusun {d} RT {rt}", "Pembuatan Saluran Pembuangan Air Limbah {s} RT {rt} RW {rw}"],
    "irrigation": [
        "Pembangunan Saluran Irigasi Tersier Blok {s} Dusun {d}",
        "Rehabilitasi JITUT Blok {s}",
        "Pembangunan JIDES Blok {s} Dusun {d} P {l} m",
        "Plengsengan Saluran Tersier {s} Dusun {d}",
    ],
    "pipe": ["Pipanisasi Air Bersih HIPPAM {s} Dusun {d}", "Perpipaan Air Bersih Dusun {d} {l} m"],
    "wall": [
        "Pembangunan TPT Jalan {s} Dusun {d}",
        "Pembangunan Talud Sungai Dusun {d}",
        "Tembok Penahan Tanah {s} RT {rt} RW {rw}",
        "Bronjong Tebing {s} Dusun {d}",
    ],
    "culvert": ["Pembangunan Gorong-gorong Jalan {s} Dusun {d}", "Pembuatan Deuker Jalan {s} RT {rt}", "Box Culvert Jalan {s} Dusun {d}"],
    "bridge": ["Pembangunan Jembatan {s} Dusun {d}", "Rehabilitasi Jembatan Kali {s} (Bentang 6 m)", "Jembatan Titian Dusun {d}"],
    "lamp": ["Pemasangan PJU Dusun {d} {n} titik", "Pengadaan PJUTS Jalan {s} ({n} titik)", "LPJU Jalan {s} Dusun {d}"],
    "well": ["Pembangunan Sumur Bor Dusun {d}", "Sumur Bor dan Tandon RT {rt} RW {rw} Dusun {d}"],
    "tank": ["Pembangunan Tandon Air {s} Dusun {d}", "Bak Penampungan Air Bersih HIPPAM {s}"],
    "toilet": ["Pembangunan MCK Umum Dusun {d} RT {rt}", "Rehab MCK Mushola Dusun {d}", "Pembangunan MCK Pasar {s}"],
    "latrine": ["Jambanisasi Dusun {d} RT {rt} a.n. {o}"],
    "house": ["Rehab RTLH a.n. {o} RT {rt} RW {rw} Dusun {d}", "Bedah Rumah a.n. {o} Dusun {d}", "Rehabilitasi Rumah Tidak Layak Huni an. {o} RT {rt}"],
    "posyandu": ["Pembangunan Posyandu {s} Dusun {d}", "Rehab Gedung Posyandu Dusun {d}"],
    "paud": ["Pembangunan Gedung PAUD {s} Dusun {d}", "Pembangunan Gedung TPQ Dusun {d}"],
    "hall": ["Rehabilitasi Balai Dusun {d}", "Pembangunan GSG Dusun {d}"],
    "guard": ["Pembangunan Poskamling RT {rt} RW {rw} Dusun {d}", "Pos Kamling Dusun {d}"],
    "gate": ["Pembangunan Gapura Dusun {d}", "Gapura Batas Dusun {d} - {s}"],
    "waste": ["Pembangunan TPS3R Dusun {d}", "Pembangunan TPS Dusun {d}"],
    "field": ["Pembangunan Lapangan Voli Dusun {d}", "Rehab Lapangan Olahraga Dusun {d}"],
    "grave": ["Pembangunan Pagar Makam Dusun {d}", "Rehab TPU Dusun {d}"],
    "pond": ["Pembangunan Embung Dusun {d}", "Normalisasi Embung {s} Dusun {d}"],
    "market": ["Pembangunan Kios Pasar Desa {v}", "Rehab Pasar Desa {v} Blok {s}"],
    "coop": ["Pembangunan Gerai dan Gudang KDMP Desa {v}"],
}

ABBREVIATIONS = [
    ("Pembangunan", ["Pemb.", "Pembang.", "Pembangunan"]),
    ("Rehabilitasi", ["Rehab", "Rehab.", "Rehabilitasi"]),
    ("Pemeliharaan", ["Pemel.", "Pemeliharaan"]),
    ("Peningkatan", ["Peningk.", "Peningkatan"]),
    ("Jalan", ["Jl.", "Jln", "Jln.", "Jl"]),
    ("Dusun", ["Dsn.", "Dsn", "Ds. Dusun", "dsn"]),
    ("Gang", ["Gg.", "Gg", "Gang"]),
    ("Saluran", ["Sal.", "Saluran"]),
]


def write_as_people_do(title, rng, strength=0.4):
    """A title with the abbreviations and the casing of one writer."""
    for word, short in ABBREVIATIONS:
        if rng.random() < strength:
            title = re.sub(rf"\b{word}\b", rng.choice([s for s in short if s != "Ds. Dusun"]), title, count=1)
    at = rng.random()
    if at < 0.10:
        return title.upper().replace(" A.N. ", " a.n. ")
    if at < 0.18 and "a.n." not in title and "an." not in title:
        return title[0] + re.sub(r"\b(Beton|Paving|Jalan|Air|Lingkungan|Umum|Bor|Saluran|Drainase|Irigasi|Tersier)\b", lambda m: m[0].lower(), title[1:])
    return title


def number(n, rng):
    """RT and RW as they are written: 3, 03, 003."""
    return rng.choice(["{:02}", "{:02}", "{:02}", "{:03}", "{}"]).format(n)
