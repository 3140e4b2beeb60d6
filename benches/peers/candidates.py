"""The candidate task with geopandas and rapidfuzz: pairs within 100 m whose titles are alike by more than 0.45.

Places by geopandas' spatial join (GEOS' STRtree), titles by rapidfuzz's ratio of insertions and deletions: another measure
than trigrams, so the pairs differ a little; the work is the same. Prints one row of the table of tools/bench-peers.
"""

import sys
import time
from importlib.metadata import version

import geopandas
import pandas
from rapidfuzz import fuzz, process


def main(path, title):
    began = time.perf_counter()
    table = pandas.read_csv(path, usecols=[title, "wkt"])
    places = geopandas.GeoSeries.from_wkt(table["wkt"], crs=4326).to_crs(32749)
    works = geopandas.GeoDataFrame({"title": table[title]}, geometry=places)
    loaded = time.perf_counter()
    near = geopandas.sjoin(works[["geometry"]], works[["geometry"]], predicate="dwithin", distance=100)
    left, right = near.index.to_numpy(), near["index_right"].to_numpy()
    once = left < right
    titles = works["title"].to_numpy()
    scores = process.cpdist(titles[left[once]], titles[right[once]], scorer=fuzz.ratio, score_cutoff=45, workers=-1)
    pairs = int((scores > 45).sum())
    done = time.perf_counter()
    versions = f"geopandas {version('geopandas')}, shapely {version('shapely')}, rapidfuzz {version('rapidfuzz')}"
    print(f"| {versions} | {loaded - began:.2f} s | {done - loaded:.2f} s | {pairs} | |")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
