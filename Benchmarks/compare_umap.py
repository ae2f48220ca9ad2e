"""Runs `cytoself umap` and umap-learn in alternation and prints a Markdown table of the medians.

    compare_umap.py --binary .build/release/cytoself --work FOLDER

Needs numpy, scipy, scikit-learn and umap-learn. Both fit the same rows on the same threads, one after
the other, pair by pair: a noisy machine slows both. umap-learn has compiled everything in a fit of
5,000 of the rows (enough for its approximate neighbours) before its first measured one; ours starts anew
each time and measures the fit, as umap-learn's clock does. Trustworthiness is taken for both on the same rows, by the same code.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import time

SHAPES = [(20_000, 200), (10_000, 1024)]


def curved_clusters(rows: int, columns: int):
    """Rows near twenty curved surfaces of eight dimensions, as `cytoself bench umap` makes them."""
    import numpy as np

    random = np.random.default_rng(0)
    centers = random.standard_normal((20, columns))
    bases = random.standard_normal((20, 8, columns)) / np.sqrt(8)
    cluster = random.integers(0, 20, rows)
    data = np.empty((rows, columns), np.float32)
    for index in range(20):
        chosen = cluster == index
        places = random.standard_normal((chosen.sum(), 8))
        noise = 0.1 * random.standard_normal((chosen.sum(), columns))
        data[chosen] = np.tanh(centers[index] + places @ bases[index]) + noise
    return data


def trustworthiness(data, positions, neighbors: int = 15, sample: int = 500) -> float:
    """scikit-learn's number, for a sample of rows against all others."""
    import numpy as np

    count = len(data)
    rows = np.random.default_rng(1).choice(count, sample, replace=False)
    squares = (data * data).sum(1)
    positions = positions.astype(np.float64)
    penalty = 0
    for row in rows:
        before = squares - 2 * data @ data[row]
        before[row] = np.inf
        after = ((positions - positions[row]) ** 2).sum(1)
        after[row] = np.inf
        near = np.argpartition(after, neighbors)[:neighbors]
        ranks = 1 + (before[None, :] < before[near][:, None]).sum(1)
        penalty += np.maximum(0, ranks - neighbors).sum()
    scale = sample * neighbors * (2 * count - 3 * neighbors - 1)
    return 1 - 2 * penalty / scale


def ours(options, file: pathlib.Path, seed: int):
    import numpy as np

    out = options.work / "map"
    command = [options.binary, "umap", str(file), "--out", str(out), "--no-figures", "--json"]
    command += ["--seed", str(seed), "--threads", str(options.threads)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["seconds"], np.load(out / "umap.npy")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--shape", help="rows x columns, as 20000x200, in place of the usual ones")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    import numba
    import numpy as np

    numba.set_num_threads(options.threads)
    import umap

    print(
        "| rows x columns | ours, s | umap-learn, s | ratio (least to most)"
        " | trustworthiness of ours | of umap-learn |"
    )
    print("|---|---|---|---|---|---|", flush=True)
    shapes = [tuple(map(int, options.shape.split("x")))] if options.shape else SHAPES
    for rows, columns in shapes:
        data = curved_clusters(rows, columns)
        file = options.work / f"rows{rows}x{columns}.npy"
        np.save(file, data)
        umap.UMAP(n_jobs=options.threads).fit(data[:5000])
        seconds, trust = ([], []), ([], [])
        for seed in range(options.pairs):
            taken, positions = ours(options, file, seed)
            seconds[0].append(taken)
            trust[0].append(trustworthiness(data, positions))
            start = time.perf_counter()
            fitted = umap.UMAP(n_jobs=options.threads).fit(data)
            seconds[1].append(time.perf_counter() - start)
            trust[1].append(trustworthiness(data, fitted.embedding_))
        ratios = [b / a for a, b in zip(*seconds)]
        print(
            f"| {rows:,} x {columns:,} | {statistics.median(seconds[0]):.2f}"
            f" | {statistics.median(seconds[1]):.2f}"
            f" | {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
            f" | {statistics.mean(trust[0]):.4f} ({min(trust[0]):.4f} to {max(trust[0]):.4f})"
            f" | {statistics.mean(trust[1]):.4f} ({min(trust[1]):.4f} to {max(trust[1]):.4f}) |",
            flush=True,
        )


if __name__ == "__main__":
    main()
