"""Finds the program of this package and the libtorch that it computes with: the one of the user's own torch."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import sys
from pathlib import Path

_package = Path(__file__).resolve().parent


class TorchMissing(RuntimeError):
    """There is no torch, or one whose library this package was not made for."""


def program() -> Path:
    """The program ``cytoself``."""
    return _package / "bin" / "cytoself"


def interfaces() -> dict[tuple[int, int], Path]:
    """The folders with the interface to libtorch, by the minor version of torch that each is for."""
    found = {}
    for folder in (_package / "lib").glob("torch-*"):
        major, _, minor = folder.name.removeprefix("torch-").partition(".")
        found[int(major), int(minor)] = folder
    return dict(sorted(found.items()))


def torch_library() -> tuple[Path, Path]:
    """The folder of the interface for the user's torch and the folder of its libraries.

    torch is found without importing it, which takes a second.

    Raises:
        TorchMissing: with the versions that work and the command that installs one.
    """
    known = interfaces()
    first, last = min(known), max(known)
    wanted = f"torch>={first[0]}.{first[1]},<{last[0]}.{last[1] + 1}"
    works = f"This cytoself computes with torch {first[0]}.{first[1]} to {last[0]}.{last[1]}"
    remedy = f"Install one with: {sys.executable} -m pip install '{wanted}'"
    found = importlib.util.find_spec("torch")
    if found is None or not found.submodule_search_locations:
        raise TorchMissing(f"{works}, and none is installed here. {remedy}")
    folder = Path(next(iter(found.submodule_search_locations)))
    version = _version(folder)
    numbers = re.match(r"(\d+)\.(\d+)", version)
    interface = known.get((int(numbers[1]), int(numbers[2]))) if numbers else None
    if interface is None:
        raise TorchMissing(f"{works}, and torch {version} is installed here ({folder}). {remedy}")
    library = folder / "lib"
    if not (library / "libtorch_cpu.so").exists():
        raise TorchMissing(f"{works}, and torch {version} has no libtorch_cpu.so in {library}. {remedy}")
    return interface, library


def _version(folder: Path) -> str:
    # What is installed beside it may be another one that is not the first found.
    try:
        written = (folder / "version.py").read_text()
        match = re.search(r"^__version__ = ['\"](.+?)['\"]", written, re.MULTILINE)
        if match:
            return match[1]
    except OSError:
        pass
    try:
        return importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return "of an unknown version"


def environment() -> dict[str, str]:
    """The environment of the program: the search path of the dynamic loader begins with libtorch and its interface."""
    values = dict(os.environ)
    folders = [str(folder) for folder in torch_library()]
    if values.get("LD_LIBRARY_PATH"):
        folders.append(values["LD_LIBRARY_PATH"])
    values["LD_LIBRARY_PATH"] = ":".join(folders)
    return values


def main() -> None:
    """Becomes the program."""
    try:
        values = environment()
    except TorchMissing as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(69)
    os.execve(program(), ["cytoself", *sys.argv[1:]], values)
