"""Compares crops that `cytoself crop` cut with crops of the same cells from elsewhere.

  compare_crops.py CROPS OTHER.npy OTHER.csv

CROPS is a folder that `cytoself crop` wrote without dropping cells at the edge (--edge pad). OTHER.npy
holds crops [n, height, width, 2] of protein and nucleus, OTHER.csv their columns `gene` (the field's
name), `cx` and `cy` (the centre in the field). Every crop of OTHER is compared with ours of the nearest
cell in its field, shifted by whole pixels to the same centre.
"""

import csv
import glob
import sys

import numpy


def rows(pattern):
    for path in sorted(glob.glob(pattern)):
        with open(path, newline="") as file:
            yield from csv.DictReader(file)


def shared(image, dx, dy):
    """The part of an image that its copy shifted by (dx, dy) covers."""
    height, width = image.shape
    return image[max(0, dy):height + min(0, dy), max(0, dx):width + min(0, dx)]


def correlation(one, other, dx, dy):
    one, other = shared(one, dx, dy).ravel(), shared(other, -dx, -dy).ravel()
    if one.std() == 0 or other.std() == 0:
        return float("nan")
    return numpy.corrcoef(one, other)[0, 1]


def main(folder, images, table):
    ours = list(rows(folder + "/Label_data*.csv"))
    crops = numpy.concatenate(
        [numpy.load(path, mmap_mode="r") for path in sorted(glob.glob(folder + "/Image_data*.npy"))])
    fields = {row["field"] for row in ours}
    others = numpy.load(images, mmap_mode="r")
    found, results = {}, []
    for index, row in enumerate(rows(table)):
        if row["gene"] not in fields:
            continue
        x, y = float(row["cx"]), float(row["cy"])
        distances = [
            numpy.hypot(float(own["x"]) - x, float(own["y"]) - y)
            if own["field"] == row["gene"] else numpy.inf for own in ours]
        nearest = int(numpy.argmin(distances))
        count = found.setdefault(row["gene"], [0, 0])
        count[1] += 1
        if distances[nearest] > 8:
            continue
        count[0] += 1
        dx = round(x - float(ours[nearest]["x"]))
        dy = round(y - float(ours[nearest]["y"]))
        pair = [
            correlation(crops[nearest, :, :, channel], others[index, :, :, channel], dx, dy)
            for channel in (0, 1)]
        results.append((distances[nearest], *pair))
    for gene, (match, count) in found.items():
        print(f"{gene}: {match} of {count}")
    distance, protein, nucleus = numpy.array(results).T
    total = sum(count for _, count in found.values())
    print(f"{len(results)} of {total} cells within 8 pixels of one of ours")
    print(f"distance of centres: median {numpy.median(distance):.2f}, 90 % below "
          f"{numpy.quantile(distance, 0.9):.2f} pixels")
    for name, values in (("protein", protein), ("nucleus", nucleus)):
        print(f"correlation of pixels, {name}: median {numpy.nanmedian(values):.4f}, 10 % below "
              f"{numpy.nanquantile(values, 0.1):.4f}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
