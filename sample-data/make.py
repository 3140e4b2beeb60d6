"""Makes the sample data. Only maintainers run it; what it makes is committed.

    python3.11 -m venv .venv && .venv/bin/pip install shapely==2.2.0 pillow==13.0.0 numpy==2.4.6
    .venv/bin/python sample-data/make.py FOLDER_OF_REAL_BOUNDARIES [--no-photos]

FOLDER holds `banyuwangi.geojson` as README.md describes it. The same seed, versions and boundaries make the same files.
"""

import csv
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from shapely.geometry import mapping

from make import people, progress, villages, works
from make.metres import to_degrees
from make.records import feature, give_ids

SEED = 3510


def write_projects(world):
    give_ids(world.works)
    by_key = {work["key"]: work for work in world.works}
    lines = [json.dumps(feature(work, by_key, to_degrees, mapping), ensure_ascii=False, separators=(",", ":")) for work in world.works]
    (HERE / "projects.geojson").write_text('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n")


def write_table(name, heading, rows):
    with open(HERE / name, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(heading.split())
        table.writerows(rows)


def main(folder, with_photos):
    all_villages = villages.read(folder)
    villages.write(all_villages, HERE / "villages.geojson")
    world = works.fill(all_villages, villages.crossings(all_villages), SEED)
    write_projects(world)
    rows = [(*sorted((a["id"], b["id"])), label, kind, scenario) for a, b, label, kind, scenario in world.pairs]
    write_table("pairs.csv", "id_a id_b label kind scenario", sorted(rows))
    reports, photos = progress.report(world)
    write_table("reports.csv", "project report date percent stage note", [row.cells() for row in reports])
    write_table(
        "photos.csv",
        "report position file stage station device_lon device_lat device_accuracy_m heading_deg taken_at",
        [photo.cells() for photo in photos],
    )
    write_table("people.csv", "login name role region_code email language", people.rows(world.demo.code))
    if with_photos:
        progress.draw(photos, HERE / "photos")
    print(f"{len(world.works)} projects, {len(world.pairs)} pairs, {len(reports)} reports, {len(photos)} photos")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--no-photos" not in sys.argv)
