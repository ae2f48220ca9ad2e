"""Upstream's Keras models (cytoself, branch cytoself-tensorflow) for the scripts beside this file.

Import it with the folder of upstream's package first on `sys.path`. What upstream wrote for TensorFlow 1.15 runs
in TensorFlow 2.15 in graph mode with three repairs, made here and not in upstream's files:

* its callbacks import a part of TensorFlow that is gone; training without callbacks does not need them;
* the models without pretext and without split quantisation call `UpConcat2D` with the tensors in place of the
  merge type, and cannot be built as they are;
* the model without split quantisation hands a list to a comparison with the dropout rate.

Needs tensorflow==2.15.1, matplotlib==3.8.4, pandas==2.1.4, tqdm==4.66.4 (Python 3.11).
"""

import os
import sys
import types

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

tf.compat.v1.disable_eager_execution()
tf.get_logger().setLevel("ERROR")
keras = tf.compat.v1.keras

callbacks = types.ModuleType("cytoself.external.callbacks")
for name in ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"):
    setattr(callbacks, name, type(name, (), {}))
sys.modules["cytoself.external.callbacks"] = callbacks

import cytoself.models.pretext as pretext
import cytoself.models.splitq as splitq
from cytoself.components.blocks.fc_block import fc_block
from cytoself.components.layers.norm_mse import normalized_mse
from cytoself.components.layers.upconcat import UpConcat2D
from cytoself.models import CytoselfFullModel, CytoselfPretextModel, CytoselfSQModel


def head(*shape, dropout_rate=0, **rest):
    rate = dropout_rate[0] if isinstance(dropout_rate, list) else dropout_rate
    return fc_block(*shape, dropout_rate=rate, **rest)


pretext.fc_block = head
for module in (splitq, pretext):
    module.UpConcat2D = lambda size, tensors, name: UpConcat2D(size, name=name)(tensors)


CLASSES, CODES, WIDTH = 5, (12, 10), 16
SHAPE = [27, 27, 2]


def stage(expansion, kernel, stride, inputs, outputs, blocks):
    return {
        "kernel_size": kernel,
        "repeats": blocks,
        "filters_in": inputs,
        "filters_out": outputs,
        "expand_ratio": expansion,
        "id_skip": True,
        "strides": stride,
        "se_ratio": 0.25,
    }


BLOCKS = [[stage(1, 3, 1, 32, 8, 1), stage(2, 3, 2, 8, 16, 1)], [stage(2, 5, 2, 16, 16, 2)]]
SHARED = dict(
    encoder_block_args=BLOCKS,
    num_embeddings=CODES,
    embedding_dims=(WIDTH, WIDTH),
    num_residual_layers=1,
    init_savepath=False,
    output_dir="",
)
HEADS = dict(
    num_fc_units=8, num_fc_output_classes=CLASSES, fc_layer_connections=[1, 2], dropout_rate=0.0
)
SMALL = {
    "keras_small": lambda: CytoselfFullModel(SHAPE, SHAPE, q_splits=[1, 6], **HEADS, **SHARED),
    "keras_small_no_pretext": lambda: CytoselfSQModel(SHAPE, SHAPE, q_splits=[1, 2], **SHARED),
    "keras_small_no_split": lambda: CytoselfPretextModel(SHAPE, SHAPE, **HEADS, **SHARED),
}


def published():
    """The full model as published, with the classifiers of the golden files."""
    return CytoselfFullModel(
        [100, 100, 2], num_fc_units=16, num_fc_output_classes=12, init_savepath=False, output_dir=""
    )


MODELS = {**SMALL, "keras_full": published}


def parts(model):
    """The tensors of a model by the names of the golden files; levels count from 1."""
    found = {}
    tensor = model.img_input
    for level, encoder in enumerate(model.encoders, 1):
        tensor = encoder(tensor)
        if hasattr(model, "pre_vq_convs"):
            tensor = model.pre_vq_convs[level - 1](tensor)
        found[f"encoder{level}"] = tensor
    levels = len(model.encoders)
    for place in range(levels):  # upstream lists them from the deepest
        found[f"vqvec{levels - place}"] = model.quantized_tensors[place]
        found[f"vqind{levels - place}"] = model.quantized_indices[place]
        found[f"vqindhist{levels - place}"] = model.quantized_hist[place]
    for name, tensor in zip(["decoder1", "fc1", "fc2"], model.model.outputs):
        found[name] = tensor
    return found


def run(model, images, tensors):
    """The values of tensors in evaluation, by name."""
    feed = {model.img_input: images, keras.backend.learning_phase(): 0}
    values = keras.backend.get_session().run(list(tensors.values()), feed)
    return dict(zip(tensors, values))
