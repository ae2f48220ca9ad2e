"""Times upstream cytoself (PyTorch) the way `cytoself bench` times this project; prints JSON.

    upstream.py CHECKOUT train --batch-size 16 --steps 3 --threads 2
    upstream.py CHECKOUT embed --batch-size 32 --steps 9 --threads 2

CHECKOUT is a clone of upstream's main branch. The environment needs torch 2.13, torchvision,
natsort, pandas, tqdm and tensorboard. The model is that of upstream's README.
"""

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("checkout")
    parser.add_argument("job", choices=["train", "embed"])
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument(
        "--compiled",
        action="store_true",
        help="through torch.compile (needs a C++ compiler and Python's headers); weights are frozen"
        " for embedding",
    )
    options = parser.parse_args()
    sys.path.insert(0, options.checkout)

    import torch

    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    # torchvision wheels built for CUDA cannot load their own operators beside a CPU torch; upstream
    # uses none of them, but importing torchvision fails without their names.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from cytoself.trainer.cytoselffull_trainer import CytoselfFullTrainer

    model_args = {
        "input_shape": (2, 100, 100),
        "emb_shapes": ((25, 25), (4, 4)),
        "output_shape": (2, 100, 100),
        "fc_output_idx": [2],
        "vq_args": {"num_embeddings": 512, "embedding_dim": 64},
        "num_class": 9,
        "fc_input_type": "vqvec",
    }
    with tempfile.TemporaryDirectory() as home:
        trainer = CytoselfFullTrainer(
            {"lr": 1e-4, "max_epoch": 1}, homepath=home, device="cpu", model_args=model_args
        )
    batch = {
        "image": torch.rand(options.batch_size, 2, 100, 100),
        "label": torch.arange(options.batch_size) % 9,
    }

    if options.compiled:
        import torch._inductor.config

        torch._inductor.config.freezing = options.job == "embed"
        trainer.model.forward = torch.compile(trainer.model.forward)

    if options.job == "train":
        trainer.model.train(True)

        def step() -> None:
            trainer.run_one_batch(batch, 1 / 12, zero_grad=True, backward=True, optimize=True)

    else:
        trainer.model.train(False)
        images = batch["image"].numpy()

        def step() -> None:
            trainer.infer_embeddings(images, "vqvec2")

    # Compiled code meets its second shape of gradients, and is compiled again, in the second step.
    for _ in range(3 if options.compiled else 1):
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
                "threads": torch.get_num_threads(),
            }
        )
    )


if __name__ == "__main__":
    main()
