"""Makes the small files under Tests/Fixtures/arrays that the tests of ArrayFiles read.

    python tools/reference/array_files.py pickles torch     (numpy 2.4.6, torch 2.13.0, pandas 3.1.1)
    python tools/reference/array_files.py keras             (numpy 2.4.6, h5py 3.16.0)

Every number in them is a small whole number or a sum of powers of two, so that the tests can state
what they expect without a table.
"""

import collections
import pathlib
import pickle
import sys

import numpy as np

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "arrays"


def pickles():
    shared = ["a", "b"]
    value = {
        "none": None,
        "truth": [True, False],
        "integers": [0, 1, 255, 256, 65535, 65536, -1, 2**31 - 1, -(2**31), 2**40, -(2**40)],
        "long": 2**80,
        "reals": (0.5, -2.0, 1e300),
        "text": ["", "ACTB", "µ é 😀 \\ '\"\n\t\x00end", "x" * 300],
        "bytes": b"\x00\xff'\\",
        "set": {7},
        "frozen": frozenset([8]),
        "shared": [shared, shared],
        "ordered": collections.OrderedDict([("first", 1), ("second", 2)]),
        "default": collections.defaultdict(list, {"k": [1]}),
        ("tuple", 1): "key",
        "nested": [[[[()]]]],
    }
    cyclic = []
    cyclic.append(cyclic)
    value["cyclic"] = cyclic
    for protocol in range(6):
        (OUT / f"protocol{protocol}.pickle").write_bytes(pickle.dumps(value, protocol=protocol))

    labels = np.array([["ENSG1", "ACTB", 3], ["ENSG2", "µTUB", None], ["ENSG1", 2.5, True]], dtype=object)
    np.save(OUT / "labels_object.npy", labels)
    np.save(OUT / "labels_object_fortran.npy", np.asfortranarray(labels))
    np.save(OUT / "labels_numpy_scalars.npy",
            np.array([np.int32(5), np.str_("text"), np.float64(0.25), np.bytes_(b"raw")], dtype=object))
    np.save(OUT / "labels_unicode.npy", np.array([["a", "µé"], ["", "😀x"]]))
    np.save(OUT / "labels_unicode_fortran.npy", np.asfortranarray(np.array([["a", "b"], ["c", "d"]])))
    np.save(OUT / "labels_unicode_big.npy", np.array(["ab", "é"], dtype=">U2"))
    np.save(OUT / "labels_bytes.npy", np.array([b"ab", b"c", b"\xc3\xa9"]))
    np.save(OUT / "labels_not_flat.npy", np.array([{"a": 1}, [2]], dtype=object))
    arrays = {"x": np.arange(6, dtype="<f4").reshape(2, 3), "labels": np.array(["p", "q"])}
    np.savez(OUT / "stored.npz", **arrays)
    np.savez_compressed(OUT / "deflated.npz", **arrays)


def torch_files():
    import pandas
    import torch

    torch.manual_seed(0)
    base = torch.arange(24, dtype=torch.float32)
    state = collections.OrderedDict()
    state["whole"] = base.reshape(2, 3, 4)
    state["view"] = base[6:12].reshape(2, 3)
    state["transposed"] = base.reshape(4, 6).t()
    state["strided"] = base[1::5]
    state["expanded"] = torch.ones(1, 1).expand(3, 2)
    state["half"] = torch.tensor([0.5, -2.0], dtype=torch.float16)
    state["bfloat16"] = torch.tensor([1.5, -4.0], dtype=torch.bfloat16)
    state["double"] = torch.tensor([0.1], dtype=torch.float64)
    state["long"] = torch.tensor([1 << 40, -3])
    state["int"] = torch.tensor([7, -8], dtype=torch.int32)
    state["short"] = torch.tensor([9], dtype=torch.int16)
    state["byte"] = torch.tensor([250], dtype=torch.uint8)
    state["char"] = torch.tensor([-5], dtype=torch.int8)
    state["bool"] = torch.tensor([True, False])
    state["scalar"] = torch.tensor(3.0)
    state["empty"] = torch.zeros(0, 4)
    state["parameter"] = torch.nn.Parameter(torch.tensor([11.0, 12.0]))
    torch.save(state, OUT / "state_zip.pt")
    torch.save(state, OUT / "state_legacy.pt", _use_new_zipfile_serialization=False)

    class Inner(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(2, 3)
            self.norm = torch.nn.BatchNorm1d(3, affine=False)
            self.register_buffer("fixed", torch.tensor([4.0]))
            self.register_buffer("fleeting", torch.tensor([5.0]), persistent=False)
            self.register_parameter("absent", None)

    import types

    module = types.ModuleType("fixture_model")
    Inner.__module__, Inner.__qualname__ = "fixture_model", "Inner"
    module.Inner = Inner
    sys.modules["fixture_model"] = module
    model = torch.nn.Sequential(Inner(), torch.nn.ReLU())
    with torch.no_grad():
        model[0].linear.weight.copy_(torch.arange(6).reshape(3, 2))
        model[0].linear.bias.copy_(torch.tensor([0.5, 0.25, 0.125]))
    torch.save(model, OUT / "module_zip.pt")
    # The legacy format carries the source of each class along; a line is enough here.
    torch.serialization.get_source_lines_and_file = lambda *_: (["class Model: ...\n"], 1, "model.py")
    torch.save(model, OUT / "module_legacy.pt", _use_new_zipfile_serialization=False)

    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loss = model[0].linear(torch.ones(4, 2)).sum()
    loss.backward()
    optimizer.step()
    history = pandas.DataFrame({"epoch": [1, 2, 3], "train_loss": [0.5, 0.25, 0.125], "lr": [1e-3, 1e-3, 1e-4]})
    torch.save({"epoch": 3, "model_state_dict": model.state_dict(),
                "optimizer_state_dict": optimizer.state_dict(), "vq_histogram": np.arange(4),
                "history": history}, OUT / "checkpoint.chkp")


def keras():
    import h5py

    def weights(group, chunked):
        layers = [("conv_1", ["kernel:0", "bias:0"]), ("activation", []), ("batch_norm_7", ["gamma:0", "moving_mean:0"])]
        group.attrs["backend"] = np.bytes_("tensorflow")
        group.attrs["keras_version"] = np.bytes_("2.15.0")
        names = [np.bytes_(name) for name, _ in layers]
        group.attrs["layer_names"] = names
        number = 0
        for layer, parts in layers:
            inner = group.create_group(layer)
            full = [np.bytes_(f"{layer}/{part}") for part in parts]
            if chunked and full:
                for place, name in enumerate(full):
                    inner.attrs[f"weight_names{place}"] = [name]
            else:
                inner.attrs["weight_names"] = full if full else np.zeros(0, dtype="S1")
            for name in full:
                number += 1
                inner.create_dataset(name.decode(), data=np.arange(6, dtype="<f4").reshape(2, 3) * number)

    with h5py.File(OUT / "keras_weights.h5", "w") as file:
        weights(file, False)
    with h5py.File(OUT / "keras_chunked_names.h5", "w") as file:
        weights(file, True)
    with h5py.File(OUT / "keras_model.h5", "w") as file:
        file.attrs["model_config"] = "{}"
        weights(file.create_group("model_weights"), False)
    with h5py.File(OUT / "keras_latest.h5", "w", libver="latest") as file:
        weights(file, False)
    with h5py.File(OUT / "keras_compressed.h5", "w") as file:
        group = file.create_group("dense")
        file.attrs["layer_names"] = ["dense"]
        group.attrs["weight_names"] = ["dense/kernel:0", "dense/bias:0"]
        group.create_dataset("dense/kernel:0", data=np.arange(600, dtype="<f4").reshape(20, 30),
                             chunks=(7, 8), compression="gzip", shuffle=True)
        group.create_dataset("dense/bias:0", data=np.arange(5, dtype="<f8"), chunks=(2,), fletcher32=True)
    with h5py.File(OUT / "keras_external.h5", "w") as file:
        file.attrs["layer_names"] = [np.bytes_("outside")]
        file["outside"] = h5py.ExternalLink("/etc/passwd", "/")
    with h5py.File(OUT / "keras_cycle.h5", "w") as file:
        file.attrs["layer_names"] = [np.bytes_("loop")]
        inner = file.create_group("loop")
        inner.attrs["weight_names"] = [np.bytes_("again/again/w")]
        inner["again"] = inner
        file["soft"] = h5py.SoftLink("/soft")
    with h5py.File(OUT / "keras_plain.h5", "w") as file:
        file.create_dataset("x", data=np.arange(3, dtype=">f4"))


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for part in sys.argv[1:]:
        {"pickles": pickles, "torch": torch_files, "keras": keras}[part]()
