"""Makes Tests/CytoselfModelTests/Fixtures/level_views.json: what single levels show, by upstream.

    python tools/reference/level_views.py UPSTREAM GOLDEN [SHIM]

UPSTREAM is a checkout of github.com/royerlab/cytoself (branch main; made with commit d127e91), GOLDEN the
folder with pt_readme and pt_split (weights, crops and quantised maps). SHIM is a Python file to run first,
for a torchvision that does not load beside this torch. Made with torch 2.13.0 (CPU).

For each model
    decoded     the images decoded from one level, the map of the other zeroed, as means over blocks of
                10 x 10 pixels, [level, image, channel, 10, 10]; upstream's TensorFlow branch does the same
                in construct_decoder_model_one_input
    receptive   the magnitude of the derivative of the sum of an encoder's code vector at one position by
                the pixels, summed over channels, as sums over the same blocks, [level, image, 10, 10]
    impulse     upstream's calc_receptive_field (TensorFlow branch) of the first encoder: with squeeze and
                excitation it is the width of the crop, whatever the weights
"""

import json
import pathlib
import runpy
import sys

import numpy as np

OUT = pathlib.Path(__file__).parents[2] / "Tests/CytoselfModelTests/Fixtures/level_views.json"
POSITIONS = [(12, 12), (1, 2)]


def blocks(images, reduce):
    n, c, h, w = images.shape
    return reduce(images.reshape(n, c, 10, h // 10, 10, w // 10), axis=(3, 5))


def listed(array):
    return [float(f"{x:.7g}") for x in np.asarray(array, float).ravel()]


def impulse_width(torch, encoder, channels, width):
    base = encoder(torch.zeros(1, channels, width, width))
    response = np.zeros((width, base.shape[3]))
    for j in range(width):
        image = torch.zeros(1, channels, width, width)
        image[0, :, j, j] = 1
        response[j] = (encoder(image) - base).sum(dim=(0, 1, 2)).numpy()
    inner = (response[0] == 0) & (response[-1] == 0)
    sizes = [np.ptp(np.flatnonzero(response[:, i])) + 1 for i in np.flatnonzero(inner)]
    return float(np.mean(sizes)) if sizes else float(width)


def main():
    upstream, golden = sys.argv[1:3]
    if len(sys.argv) > 3:
        shim = runpy.run_path(sys.argv[3])  # kept: what it registers goes with it
    sys.path.insert(0, upstream)
    import torch
    from cytoself.trainer.autoencoder.cytoselffull import CytoselfFull
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms.functional import resize

    def vq(codes, width, split=1):
        return {"num_embeddings": codes, "embedding_dim": width, "channel_split": split}

    shape = dict(input_shape=(2, 100, 100), output_shape=(2, 100, 100), num_class=9)
    models = {
        "pt_readme": CytoselfFull(
            emb_shapes=((25, 25), (4, 4)), vq_args=vq(512, 64), fc_output_idx=[2], **shape),
        "pt_split": CytoselfFull(
            emb_shapes=((25, 25), (4, 4)), vq_args=[vq(256, 16), vq(256, 16, 9)],
            fc_args={"num_layers": 2, "num_features": 32}, **shape),
    }
    goldens = {}
    for name, model in models.items():
        folder = pathlib.Path(golden) / name
        model.load_state_dict(torch.load(folder / "state_dict.pt", weights_only=True))
        model.eval()
        maps = [torch.from_numpy(np.load(folder / f"vqvec{i}.npy")) for i in (1, 2)]
        decoded, receptive = [], []
        for level in range(2):
            parts = [m if i == level else torch.zeros_like(m) for i, m in enumerate(maps)]
            large = resize(parts[1], (25, 25), interpolation=InterpolationMode.NEAREST)
            with torch.no_grad():
                image = model.decoders[0](torch.cat([large, parts[0]], 1))
            decoded.append(blocks(image.numpy(), np.mean))
            x = torch.from_numpy(np.load(folder / "image.npy")).requires_grad_()
            row, column = POSITIONS[level]
            code = model.encoders[0](x)
            if level == 1:
                code = model.encoders[1](code)
            code[:, :, row, column].sum().backward()
            receptive.append(blocks(x.grad.abs().sum(1, keepdim=True).numpy(), np.sum))
        with torch.no_grad():
            impulse = impulse_width(torch, model.encoders[0], 2, 100)
        goldens[name] = {
            "positions": POSITIONS, "decoded": listed(decoded), "receptive": listed(receptive),
            "impulse": impulse}
        print(name, "impulse", impulse)
    OUT.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
