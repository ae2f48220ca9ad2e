#!/usr/bin/env python3
"""What features learnt from a few hundred crops say of cells in held-out fields, beside hand-crafted ones.

usage: quality.py DATA... [--label COLUMN] [--field COLUMN] [--seeds 0,1,2] [--program cytoself]
                  [--keep FOLDER] [--json] [-- TRAIN OPTIONS]

DATA is a folder with crops.npy and labels.csv. For every seed a fifth of the fields of each class is the test
set and a tenth the validation set; with fewer than five fields to a class, half of the fields are the test
set and a tenth of the other cells the validation set. `train`, `embed` and `score --baseline classical` run with
all settings at their defaults but for the seed and TRAIN OPTIONS. Printed is the balanced accuracy on the test
set, of five nearest cells and of logistic regression, and its mean over the seeds.

needs numpy, pandas
"""
import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd


def split(classes, fields, seed):
    """The part of each cell."""
    random = np.random.RandomState(seed)
    parts = np.full(len(classes), "train", object)
    for name in np.unique(classes):
        own = random.permutation(np.unique(fields[classes == name]))
        few = len(own) < 5
        test = max(1, len(own) // 2 if few else round(0.2 * len(own)))
        parts[np.isin(fields, own[:test]) & (classes == name)] = "test"
        if few:
            rest = random.permutation(np.flatnonzero((classes == name) & (parts == "train")))
            parts[rest[: max(1, len(rest) // 10)]] = "val"
        else:
            validation = own[test : test + max(1, test // 2)]
            parts[np.isin(fields, validation) & (classes == name)] = "val"
    return parts


def measure(program, crops, labels, place, seed, extra):
    """The minutes of training, and the accuracies of learnt and hand-crafted features."""
    labels.to_csv(place / "labels.csv", index=False)
    data = [str(crops), "--labels", str(place / "labels.csv")]
    run, embeddings = str(place / "run"), str(place / "embeddings")

    def call(*arguments):
        done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"cytoself {arguments[0]} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    start = time.time()
    call("train", *data, "--label", "class", "--split", "part", "--set", "data.field=field", "--seed", str(seed),
         "--out", run, *extra)
    minutes = (time.time() - start) / 60
    call("embed", run, *data, "--out", embeddings)
    scores = json.loads(call(
        "score", embeddings, "--labels", "class", "--field", "field", "--hold-out", "split", "--crops", str(crops),
        "--baseline", "classical", "--permutations", "19", "--resamples", "20", "--json"))
    found = {probe["method"]: probe["balanced_accuracy"]["value"] for probe in scores["probes"]}

    def pair(ending):
        return {
            "knn": next(v for k, v in found.items() if k.endswith("nearest cells" + ending.replace("on", "by", 1))),
            "logistic": found["logistic regression" + ending]}

    crafted = next(k for k in found if k.startswith("logistic") and k.endswith("hand-crafted features"))
    return minutes, {"learnt": pair(""), "handCrafted": pair(crafted.removeprefix("logistic regression"))}


def main():
    own, extra = sys.argv[1:], []
    if "--" in own:
        own, extra = own[: own.index("--")], own[own.index("--") + 1 :]
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="+")
    parser.add_argument("--label", default="protein_name")
    parser.add_argument("--field", default="field_id")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--program", default="cytoself")
    parser.add_argument("--keep", help="a folder for the runs, which are else removed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(own)
    results = []
    for folder in map(Path, options.data):
        table = pd.read_csv(folder / "labels.csv")
        classes = table[options.label].astype(str).values
        fields = table[options.field].astype(str).values
        rows = []
        for seed in map(int, options.seeds.split(",")):
            parts = split(classes, fields, seed)
            labels = pd.DataFrame({"class": classes, "field": fields, "part": parts})
            with tempfile.TemporaryDirectory() as temporary:
                place = Path(options.keep or temporary) / f"{folder.name}-{seed}"
                place.mkdir(parents=True, exist_ok=True)
                minutes, found = measure(
                    options.program, folder / "crops.npy", labels, place, seed, extra)
            rows.append({
                "set": folder.name, "seed": seed, "train": int((parts == "train").sum()),
                "test": int((parts == "test").sum()), "minutes": minutes, **found})
            print("%(set)s seed %(seed)d, %(train)d / %(test)d cells, %(minutes).1f min" % rows[-1] + "".join(
                f"; {name} {value['knn']:.3f} {value['logistic']:.3f}" for name, value in found.items()), flush=True)
        for name in ("learnt", "handCrafted"):
            means = [np.mean([row[name][method] for row in rows]) for method in ("knn", "logistic")]
            print(f"{folder.name} mean {name}: kNN {means[0]:.3f}, LR {means[1]:.3f}", flush=True)
        results += rows
    if options.json:
        print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
