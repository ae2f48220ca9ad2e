#!/usr/bin/env python3
"""What features learnt from a few hundred crops tell of cells in held-out fields, beside hand-crafted ones.

usage: quality.py DATA... [--label COLUMN] [--field COLUMN] [--seeds 0,1,2] [--program cytoself]
                  [--keep FOLDER] [--json] [-- TRAIN OPTIONS]

DATA is a folder with crops.npy and labels.csv. For every seed a fifth of the fields of each class is the test
set and a tenth the validation set; with fewer than five fields to a class, half of the fields are the test
set and a tenth of the other cells the validation set. `train` and `embed` run with all settings at their
defaults but for the seed and TRAIN OPTIONS. Classifiers are fitted to the training set: five nearest cells on the
embedding as it is, and logistic regression on standardised columns, at most 200 principal components.
Printed is the balanced accuracy on the test set, and its mean over the seeds.

needs numpy, pandas, scikit-learn, scipy, scikit-image
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
from scipy import ndimage
from skimage.feature import local_binary_pattern
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler


def split(classes, fields, seed):
    """The part of each cell."""
    random = np.random.RandomState(seed)
    parts = np.full(len(classes), "train", object)
    for name in np.unique(classes):
        own = random.permutation(np.unique(fields[classes == name]))
        if len(own) >= 5:
            test = max(1, round(0.2 * len(own)))
            validation = max(1, test // 2)
            parts[np.isin(fields, own[test : test + validation]) & (classes == name)] = "val"
        else:
            test = max(1, len(own) // 2)
        parts[np.isin(fields, own[:test]) & (classes == name)] = "test"
        if len(own) < 5:
            rest = random.permutation(np.flatnonzero((classes == name) & (parts == "train")))
            parts[rest[: max(1, len(rest) // 10)]] = "val"
    return parts


def hand_crafted(crop):
    """47 features, as HandCraftedFeatures in CytoselfAnalysis computes them."""

    def stretched(image):
        low, high = np.percentile(image, [1, 99.8])
        return np.clip((image - low) / (high - low + 1e-6), 0, 1)

    image = stretched(crop[..., 0].astype(float))
    found = [*np.percentile(image, [5, 25, 50, 75, 90, 97]), image.mean(), image.std()]
    for radius in (1, 2, 4):
        pattern = local_binary_pattern((image * 255).astype(np.uint8), 8, radius, "uniform")
        found += list(np.histogram(pattern, bins=10, range=(0, 10), density=True)[0])
    before = image
    for sigma in (1, 2, 4, 8, 16):
        smooth = ndimage.gaussian_filter(image, sigma)
        found.append(((before - smooth) ** 2).mean() / (image.var() + 1e-6))
        before = smooth
    if crop.shape[-1] > 1:
        nucleus = stretched(crop[..., 1].astype(float))
        inside = nucleus > 0.5
        rim = ndimage.binary_dilation(inside, iterations=3) & ~inside
        varies = image.std() > 0 and nucleus.std() > 0
        found.append(np.corrcoef(image.ravel(), nucleus.ravel())[0, 1] if varies else 0)
        found += [image[place].mean() if place.any() else 0 for place in (inside, ~inside, rim)]
    return np.nan_to_num(found)


def accuracies(features, classes, parts, standardize=False):
    """Balanced accuracy of five nearest cells and of logistic regression."""
    train, test = parts == "train", parts == "test"
    scale = StandardScaler().fit(features[train])
    a, b = scale.transform(features[train]), scale.transform(features[test])
    near = (a, b) if standardize else (features[train], features[test])
    votes = KNeighborsClassifier(5).fit(near[0], classes[train]).predict(near[1])
    if a.shape[1] > 256:
        axes = PCA(min(200, len(a) - 1), random_state=0).fit(a)
        a, b = axes.transform(a), axes.transform(b)
    named = LogisticRegression(C=1, max_iter=2000).fit(a, classes[train]).predict(b)

    def balanced(predicted):
        truth = classes[test]
        return float(np.mean([(predicted[truth == name] == name).mean() for name in np.unique(truth)]))

    return {"knn": balanced(votes), "logistic": balanced(named)}


def main():
    own, _, extra = (sys.argv[1:], None, []) if "--" not in sys.argv else (
        sys.argv[1 : sys.argv.index("--")], None, sys.argv[sys.argv.index("--") + 1 :])
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="+")
    parser.add_argument("--label", default="protein_name")
    parser.add_argument("--field", default="field_id")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--program", default="cytoself")
    parser.add_argument("--crops", default="crops.npy")
    parser.add_argument("--keep")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(own)
    results = []
    for folder in map(Path, options.data):
        crops = np.load(folder / options.crops)
        table = pd.read_csv(folder / "labels.csv")
        classes = table[options.label].astype(str).values
        fields = table[options.field].astype(str).values
        measured = np.stack([hand_crafted(crop) for crop in crops])
        for seed in map(int, options.seeds.split(",")):
            parts = split(classes, fields, seed)
            with tempfile.TemporaryDirectory() as temporary:
                place = Path(options.keep or temporary) / f"{folder.name}-{seed}"
                place.mkdir(parents=True, exist_ok=True)
                labels = pd.DataFrame({"class": classes, "field": fields, "part": parts})
                labels.to_csv(place / "labels.csv", index=False)
                data = [str(folder / options.crops), "--labels", str(place / "labels.csv")]
                start = time.time()
                subprocess.run(
                    [options.program, "train", *data, "--label", "class", "--split", "part",
                     "--set", "data.field=field", "--seed", str(seed), "--out", str(place / "run"), *extra],
                    check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                seconds = time.time() - start
                subprocess.run(
                    [options.program, "embed", str(place / "run"), *data, "--out", str(place / "embeddings")],
                    check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                layer = json.loads((place / "embeddings/manifest.json").read_text())["layers"][0]["name"]
                learnt = np.load(place / f"embeddings/{layer}.npy")
            results.append({
                "set": folder.name, "seed": seed, "train": int((parts == "train").sum()),
                "test": int((parts == "test").sum()), "classes": len(np.unique(classes)), "layer": layer,
                "minutes": seconds / 60,
                "learnt": accuracies(learnt.reshape(len(learnt), -1).astype(np.float32), classes, parts),
                "handCrafted": accuracies(measured, classes, parts, standardize=True)})
            print("%(set)s seed %(seed)d, %(train)d / %(test)d cells, %(minutes).1f min" % results[-1], end=": ")
            print("; ".join(
                f"{name} {results[-1][name]['knn']:.3f} {results[-1][name]['logistic']:.3f}"
                for name in ("learnt", "handCrafted")), flush=True)
        for name in ("learnt", "handCrafted"):
            rows = [row[name] for row in results if row["set"] == folder.name]
            print(f"{folder.name} mean {name}: kNN {np.mean([row['knn'] for row in rows]):.3f},"
                  f" LR {np.mean([row['logistic'] for row in rows]):.3f}", flush=True)
    if options.json:
        print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
