"""Prints the numbers that Tests/CytoselfAnalysisTests/ClusteringTests.swift compares with.

    pip install numpy==2.4.6 scikit-learn==1.9.1 scipy==1.17.1 leidenalg==0.10.2 igraph
    python tools/reference/clustering_goldens.py [GRAPH.npz]

GRAPH.npz is the fuzzy graph of the digits (row, col, weight).
"""

import sys

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score


def labels(seed: int, count: int, classes: int) -> list[int]:
    """The labels the test draws: a linear congruential generator, its upper half."""
    found, state = [], seed
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        found.append((state >> 33) % classes)
    return found


def agreement(name: str, one: list[int], other: list[int]) -> None:
    print(name, adjusted_rand_score(one, other), adjusted_mutual_info_score(one, other))


first = labels(1, 500, 7)
mixed = [a if b % 3 else c for a, b, c in zip(first, labels(2, 500, 97), labels(3, 500, 11))]
agreement("ten rows", [0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 1, 2, 2, 2, 2, 0])
agreement("mixed", first, mixed)
agreement("unrelated", first, labels(5, 500, 300))

if len(sys.argv) > 1:
    import igraph
    import leidenalg
    from sklearn.datasets import load_digits

    graph = np.load(sys.argv[1])
    upper = graph["row"] < graph["col"]
    network = igraph.Graph(
        n=int(graph["row"].max()) + 1, edges=np.stack([graph["row"], graph["col"]], 1)[upper]
    )
    for resolution in (0.3, 1.0, 3.0):
        runs = [
            leidenalg.find_partition(
                network,
                leidenalg.RBConfigurationVertexPartition,
                weights=graph["weight"][upper],
                resolution_parameter=resolution,
                n_iterations=-1,
                seed=seed,
            )
            for seed in range(10)
        ]
        total = graph["weight"][upper].sum()
        print(
            resolution,
            [len(run) for run in runs],
            [round(run.quality() / (2 * total), 5) for run in runs],
            [round(adjusted_rand_score(load_digits().target, run.membership), 4) for run in runs],
        )
