"""Measures the order of the codes of a feature spectrum beside what the original in Python does.

    compare_spectrum.py --binary .build/release/cytoself --checkout UPSTREAM --work FOLDER

Needs numpy, scipy, joblib, tqdm, matplotlib and seaborn, and a clone of royerlab/cytoself, whose double
loop over codes is run as it is on a quarter of the codes (its time grows with the square of their number,
so 16 times that is the time for all). The heat map is seaborn's clustermap with its tree, saved at 300 dpi,
as the original draws it, beside the tree and the PNG of `cytoself bench spectrum`; the two take turns.
Prints a Markdown table.
"""

import argparse
import importlib.util
import json
import pathlib
import statistics
import subprocess
import time


def histograms(proteins: int, codes: int):
    """Mean counts of codes of proteins in twenty places, which use forty groups of codes."""
    import numpy as np

    random = np.random.default_rng(0)
    use = random.gamma(0.3, 1, (20, 40))
    place = random.integers(0, 20, proteins)
    group = np.sort(random.integers(0, 40, codes))
    counts = use[place][:, group] * random.lognormal(0, 1, codes)
    counts *= random.lognormal(0, 0.4, counts.shape)
    return 625 * counts / counts.sum(1, keepdims=True)


def upstream_seconds(checkout: pathlib.Path, data) -> float:
    """The double loop of the original over the columns of `data`."""
    file = checkout / "cytoself/analysis/utils/pearson_correlation.py"
    spec = importlib.util.spec_from_file_location("pearson_correlation", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    start = time.perf_counter()
    module.selfpearson_multi(data.T)
    return time.perf_counter() - start


def seaborn_seconds(correlation, picture: pathlib.Path) -> float:
    import matplotlib.pyplot as plt
    import seaborn

    start = time.perf_counter()
    drawn = seaborn.clustermap(correlation, cmap="RdBu_r", vmin=-1, vmax=1)
    drawn.savefig(picture, dpi=300)
    plt.close("all")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--checkout", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--proteins", type=int, default=1311)
    parser.add_argument("--codes", type=int, default=2048)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    import matplotlib
    import numpy as np

    matplotlib.use("Agg")
    options.work.mkdir(parents=True, exist_ok=True)
    data = histograms(options.proteins, options.codes)
    file = options.work / "histograms.npy"
    np.save(file, data)
    correlation = np.corrcoef(data.T)
    command = [options.binary, "bench", "spectrum", "--matrix", str(file), "--runs", "1", "--json"]
    command += ["--threads", str(options.threads)]

    ours, theirs = [], []
    for _ in range(options.pairs):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        ours.append(json.loads(done.stdout))
        theirs.append(seaborn_seconds(correlation, options.work / "seaborn.png"))
    quarter = data[:, :: 4]
    loop = upstream_seconds(options.checkout, quarter) * (options.codes / quarter.shape[1]) ** 2

    correlating = [run["correlation_seconds"] for run in ours]
    drawing = [run["linkage_seconds"] + run["figure_seconds"] for run in ours]
    print("| job | ours, s | in Python, s | ratio (least to most) |")
    print("|---|---|---|---|")
    for name, mine, others in [
        (f"Pearson's matrix of {options.codes:,} codes", correlating, [loop] * len(correlating)),
        ("tree and heat map", drawing, theirs),
    ]:
        ratios = [b / a for a, b in zip(mine, others)]
        print(
            f"| {name} | {statistics.median(mine):.3f} | {statistics.median(others):.1f}"
            f" | {statistics.median(ratios):,.0f} ({min(ratios):,.1f} to {max(ratios):,.1f}) |"
        )


if __name__ == "__main__":
    main()
