"""Finds the program of this package and the libtorch that it computes with: the one of the user's own torch."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import sys
from pathlib import Path

_package = Path(__file__).resolve().parent


class TorchMissing(RuntimeError):
    """There is no torch, or one whose library this package was not made for."""


def program() -> Path:
    """The program ``cytoself``."""
    return _package / "bin" / "cytoself"


def torch_library() -> Path:
    """The folder of libtorch, found without importing torch, which takes a second.

    Raises:
        TorchMissing: with the command that installs the right one.
    """
    wanted = json.loads((_package / "build.json").read_text())["torch"]
    remedy = f"Install it with: {sys.executable} -m pip install 'torch=={wanted}.*'"
    found = importlib.util.find_spec("torch")
    if found is None or not found.submodule_search_locations:
        raise TorchMissing(f"torch is not installed here, and cytoself computes with its library. {remedy}")
    version = importlib.metadata.version("torch")
    if ".".join(version.split(".")[:2]) != wanted:
        raise TorchMissing(f"torch {version} is installed, and this cytoself was made for {wanted}. {remedy}")
    folder = Path(next(iter(found.submodule_search_locations))) / "lib"
    if not (folder / "libtorch_cpu.so").exists():
        raise TorchMissing(f"torch {version} has no libtorch_cpu.so in {folder}. {remedy}")
    return folder


def environment() -> dict[str, str]:
    """The environment of the program.

    The program looks for libtorch where torch lies beside this package, which is nearly always so. Where it
    does not, the search path of the dynamic loader names it.
    """
    values = dict(os.environ)
    library = torch_library()
    if library != _package.parent / "torch" / "lib":
        others = values.get("LD_LIBRARY_PATH")
        values["LD_LIBRARY_PATH"] = f"{library}:{others}" if others else str(library)
    return values


def main() -> None:
    """Becomes the program."""
    try:
        values = environment()
    except TorchMissing as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(69)
    os.execve(program(), ["cytoself", *sys.argv[1:]], values)
