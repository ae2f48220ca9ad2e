"""Loads in upstream's Keras what `KerasWeightMap` wrote, and compares it with the golden files.

    python tools/reference/check_keras_weights.py PATH_TO_UPSTREAM WRITTEN GOLDEN [GOLDEN ...]

WRITTEN is the folder that `CYTOSELF_WRITTEN=WRITTEN swift test --filter KerasWeightTests` left; a GOLDEN is a
folder of one model, named as the model: one of Tests/CytoselfModelTests/Fixtures, or keras_full. Every weight must
come back to the bit. For each array the largest difference is printed as a share of the largest magnitude; for codes
the share that is equal here, the share of the exactly nearest (float64) that is, and the share of places where
the second code is within four roundings of float32 of the first: there, another machine chooses another code. The
environment TF_ENABLE_ONEDNN_OPTS=0 makes TensorFlow compute otherwise.

Versions: see keras_upstream.py.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, sys.argv[1])
import keras_formula as formula
import keras_upstream as upstream

written = Path(sys.argv[2])
for golden in map(Path, sys.argv[3:]):
    upstream.keras.backend.clear_session()
    model = upstream.MODELS[golden.name]()
    if (golden / "weights.h5").exists():
        model.model.load_weights(str(golden / "weights.h5"))
        images = np.load(golden / "image.npy")
    else:
        formula.assign(upstream.keras.backend, model.model, np.load(golden / "vectors.npy"))
        images = formula.images((3, *upstream.SHAPE))
    expected = model.model.get_weights()
    model.model.set_weights([np.zeros_like(weight) for weight in expected])
    model.model.load_weights(str(written / f"{golden.name}.h5"))
    found = model.model.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(found, expected)), golden.name
    print(f"{golden.name}: {len(found)} weights loaded, all as they were")
    values = upstream.run(model, images, upstream.parts(model))
    for name, value in values.items():
        if not (golden / f"{name}.npy").exists():
            continue
        wanted = np.load(golden / f"{name}.npy").astype(np.float64)
        error = np.abs(value - wanted).max() / np.abs(wanted).max()
        print(f"  {name}: error {error:.2g}")
        if not name.startswith("vqind") or name.startswith("vqindhist"):
            continue
        level = int(name[-1])
        codes = model.vq_lyrs[level - 1].get_weights()[0].astype(np.float64)
        rows = values[f"encoder{level}"].reshape(-1, len(codes)).astype(np.float64)
        lengths = (rows**2).sum(1, keepdims=True) + (codes**2).sum(0, keepdims=True)
        distances = lengths - 2 * rows @ codes
        exact = distances.argmin(1)
        ordered = np.sort(distances, axis=1)
        gap = (ordered[:, 1] - ordered[:, 0]) / lengths[np.arange(len(rows)), exact]
        near = (gap < 4 * np.finfo(np.float32).eps).mean()
        flat = wanted.reshape(-1)
        print(
            f"    equal {(value.reshape(-1) == flat).mean():.4f}, exactly nearest"
            f" {(exact == flat).mean():.4f}, near ties {near:.4f}"
        )
