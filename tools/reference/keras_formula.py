"""Numbers that a formula gives, the same in Python and in Swift, in place of weights in files.

Every convolution, depthwise and dense kernel and every bias of the small Keras models is

    limit * (k - 2^23) / 2^23    in float32, with k = mix(2^32 * tensor + element) >> 40,

where `mix` is the finaliser of SplitMix64 behind one step, `tensor` counts all weights in the order in which Keras
saves them and `element` counts in C order, both from 0. The limit is sqrt(6 / inputs) for kernels, rounded to float32
(inputs: height * width * channels of what one output reads), and 0.3 for biases. Images are k / 2^24 of tensor 2^20.
What must be fitted to the images, codebooks and the scales, shifts and statistics of normalisations, is kept
in one small array per model, `vectors.npy`, in the order in which Keras saves it.

The Swift side is Tests/CytoselfModelTests/Golden+Formula.swift.
"""

import json

import numpy as np

IMAGES = 1 << 20


def integers(tensor, shape):
    """The numbers k, of 24 bits."""
    z = np.arange(np.prod(shape), dtype=np.uint64) + np.uint64(tensor << 32)
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.int64).reshape(shape)


def images(shape):
    return (integers(IMAGES, shape) / 2.0**24).astype(np.float32)


def kept(name):
    """Whether a weight is in `vectors.npy`."""
    ends = ("gamma", "beta", "moving_mean", "moving_variance", "embedding_vq")
    return name.split(":")[0].endswith(ends)


def values(tensor, name, shape):
    """A kernel or bias."""
    if name.split(":")[0].endswith("bias"):
        limit = np.float32(0.3)
    else:
        depthwise = "depthwise" in name
        limit = np.float32(np.sqrt(6 / np.prod(shape[:2] if depthwise else shape[:-1])))
    parts = ((integers(tensor, shape) - 2**23) / 2.0**23).astype(np.float32)
    return limit * parts


def saved(model):
    """The weights of a Keras model in the order in which it saves them, by layer."""
    for layer in model.layers:
        yield layer, layer.trainable_weights + layer.non_trainable_weights


def assign(backend, model, vectors=None):
    """Sets every weight that the formula gives, and with `vectors` the others."""
    tensor = place = 0
    pairs = []
    for _, weights in saved(model):
        for weight in weights:
            shape = tuple(weight.shape.as_list())
            if not kept(weight.name):
                pairs.append((weight, values(tensor, weight.name, shape)))
            elif vectors is not None:
                count = int(np.prod(shape))
                pairs.append((weight, vectors[place : place + count].reshape(shape)))
                place += count
            tensor += 1
    backend.batch_set_value(pairs)


def write(backend, model, folder):
    """Keeps what the formula does not give, and names and shapes of all weights."""
    layers, vectors = [], []
    for layer, weights in saved(model):
        rows = [{"name": weight.name, "shape": weight.shape.as_list()} for weight in weights]
        layers.append({"name": layer.name, "weights": rows})
        own = [weight for weight in weights if kept(weight.name)]
        vectors += [value.reshape(-1) for value in backend.batch_get_value(own)]
    np.save(folder / "vectors.npy", np.concatenate(vectors).astype(np.float32))
    lines = ",\n".join(json.dumps(layer, separators=(",", ":")) for layer in layers)
    (folder / "weights.json").write_text(f"[\n{lines}\n]\n")
