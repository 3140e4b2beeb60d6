"""Longitude and latitude to flat metres around Banyuwangi and back (off by less than 0.3 % in the regency)."""

from math import cos, radians

import numpy as np
from shapely import transform

LON0, LAT0 = 114.2, -8.35
Y_M = 110_600.0
X_M = 111_320.0 * cos(radians(LAT0))


def to_metres(shape):
    return transform(shape, lambda x, y: ((x - LON0) * X_M, (y - LAT0) * Y_M), interleaved=False)


def to_degrees(shape, digits=6):
    return transform(shape, lambda x, y: (np.round(x / X_M + LON0, digits), np.round(y / Y_M + LAT0, digits)), interleaved=False)
