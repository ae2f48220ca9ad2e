"""Opens in Python the AnnData file that `cytoself export` wrote, and compares it with what it was made from.

    python tools/reference/check_h5ad.py cells.h5ad EMBEDDINGS [LAYER [MAP]]

EMBEDDINGS is the folder that `cytoself embed` wrote, LAYER the one that was exported (vqvec2), MAP the folder given
as --umap. X and obsm must be equal to the bit, also backed; obs to what pandas reads from cells.csv; and anndata
must be able to write the object again. Where scanpy is installed, it computes neighbours on it.

Versions: anndata 0.12.19, pandas 2.3.3, numpy 2.4.6, h5py 3.16.0 (HDF5 2.0), scanpy 1.11.5 (Python 3.11).
"""

import json
import sys
import tempfile
import warnings
from pathlib import Path

import anndata
import numpy as np
import pandas as pd

warnings.simplefilter("error")
warnings.filterwarnings("ignore", category=DeprecationWarning)
file, embeddings = Path(sys.argv[1]), Path(sys.argv[2])
layer = sys.argv[3] if len(sys.argv) > 3 else "vqvec2"

expected = np.load(embeddings / f"{layer}.npy", mmap_mode="r")
expected = expected.reshape(len(expected), -1)
data = anndata.read_h5ad(file)
print(data)
assert data.X.dtype == expected.dtype and np.array_equal(data.X, expected)
assert list(data.var_names[:2]) == [f"{layer}_0", f"{layer}_1"]

cells = pd.read_csv(embeddings / "cells.csv", index_col=0, keep_default_na=False, dtype=str)
assert list(data.obs_names) == [str(name) for name in cells.index] and data.obs.index.name == cells.index.name
assert list(data.obs.columns) == list(cells.columns), list(data.obs.columns)
for name, column in data.obs.items():
    print(f"  {name}: {column.dtype}, {column.isna().sum()} missing")
    for found, text in zip(column, cells[name]):
        if pd.isna(found):
            assert text.lower() in ("", "nan"), (name, found, text)
        elif isinstance(found, str):
            assert found == text, (name, found, text)
        elif isinstance(found, (bool, np.bool_)):
            assert str(found) == text.capitalize(), (name, found, text)
        else:
            assert float(found) == float(text), (name, found, text)

note = data.uns["cytoself"]
assert note["layer"] == layer and np.prod(note["item_shape"]) == expected.shape[1]
if "manifest" in note:
    assert json.loads(note["manifest"]) == json.loads((embeddings / "manifest.json").read_text())
print("uns:", {name: str(value)[:60] for name, value in note.items()})
if len(sys.argv) > 4:
    assert np.array_equal(data.obsm["X_umap"], np.load(Path(sys.argv[4]) / "umap.npy"))
for name, rows in data.obsm.items():
    print(f"obsm {name}: {rows.dtype} {rows.shape}")

backed = anndata.read_h5ad(file, backed="r")
assert np.array_equal(backed[len(expected) // 2 :].X[:5], expected[len(expected) // 2 :][:5])
backed.file.close()
with tempfile.TemporaryDirectory() as folder:
    data.write_h5ad(Path(folder) / "again.h5ad")
    again = anndata.read_h5ad(Path(folder) / "again.h5ad")
    assert np.array_equal(again.X, expected) and again.obs.equals(data.obs)
print("equal: X, obs, obsm, uns; backed; written again")

try:
    import scanpy
except ImportError:
    print("passed over: scanpy")
else:
    warnings.simplefilter("ignore")
    if data.n_obs > 20:
        data.X = data.X.astype(np.float32)
        scanpy.pp.neighbors(data, n_neighbors=5, use_rep="X")
        print("scanpy: neighbours of", data.obsp["connectivities"].shape)
