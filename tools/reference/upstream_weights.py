"""Makes weight files in every way that people save them, with upstream's own model classes.

    python tools/reference/upstream_weights.py UPSTREAM OUT [SHIM]

UPSTREAM is a checkout of github.com/royerlab/cytoself (branch main; made with commit d127e91), or the
environment variable CYTOSELF_UPSTREAM names it and UPSTREAM is `-`. OUT is a folder to make. SHIM is a
Python file to run first, for a torchvision that does not load beside this torch.

Made with torch 2.13.0 (CPU), torchvision 0.28.0, numpy 2.4.6, pandas 3.1.1, safetensors 0.8.0. Run by
hand; nothing of what it makes is part of the repository.

For each model (full, split, lite, vqvaefc, vqvae) OUT/<model>/ gets
    state_dict.pt           torch.save(model.state_dict())
    legacy.pt               the format before PyTorch 1.6
    checkpoint_ep3.chkp     what upstream's trainer saves: epoch, model, optimizer, pandas history
    checkpoint_legacy.chkp  the same in the format before
    model_3.pt              the whole module
    model_legacy.pt         the same in the format before
    half.pt bfloat16.pt double.pt   other element types
    shared.pt               every weight a view of one storage
    strided.pt              weights that do not lie in C order
    parallel.pt             names as DataParallel saves them
    plain.safetensors       without a description
    image.npy, <layer>.npy  crops, and what the model makes of them in evaluation
The numbers of half, bfloat16 and double are those of state_dict.pt rounded once, so their embeddings
are near; every other file must give those of state_dict.pt. Then

    for f in OUT/full/*.pt OUT/full/*.chkp OUT/full/*.safetensors; do
      cytoself embed $f OUT/full/image.npy --crop-size 100 --layer encoder1 --layer encoder2 --out E/$(basename $f)
    done
    python tools/reference/upstream_weights.py compare OUT/full E

prints the largest difference for each file, relative to the largest magnitude, and fails above 1e-4 (1e-2 for
half and bfloat16).
"""

import os
import pathlib
import runpy
import sys

import numpy as np


def compare(model, embeddings):
    worst = {}
    for folder in sorted(pathlib.Path(embeddings).iterdir()):
        for path in sorted(folder.glob("encoder*.npy")):
            found, expected = np.load(path), np.load(pathlib.Path(model) / path.name)
            error = np.abs(found - expected).max() / np.abs(expected).max()
            worst[folder.name] = max(worst.get(folder.name, 0), float(error))
    for name, error in worst.items():
        limit = 1e-2 if "half" in name or "bfloat16" in name else 1e-4
        print(f"{name:28} {error:.2e}  {'ok' if error <= limit else 'TOO FAR'}")
        assert error <= limit, name
    assert worst, "no embeddings found"


def models():
    from cytoself.trainer.autoencoder.cytoselffull import CytoselfFull
    from cytoself.trainer.autoencoder.cytoselflite import CytoselfLite
    from cytoself.trainer.autoencoder.vqvae import VQVAE
    from cytoself.trainer.autoencoder.vqvaefc import VQVAEFC

    shape = dict(input_shape=(2, 100, 100), output_shape=(2, 100, 100))
    two = dict(emb_shapes=((25, 25), (4, 4)), num_class=5, **shape)

    def vq(split=1):
        return {"num_embeddings": 64, "embedding_dim": 16, "channel_split": split}

    yield "full", CytoselfFull(vq_args=vq(), fc_output_idx=[2], **two)
    yield "split", CytoselfFull(
        vq_args=[vq(), vq(9)], fc_args={"num_layers": 2, "num_features": 24}, **two)
    yield "lite", CytoselfLite(vq_args=vq(), fc_input_type="vqindhist", **two)
    yield "vqvaefc", VQVAEFC(emb_shape=(4, 4), vq_args=vq(), num_class=5, **shape)
    yield "vqvae", VQVAE(emb_shape=(4, 4), vq_args=vq(), **shape)


def crops(torch):
    """Four crops of blobs, protein and nucleus in 0...1."""
    y, x = torch.meshgrid(torch.arange(100.0), torch.arange(100.0), indexing="ij")
    images = torch.zeros(4, 2, 100, 100)
    for i in range(4):
        images[i, 0] = torch.exp(-((y - 30 - 10 * i) ** 2 + (x - 40) ** 2) / (40 + 30 * i))
        images[i, 1] = (((y - 50) ** 2 + (x - 50) ** 2) < 400 + 100 * i).float() * 0.8
    return images


def make(out):
    import pandas
    import safetensors.torch
    import torch

    torch.manual_seed(7)
    torch.set_num_threads(2)
    images = crops(torch)
    for name, model in models():
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        # A few passes in training mode give the running statistics numbers of their own, and a step
        # gives the optimizer a state.
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
        model.train()
        for _ in range(3):
            output = model(images)
            decoded = output[0] if isinstance(output, tuple) else output
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(decoded, images).backward()
            optimizer.step()
        model.eval()
        # What upstream keeps of the last pass has a graph and cannot be saved with the module.
        for part in ["vq_loss", "perplexity", "mse_loss", "fc_loss"]:
            if hasattr(model, part):
                setattr(model, part, None)
        state = model.state_dict()

        def save(value, file, **options):
            torch.save(value, folder / file, **options)

        legacy = dict(_use_new_zipfile_serialization=False)
        history = pandas.DataFrame(
            {"train_loss": [3.0, 2.0, 1.5], "val_loss": [3.5, 2.5, float("nan")], "lr": [1e-3] * 3})
        checkpoint = {
            "epoch": 3, "model_state_dict": state, "optimizer_state_dict": optimizer.state_dict(),
            "history": history,
        }
        save(state, "state_dict.pt")
        save(state, "legacy.pt", **legacy)
        save(checkpoint, "checkpoint_ep3.chkp")
        save(checkpoint, "checkpoint_legacy.chkp", **legacy)
        save(model, "model_3.pt")
        save(model, "model_legacy.pt", **legacy)
        for file, type in [
            ("half", torch.float16), ("bfloat16", torch.bfloat16), ("double", torch.float64)]:
            cast = {k: v.to(type) if v.is_floating_point() else v for k, v in state.items()}
            save(cast, file + ".pt")
        floats = {k: v for k, v in state.items() if v.is_floating_point()}
        storage = torch.cat([v.reshape(-1) for v in floats.values()])
        shared, place = dict(state), 0
        for key, value in floats.items():
            shared[key] = storage[place:place + value.numel()].view(value.shape)
            place += value.numel()
        save(shared, "shared.pt")
        strided = {}
        for key, value in state.items():
            axes = list(range(value.dim()))[::-1]
            strided[key] = value.permute(axes).contiguous().permute(axes) if axes else value
        assert any(not v.is_contiguous() for v in strided.values())
        save(strided, "strided.pt")
        save({"module." + k: v for k, v in state.items()}, "parallel.pt")
        safetensors.torch.save_file(state, folder / "plain.safetensors")
        np.save(folder / "image.npy", images.numpy())
        layers = (["encoder", "vqvec", "vqindhist"] if name.startswith("vqvae")
                  else ["encoder1", "encoder2", "vqvec1", "vqvec2", "vqindhist1", "vqindhist2"])
        with torch.inference_mode():
            for layer in layers:
                np.save(folder / (layer + ".npy"), model(images, layer).float().numpy())
        print(name, len(state), "tensors,", len(list(folder.iterdir())), "files")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "compare":
        compare(sys.argv[2], sys.argv[3])
    elif len(sys.argv) in (3, 4):
        upstream = os.environ["CYTOSELF_UPSTREAM"] if sys.argv[1] == "-" else sys.argv[1]
        if len(sys.argv) == 4:
            shim = runpy.run_path(sys.argv[3])  # kept: what it registers goes with it
        sys.path.insert(0, upstream)
        make(pathlib.Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
