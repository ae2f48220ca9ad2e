"""Loads weight files that cytoself wrote into upstream's own classes and compares what they compute.

    python tools/reference/check_weights.py UPSTREAM WEIGHTS.pt CROPS.npy EMBEDDINGS CLASS [SHIM]

UPSTREAM is a checkout of github.com/royerlab/cytoself (branch main; written for commit d127e91), or `-`
where the environment variable CYTOSELF_UPSTREAM names it. WEIGHTS.pt is what `cytoself convert ... WEIGHTS.pt`
wrote, CROPS.npy the crops [cells, channel, height, width], EMBEDDINGS the folder that
`cytoself embed MODEL CROPS.npy --out EMBEDDINGS` filled. CLASS is CytoselfFull, CytoselfLite, VQVAEFC or VQVAE.
SHIM is a Python file to run first, for a torchvision that does not load beside this torch.

The constructor's arguments are read from the shapes in the file. torch.load(weights_only=True) must open it
and load_state_dict(strict=True) must take it. Encoder maps must agree within 1e-5 of the largest magnitude;
codes are compared where EMBEDDINGS has them, and the share that is equal is printed (two codes that are
nearly as near may change places between processors).

Written for torch 2.13.0 (CPU), torchvision 0.28.0, numpy 2.4.6. Run by hand.
"""

import os
import pathlib
import runpy
import sys

import numpy as np


def build(state, images, kind):
    import importlib

    module = importlib.import_module("cytoself.trainer.autoencoder." + kind.lower())
    shape = dict(input_shape=images.shape[1:], output_shape=images.shape[1:])
    nested = "encoders.0.features.0.0.weight" in state
    heads = sorted(k for k in state if ".fc_list." in k and k.endswith(".weight"))
    own = [k for k in heads if not nested or k.startswith("fc_layers.0.")]
    own.sort(key=lambda k: int(k.split(".")[-2]))

    def quantizer(path, encoder):
        codebook = state[path + ".codebook.weight"]
        last = max((k for k in state if k.startswith(encoder + ".features.") and k.endswith(".0.weight")
                    and state[k].dim() == 4 and "block" not in k), key=lambda k: int(k.split("features.")[1].split(".")[0]))
        channels = state[last].shape[0]
        return {"num_embeddings": codebook.shape[0], "embedding_dim": codebook.shape[1],
                "channel_split": channels // codebook.shape[1]}, channels

    arguments = dict(shape)
    if own:
        arguments["num_class"] = state[own[-1]].shape[0]
        arguments["fc_args"] = {"num_layers": len(own), "num_features": state[own[0]].shape[0]}
    side = images.shape[-1]
    if nested:
        quantizers = [quantizer(f"vq_layers.{i}", f"encoders.{i}") for i in range(2)]
        first = -(-side // 4)
        second = first
        for _ in range(3):
            second = -(-second // 2)
        arguments["emb_shapes"] = ((first, first), (second, second))
        arguments["vq_args"] = [q for q, _ in quantizers]
        reads = state["fc_layers.1.fc_list.1.weight"].shape[1]
        if reads == quantizers[1][0]["num_embeddings"] and reads != quantizers[1][1] * second**2:
            arguments["fc_input_type"] = "vqindhist"
    else:
        for _ in range(5):
            side = -(-side // 2)
        arguments["emb_shape"] = (side, side)
        arguments["vq_args"] = quantizer("vq_layer", "encoder")[0]
    return getattr(module, kind)(**arguments)


def main(weights, crops, embeddings, kind):
    import torch

    torch.set_num_threads(2)
    images = torch.from_numpy(np.load(crops)).float()
    state = torch.load(weights, weights_only=True)
    model = build(state, images, kind)
    print(model.load_state_dict(state, strict=True))
    model.eval()
    compared = 0
    for path in sorted(pathlib.Path(embeddings).glob("*.npy")):
        with torch.inference_mode():
            expected = model(images, path.stem).numpy()
        found = np.load(path)
        assert found.shape == expected.shape, (path.name, found.shape, expected.shape)
        if path.stem.startswith("vqind") and "hist" not in path.stem:
            print(f"{path.stem:12} {np.mean(found == expected):.4f} of the codes are equal")
            continue
        error = np.abs(found - expected).max() / np.abs(expected).max()
        print(f"{path.stem:12} {error:.2e} of the largest magnitude")
        if path.stem.startswith("encoder"):
            assert error < 1e-5, path.stem
            compared += 1
    assert compared, "EMBEDDINGS has no encoder layer"


if __name__ == "__main__":
    if len(sys.argv) not in (6, 7):
        sys.exit(__doc__)
    if len(sys.argv) == 7:
        shim = runpy.run_path(sys.argv[6])  # kept: what it registers goes with it
    sys.path.insert(0, os.environ["CYTOSELF_UPSTREAM"] if sys.argv[1] == "-" else sys.argv[1])
    main(*sys.argv[2:6])
