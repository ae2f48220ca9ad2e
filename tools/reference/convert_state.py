"""Rewrites PyTorch state dictionaries as safetensors: convert_state.py OUT_DIR STATE_DICT.pt ...

Each file is named after the folder it came from. Needs torch 2.13 and numpy, nothing else.
"""

import json
import pathlib
import struct
import sys

import torch

TYPES = {torch.float32: "F32", torch.int64: "I64"}


def convert(source: pathlib.Path, target: pathlib.Path) -> None:
    state = torch.load(source, map_location="cpu", weights_only=True)
    header, parts, offset = {}, [], 0
    for name, tensor in state.items():
        data = tensor.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": TYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        parts.append(data)
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    target.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for argument in sys.argv[2:]:
        path = pathlib.Path(argument)
        convert(path, folder / f"{path.parent.name}.safetensors")
