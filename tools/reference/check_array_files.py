"""Opens in Python what ArrayFiles wrote, and compares the values.

    python tools/reference/check_array_files.py FOLDER      (numpy, torch or h5py, safetensors)

FOLDER is what `CYTOSELF_WRITTEN=FOLDER swift test --filter WrittenForPythonTests` left. Parts whose
Python library is not installed are named and passed over.
"""

import pathlib
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
weights = np.arange(35, dtype="<f4").reshape(5, 7) / 4


def torch_files():
    import torch

    for name in ["state.pt", "state_wide.pt"]:
        state = torch.load(folder / name, weights_only=True)
        assert list(state) == ["encoder.0.weight", "steps", "half", "wide", "none"], list(state)
        assert state["encoder.0.weight"].shape == (5, 7)
        assert np.array_equal(state["encoder.0.weight"].numpy(), weights)
        assert state["steps"].item() == 1 << 40 and state["steps"].dtype == torch.int64
        assert state["half"].dtype == torch.float16 and state["half"].tolist() == [0.5, -2.0]
        assert state["wide"].dtype == torch.uint16 and state["wide"].tolist() == [60000, 3]
        assert state["none"].shape == (0, 4)
        assert torch.load(folder / name, weights_only=True, mmap=True)["steps"].item() == 1 << 40


def keras_file():
    import h5py

    with h5py.File(folder / "weights.h5") as file:
        names = [n.decode() for n in file.attrs["layer_names"]] if "layer_names" in file.attrs else [
            n.decode() for part in range(1000) if f"layer_names{part}" in file.attrs
            for n in file.attrs[f"layer_names{part}"]]
        assert len(names) == 700, len(names)
        assert len(file.keys()) == 700
        assert file.attrs["backend"] == b"tensorflow", file.attrs["backend"]
        for place, name in enumerate(names):
            parts = list(file[name].attrs["weight_names"])
            assert len(parts) == (0 if place % 3 == 2 else 2), (place, parts)
            if parts:
                assert np.array_equal(file[name][parts[0].decode()][()], weights)
                assert file[name][parts[1].decode()].shape == (1,)


def safetensors_file():
    from safetensors.numpy import load_file

    state = load_file(folder / "state.safetensors")
    assert np.array_equal(state["encoder.0.weight"], weights) and state["steps"] == 1 << 40


def npy_file():
    assert np.array_equal(np.load(folder / "items.npy"), weights)


if __name__ == "__main__":
    for check in [npy_file, torch_files, keras_file, safetensors_file]:
        try:
            check()
            print("equal:", check.__name__)
        except ImportError as error:
            print("passed over:", check.__name__, error)
