"""Times `cytoself bench` over batch sizes, threads and crop sizes, and draws the curves as one SVG.

    scaling.py --binary .build/release/cytoself --out Benchmarks/scaling

Writes OUT.csv, OUT.gp and OUT.svg (through gnuplot). The memory of a batch of 128 is about 7 GB.
"""

import argparse
import csv
import json
import pathlib
import subprocess

PLOT = """set terminal svg size 900,640 font "Liberation Sans,13" background "white"
set output "{name}.svg"
set datafile separator ","
set multiplot layout 2,2 margins 0.08,0.98,0.09,0.94 spacing 0.1,0.14
set key bottom right
set logscale x 2
set yrange [0:*]
set xlabel "images per batch"
set ylabel "images/s"
set title "Training, 100 px"
rows = "< grep '^%s,%s,%s' {name}.csv"
plot sprintf(rows, "train", "batch", "1") using 4:7 with linespoints pt 7 lc rgb "#0072B2" title "1 thread", \\
  sprintf(rows, "train", "batch", "2") using 4:7 with linespoints pt 7 lc rgb "#D55E00" title "2 threads"
set title "Embedding vqvec2, 100 px"
plot sprintf(rows, "embed", "batch", "1") using 4:7 with linespoints pt 7 lc rgb "#0072B2" title "1 thread", \\
  sprintf(rows, "embed", "batch", "2") using 4:7 with linespoints pt 7 lc rgb "#D55E00" title "2 threads"
set ylabel "peak memory, GB"
set key top left
set title "Memory, 100 px, 2 threads"
plot sprintf(rows, "train", "batch", "2") using 4:($8/1000) with linespoints pt 7 lc rgb "#0072B2" title "training", \\
  sprintf(rows, "embed", "batch", "2") using 4:($8/1000) with linespoints pt 7 lc rgb "#D55E00" title "embedding"
unset logscale x
set xlabel "side of a crop, pixels"
set ylabel "megapixels/s"
set key bottom right
set title "Side of a crop, batch 16, 2 threads"
plot sprintf(rows, "train", "side", "2") using 5:($7*$5*$5/1e6) with linespoints pt 7 lc rgb "#0072B2" title "training", \\
  sprintf(rows, "embed", "side", "2") using 5:($7*$5*$5/1e7) with linespoints pt 7 lc rgb "#D55E00" title "embedding, tenths"
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    out = pathlib.Path(options.out)
    rows = []
    for job in ("train", "embed"):
        for threads in (1, 2):
            for batch in (1, 2, 4, 8, 16, 32, 64, 128):
                rows.append((job, "batch", threads, batch, 100))
        for side in (64, 100, 128, 160, 200):
            rows.append((job, "side", 2, 16, side))
    with open(out.with_suffix(".csv"), "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        for job, vary, threads, batch, side in rows:
            steps = max(2, min(9, 64 // batch)) if job == "train" else max(3, 256 // batch)
            command = [options.binary, "bench", job, "--preset", "readme", "--json"]
            command += ["--batch-size", str(batch), "--steps", str(steps)]
            command += ["--threads", str(threads), "--crop-size", str(side)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            entry = json.loads(done.stdout.strip().splitlines()[-1])
            figures = f"{entry['images_per_second']:.2f}", f"{entry['peak_rss_mb']:.0f}"
            table.writerow((job, vary, threads, batch, side, steps) + figures)
            file.flush()
    out.with_suffix(".gp").write_text(PLOT.format(name=out.name))
    subprocess.run(["gnuplot", out.with_suffix(".gp").name], check=True, cwd=out.parent)


if __name__ == "__main__":
    main()
