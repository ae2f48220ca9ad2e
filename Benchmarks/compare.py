"""Runs `cytoself bench` and upstream in alternation and prints a Markdown table of the medians.

    compare.py --binary .build/release/cytoself --checkout UPSTREAM --python ENV/bin/python \
        --keras-checkout UPSTREAM_KERAS --keras-python KERAS_ENV/bin/python

The last two arguments add the published model beside TensorFlow; --compiled takes upstream through
torch.compile in place of eager PyTorch, which takes minutes to compile for each run.

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
    parser.add_argument("--keras-checkout", help="upstream's branch cytoself-tensorflow")
    parser.add_argument("--keras-python", help="the Python of an environment with TensorFlow 2.15")
    parser.add_argument("--compiled", action="store_true", help="upstream through torch.compile")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    readme, published = ["--preset", "readme"], ["--preset", "published", "--classes", "1311"]
    both_levels = ["--layer", "vqvec1", "--layer", "vqvec2"]
    torch = [options.python, str(HERE / "upstream.py"), options.checkout]
    keras = [options.keras_python, str(HERE / "upstream_keras.py"), options.keras_checkout]
    jobs = [
        ("training, README model, batch 16", "train", 16, 3, readme, torch),
        ("training, README model, batch 32", "train", 32, 2, readme, torch),
        ("embedding vqvec2, batch 32", "embed", 32, 9, readme, torch),
    ]
    if options.compiled:
        compiled = torch + ["--compiled"]
        jobs = [(f"{title}, beside torch.compile", *rest, compiled) for title, *rest, _ in jobs]
    if options.keras_checkout and options.keras_python:
        jobs += [
            ("training, published model, batch 16", "train", 16, 4, published, keras),
            ("embedding both levels, batch 32", "embed", 32, 9, published + both_levels, keras),
        ]
    print(
        "| job | ours, images/s | upstream, images/s | ratio (least to most) | memory, MB |"
        " memory ratio | rate to matrix products |"
    )
    print("|---|---|---|---|---|---|---|")
    for title, job, batch, steps, model, upstream in jobs:
        counts = ["--batch-size", str(batch), "--steps", str(steps)]
        counts += ["--threads", str(options.threads)]
        ours, theirs = [], []
        for _ in range(options.pairs):
            ours.append(run([options.binary, "bench", job, "--json"] + model + counts))
            theirs.append(run(upstream[:3] + [job] + upstream[3:] + counts))
        rates = [[entry["images_per_second"] for entry in side] for side in (ours, theirs)]
        ratios = [a / b for a, b in zip(*rates)]
        memory = [
            statistics.median(entry["peak_rss_mb"] for entry in side) for side in (ours, theirs)
        ]
        shares = [e["effective_gflops"] / e["sgemm_gflops"] for e in ours if job == "train"]
        share = f"{statistics.median(shares):.2f}" if shares else ""
        print(
            f"| {title} | {statistics.median(rates[0]):.2f} | {statistics.median(rates[1]):.2f}"
            f" | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
            f" | {memory[0]:.0f} and {memory[1]:.0f} | {memory[0] / memory[1]:.2f}"
            f" | {share} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
