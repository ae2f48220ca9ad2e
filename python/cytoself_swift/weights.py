"""Weights as arrays."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors.numpy import load_file

from .program import run

if TYPE_CHECKING:
    import numpy.typing as npt


def load_weights(path: str | os.PathLike[str]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a weight file (.safetensors, .pt, .chkp, .h5) or of a run, by name.

    Nothing in the file is run: the program reads it, and pickles are not executed.

    Raises:
        CytoselfError: when the file is none of these, or damaged.
    """
    with tempfile.TemporaryDirectory(prefix="cytoself-") as folder:
        file = Path(folder) / "weights.safetensors"
        run(["convert"], [path, file])
        return dict(load_file(file))
