"""Small models in upstream's Keras, with everything they give, for the tests of CytoselfModel.

Builds the three models of upstream's branch cytoself-tensorflow (full; without pretext; without split quantisation)
with few blocks on crops of an odd size. Kernels, biases and images follow a formula (keras_formula.py), so that no
weights need be kept; normalisations get random scales and the statistics of the images, the codebooks rows that lie
among the encoders' maps and far apart, so that no code is a tie. Saves these small vectors, all embeddings, the
image rebuilt, the classifiers' outputs, the parts of the loss in evaluation, and three steps of Adam with dropout off.

    python tools/reference/keras_models.py PATH_TO_UPSTREAM Tests/CytoselfModelTests/Fixtures

Versions: see keras_upstream.py.
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, sys.argv[1])
import keras_formula as formula
import keras_upstream as upstream
from keras_upstream import CLASSES, CODES, SHAPE, SMALL, WIDTH, keras

output = Path(sys.argv[2])
VARIANCE, RATE, MARGIN = 0.09, 1e-3, 1e-4


def randomize(model, images, rng):
    """Draws scales and shifts, fits statistics, and lays the codes among the maps they are to replace."""
    formula.assign(keras.backend, model.model)
    pairs = []
    for _, weights in formula.saved(model.model):
        for weight in weights:
            noise = rng.normal(size=weight.shape.as_list())
            if "gamma" in weight.name:
                pairs.append((weight, np.exp(0.2 * noise)))
            elif "beta" in weight.name:
                pairs.append((weight, 0.2 * noise))
    keras.backend.batch_set_value(pairs)
    # Statistics near those of the images keep the maps from being all alike.
    still = keras.optimizers.SGD(0.0)
    outputs = model.model.outputs
    model.model.compile(loss="mse", loss_weights=[0.0] * len(outputs), optimizer=still)
    targets = [np.zeros([len(images), *tensor.shape[1:]]) for tensor in outputs]
    for _ in range(150):
        model.model.train_on_batch(images, targets)
    maps = upstream.run(model, images, upstream.parts(model))
    margins = []
    for level, layer in enumerate(model.vq_lyrs, 1):
        rows = maps[f"encoder{level}"].reshape(-1, WIDTH)
        margin = 0
        while margin < MARGIN:
            codes = rows[rng.choice(len(rows), CODES[level - 1], replace=False)]
            codes = codes + 0.2 * rows.std(axis=0) * rng.normal(size=codes.shape)
            margin = least_margin(rows, codes.astype(np.float32))
        layer.set_weights([codes.T.astype(np.float32)])
        margins.append(margin)
    return min(margins)


def least_margin(rows, codes):
    """By how much the second code is farther than the first, at least, as a share of the squared lengths."""
    rows, codes = rows[:, None].astype(np.float64), codes[None].astype(np.float64)
    lengths = (rows**2).sum(-1) + (codes**2).sum(-1)
    ordered = np.sort(((rows - codes) ** 2).sum(-1), axis=1)
    return float(((ordered[:, 1] - ordered[:, 0]) / lengths.max(1)).min())


def gradient_norm(model, images, onehot):
    """The norm of all gradients of the loss in training."""
    outputs = model.model.outputs
    loss = upstream.tf.add_n(model.model.losses)
    loss += upstream.tf.reduce_mean((model.img_input - outputs[0]) ** 2) / VARIANCE
    for probabilities in outputs[1:]:
        entropy = keras.backend.categorical_crossentropy(onehot, probabilities)
        loss += upstream.tf.reduce_mean(entropy)
    gradients = upstream.tf.gradients(loss, model.model.trainable_weights)
    norm = upstream.tf.linalg.global_norm([g for g in gradients if g is not None])
    feed = {model.img_input: images, keras.backend.learning_phase(): 1}
    return float(keras.backend.get_session().run(norm, feed))


for seed, (name, build) in enumerate(SMALL.items()):
    keras.backend.clear_session()
    upstream.tf.keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    images = formula.images((3, *SHAPE))
    labels = np.array([0, 3, 4])
    model = build()
    margin = randomize(model, images, rng)
    folder = output / name
    folder.mkdir(parents=True, exist_ok=True)
    formula.write(keras.backend, model.model, folder)
    for part, values in upstream.run(model, images, upstream.parts(model)).items():
        np.save(folder / f"{part}.npy", values.astype(np.float32))

    has_heads = len(model.model.outputs) > 1
    optimizer = keras.optimizers.Adam(lr=RATE)
    losses = [upstream.normalized_mse(VARIANCE)] + ["categorical_crossentropy"] * 2 * has_heads
    model.model.compile(loss=losses, optimizer=optimizer)
    onehot = np.eye(CLASSES, dtype=np.float32)[labels]
    targets = [images] + [onehot, onehot] * has_heads
    evaluation = model.model.evaluate(images, targets, verbose=0)
    evaluation = dict(zip(model.model.metrics_names, np.atleast_1d(evaluation).tolist()))
    tensors = {"reconstruction2_loss": model.mse_lyrs[0].mse_loss}
    for level, layer in enumerate(model.vq_lyrs, 1):
        tensors[f"perplexity{level}"] = layer.perplexity
        tensors[f"vq{level}_commitment_loss"] = layer.e_latent_loss
        tensors[f"vq{level}_quantization_loss"] = layer.q_latent_loss
    inner = {key: float(value) for key, value in upstream.run(model, images, tensors).items()}
    record = {"loss": evaluation["loss"], **inner}
    if has_heads:
        record["reconstruction1_loss"] = evaluation["decoder1_loss"]
        record["fc1_loss"], record["fc2_loss"] = evaluation["fc1_loss"], evaluation["fc2_loss"]
    training = []
    norm = gradient_norm(model, images, onehot)
    for _ in range(3):
        loss = model.model.train_on_batch(images, targets)
        training.append({"loss": float(np.atleast_1d(loss)[0])})
    training[0]["grad_norm"] = norm
    with open(folder / "losses.json", "w") as file:
        json.dump(
            {"variance": VARIANCE, "labels": labels.tolist(), "eval": record, "training": training},
            file, indent=1)
    codes = [len(np.unique(np.load(folder / f"vqind{level}.npy"))) for level in (1, 2)]
    print(name, "codes in use", codes, "least margin", margin, training)
