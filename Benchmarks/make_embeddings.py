"""Writes a made float32 file of embeddings with the structure of real ones, a block at a time.

    make_embeddings.py OUT.npy --rows 114806 --columns 9216      # the released Global_representation.npy
    make_embeddings.py OUT.npy --rows 1000000 --columns 64

Each cell belongs to one of 36 clusters. Clusters are centres in a space of 48 directions, with cells about
them on 8 bent directions each; all columns carry noise. Beside OUT.npy stands OUT.csv with the cluster and
a field of every cell, a table for `--table`.
"""

import argparse
import pathlib

import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--columns", type=int, required=True)
    parser.add_argument("--clusters", type=int, default=36)
    parser.add_argument("--noise", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    random = np.random.default_rng(options.seed)
    rank = min(48, options.columns)
    directions = random.standard_normal((rank, options.columns), np.float32) / np.sqrt(
        np.float32(rank)
    )
    centers = random.standard_normal((options.clusters, rank), np.float32)
    bends = random.standard_normal((options.clusters, 8, rank), np.float32) / 3
    # Clusters of unequal sizes, as localizations have.
    shares = random.dirichlet(np.full(options.clusters, 2.0))
    cluster = random.choice(options.clusters, options.rows, p=shares)

    file = np.lib.format.open_memmap(
        options.out, "w+", np.float32, (options.rows, options.columns)
    )
    block = max(1, (1 << 25) // options.columns)
    for start in range(0, options.rows, block):
        mine = cluster[start : start + block]
        places = random.standard_normal((len(mine), 8), np.float32)
        hidden = np.empty((len(mine), rank), np.float32)
        for index in np.unique(mine):
            chosen = mine == index
            hidden[chosen] = np.tanh(centers[index] + places[chosen] @ bends[index])
        rows = hidden @ directions
        rows += options.noise * random.standard_normal(rows.shape, np.float32)
        file[start : start + len(mine)] = rows
    file.flush()
    with open(options.out.with_suffix(".csv"), "w") as table:
        table.write("cell,localization,fov_id\n")
        for row, name in enumerate(cluster):
            table.write(f"cell{row},place{name:02d},{row // 50}\n")


if __name__ == "__main__":
    main()
