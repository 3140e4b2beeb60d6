#!/usr/bin/env bash
# GDAL 3.12.4 (pyogrio 0.13.0 from PyPI): a CIRCULARSTRING through a point on it becomes a line without that point. The arc from
# 1 0 through 0 1 to -1 0 has corners at 88 and 92 degrees and none at 90: whole steps of about 4 degrees are fitted between start
# and end alone. A program that keeps the point has other corners than the same arc exported by GDAL or QGIS, and the two are not the same
# line to the last digit.
#
# Printed: number of corners, and the distance of the nearest one from the point that was drawn.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyogrio==0.13.0 numpy==2.4.6 shapely==2.2.0

found=$("$folder/venv/bin/python" - "$folder/arc.gpkg" <<'PYTHON'
import struct, sys
import numpy, pyogrio.raw, shapely

arc = struct.pack("<BII6d", 1, 8, 3, 1, 0, 0, 1, -1, 0)
pyogrio.raw.write(sys.argv[1], geometry=numpy.array([arc], dtype=object), field_data=[numpy.array([1])], fields=["a"],
                  geometry_type="Unknown", crs="EPSG:4326", driver="GPKG")
line = shapely.from_wkb(pyogrio.raw.read(sys.argv[1])[2][0])
near = min(shapely.Point(corner).distance(shapely.Point(0, 1)) for corner in line.coords)
print(pyogrio.__gdal_version_string__, len(line.coords), round(near, 4))
PYTHON
)
echo "$found"
[ "$found" = "3.12.4 46 0.0349" ] || { echo "This has changed: it was 3.12.4 46 0.0349." >&2; exit 1; }
