"""The people of the demo. All names are invented; `.example` addresses belong to nobody."""


def rows(village_code):
    return [
        ("petugas", "Rina Wulandari", "officer", village_code, "petugas@example.org", "id"),
        ("kades", "Suroso Hadi", "village_head", village_code, "kades@example.org", "id"),
        ("inspektur", "Dewi Lestariningsih", "inspector", "35.10", "inspektur@example.org", "id"),
        ("admin", "Bayu Pradana", "administrator", "35.10", "admin@example.org", "id"),
    ]
