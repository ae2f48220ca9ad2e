"""Runs `cytoself bench` and upstream in alternation and prints a Markdown table of the medians.

    compare.py --binary .build/release/cytoself --checkout UPSTREAM --python ENV/bin/python

Both run on the same threads, one after the other, pair by pair: a noisy machine slows both.
"""

import argparse
import json
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).parent


def run(command: list[str]) -> dict:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--checkout", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    jobs = [
        ("training, README model, batch 16", "train", 16, 3),
        ("training, README model, batch 32", "train", 32, 2),
        ("embedding vqvec2, batch 32", "embed", 32, 9),
    ]
    print("| job | ours, images/s | upstream, images/s | ratio (least to most) | memory ratio |")
    print("|---|---|---|---|---|")
    for title, job, batch, steps in jobs:
        counts = ["--batch-size", str(batch), "--steps", str(steps)]
        counts += ["--threads", str(options.threads)]
        ours, theirs = [], []
        for _ in range(options.pairs):
            ours.append(run([options.binary, "bench", job, "--preset", "readme", "--json"] + counts))
            script = [options.python, str(HERE / "upstream.py"), options.checkout, job]
            theirs.append(run(script + counts))
        rates = [[entry["images_per_second"] for entry in side] for side in (ours, theirs)]
        ratios = [a / b for a, b in zip(*rates)]
        memory = statistics.median(
            a["peak_rss_mb"] / b["peak_rss_mb"] for a, b in zip(ours, theirs)
        )
        print(
            f"| {title} | {statistics.median(rates[0]):.2f} | {statistics.median(rates[1]):.2f}"
            f" | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
            f" | {memory:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
