"""Writes the numbers that Tests/CytoselfAnalysisTests/ProbeGoldenTests.swift compares with.

    pip install numpy==2.4.6 scikit-learn==1.9.1 scipy==1.17.1
    python tools/reference/probe_goldens.py > Tests/CytoselfAnalysisTests/Fixtures/probes.json

The rows are drawn by the generator below, which the test repeats, so the file holds results alone.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.stats import false_discovery_control
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    precision_recall_fscore_support,
    r2_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


class Generator:
    """SplitMix64 as SeededGenerator has it."""

    def __init__(self, seed: int) -> None:
        self.state = seed
        self.state = self.next()

    def next(self) -> int:
        mask = 2**64 - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        return mixed ^ (mixed >> 31)

    def unit(self) -> float:
        return (self.next() >> 11) * 2.0**-53


def cells(seed: int, count: int, columns: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Classes that overlap, on columns of different scales; sums of three uniform numbers."""
    generator = Generator(seed)
    rows, labels = [], []
    for cell in range(count):
        label = cell % classes
        row = []
        for column in range(columns):
            noise = generator.unit() + generator.unit() + generator.unit() - 1.5
            shift = 0.7 if column % classes == label else 0.0
            row.append(np.float32((noise + shift) * (1 + column % 4) + 3 * (column % 3)))
        rows.append(row)
        labels.append(label)
    return np.array(rows, np.float32), np.array(labels)


def logistic(seed: int, count: int, columns: int, classes: int, c: float) -> dict:
    x, y = cells(seed, count, columns, classes)
    half = count // 2
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=c, tol=1e-10, max_iter=100_000, solver="lbfgs")
    )
    model.fit(x[:half].astype(np.float64), y[:half])
    chances = model.predict_proba(x[half:].astype(np.float64))
    found = model.predict(x[half:].astype(np.float64))
    return {
        "seed": seed, "count": count, "columns": columns, "classes": classes, "c": c,
        "coefficients": model[-1].coef_.tolist(), "intercepts": model[-1].intercept_.tolist(),
        "probabilities": chances[:5].tolist(), "predicted": found.tolist(),
        "accuracy": accuracy_score(y[half:], found),
        "balanced_accuracy": balanced_accuracy_score(y[half:], found),
        "macro_f1": f1_score(y[half:], found, average="macro"),
        "per_class": np.array(
            precision_recall_fscore_support(y[half:], found, zero_division=0)[:3]
        ).tolist(),
    }


def nearest() -> dict:
    x, y = cells(5, 240, 6, 3)
    model = KNeighborsClassifier(1, algorithm="brute").fit(x[:120], y[:120])
    three = KNeighborsClassifier(3, algorithm="brute").fit(x[:120], y[:120])
    _, places = three.kneighbors(x[120:])
    # Where all three disagree the vote is open: scikit-learn takes the smallest label.
    tied = [len(set(y[row])) == 3 for row in places]
    return {
        "one": model.predict(x[120:]).tolist(), "three": three.predict(x[120:]).tolist(),
        "tied": tied,
    }


def precisions() -> dict:
    """Average precision of every cell, cells of its own field left out; fields are cell // 6."""
    x, y = cells(6, 90, 4, 3)
    field = np.arange(90) // 6
    found = []
    for query in range(90):
        others = field != field[query]
        distance = np.square(x[others].astype(np.float64) - x[query].astype(np.float64)).sum(1)
        found.append(average_precision_score(y[others] == y[query], -distance))
    return {"values": found, "mean": float(np.mean(found))}


def ridge() -> dict:
    x, _ = cells(7, 200, 8, 4)
    target = x[:, 0].astype(np.float64) - 0.5 * x[:, 3] + np.arange(200) / 50
    model = make_pipeline(StandardScaler(), Ridge(alpha=10.0)).fit(
        x[:120].astype(np.float64), target[:120]
    )
    found = model.predict(x[120:].astype(np.float64))
    return {"predicted": found.tolist(), "r2": r2_score(target[120:], found)}


def shares() -> dict:
    """Shares of variance by ordinary least squares with dummy variables."""
    x, y = cells(8, 150, 5, 3)
    x = x.astype(np.float64)
    generator = Generator(9)
    area = x[:, 1] * 0.3 + np.array([generator.unit() for _ in range(150)])
    intensity = np.array([generator.unit() for _ in range(150)])
    dummies = np.eye(3)[y][:, 1:]

    def share(*columns: np.ndarray) -> list[float]:
        design = np.column_stack([np.ones(150), *columns])
        fit, *_ = np.linalg.lstsq(design, x, rcond=None)
        rest = np.square(x - design @ fit).sum()
        total = np.square(x - x.mean(0)).sum()
        r2 = 1 - rest / total
        parameters = np.linalg.matrix_rank(design) - 1
        return [r2, 1 - (1 - r2) * 149 / (149 - parameters), int(parameters)]

    return {
        "area": share(area), "both": share(area, intensity), "label": share(dummies),
        "label_and_both": share(dummies, area, intensity), "repeated": share(area, 2 * area + 1),
    }


p_values = [0.01, 0.04, 0.03, 0.005, 0.2, 0.9, 0.04]
json.dump(
    {
        "versions": {
            "numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__,
        },
        "logistic": [
            logistic(1, 400, 10, 4, 1.0), logistic(2, 300, 6, 2, 1.0), logistic(3, 200, 30, 5, 0.05)
        ],
        "nearest": nearest(), "precisions": precisions(), "ridge": ridge(), "shares": shares(),
        "p_values": p_values, "false_discovery_rates": false_discovery_control(p_values).tolist(),
    },
    sys.stdout, indent=None, separators=(",", ":"),
)
