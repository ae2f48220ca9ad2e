"""Times upstream's Keras model with the published settings; prints JSON as upstream.py does.

    upstream_keras.py CHECKOUT train --batch-size 16 --steps 3 --threads 2
    upstream_keras.py CHECKOUT embed --batch-size 32 --steps 9 --threads 2

CHECKOUT is a clone of upstream's branch cytoself-tensorflow. The environment and the repairs that
upstream's code needs for TensorFlow 2.15 are those of tools/reference/keras_upstream.py. Training is
one step of Adam on one batch; embedding gives the quantised vectors of both levels.
"""

import argparse
import json
import pathlib
import resource
import statistics
import sys
import time

TOOLS = pathlib.Path(__file__).parent.parent / "tools" / "reference"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("checkout")
    parser.add_argument("job", choices=["train", "embed"])
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--classes", type=int, default=1311)
    options = parser.parse_args()
    sys.path[:0] = [options.checkout, str(TOOLS)]

    import numpy as np
    import keras_upstream as upstream
    from cytoself.models import CytoselfFullModel

    keras = upstream.keras
    settings = upstream.tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=options.threads, inter_op_parallelism_threads=1
    )
    keras.backend.set_session(upstream.tf.compat.v1.Session(config=settings))
    model = CytoselfFullModel(
        [100, 100, 2], num_fc_output_classes=options.classes, init_savepath=False, output_dir=""
    )
    rng = np.random.default_rng(1)
    images = rng.random((options.batch_size, 100, 100, 2), dtype=np.float32)

    if options.job == "train":
        names = ["categorical_crossentropy"] * 2
        model.model.compile(
            loss=[upstream.normalized_mse(1 / 12)] + names, optimizer=keras.optimizers.Adam(lr=1e-4)
        )
        labels = np.eye(options.classes, dtype=np.float32)[np.arange(options.batch_size)]

        def step() -> None:
            model.model.train_on_batch(images, [images, labels, labels])

    else:
        vectors = keras.Model(model.img_input, model.quantized_tensors)

        def step() -> None:
            vectors.predict_on_batch(images)

    step()
    times = []
    for _ in range(options.steps):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(
        json.dumps(
            {
                "images_per_second": options.batch_size / statistics.median(times),
                "seconds_per_step": times,
                "peak_rss_mb": peak,
                "threads": options.threads,
            }
        )
    )


if __name__ == "__main__":
    main()
