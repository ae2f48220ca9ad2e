"""Runs a command of the program and gives back what it made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Union

import numpy as np

from . import launcher

if TYPE_CHECKING:
    import anndata  # type: ignore[import-untyped,unused-ignore]
    import numpy.typing as npt

Value = Union[str, int, float, "os.PathLike[str]", "npt.NDArray[Any]"]
"""What an option takes; an array is handed over as an .npy file."""


class CytoselfError(RuntimeError):
    """The program refused or failed; the text is its own sentence."""

    def __init__(self, text: str, exit_code: int) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        """The exit code, negative for a signal: 64 wrong usage, 65 damaged data, 66 not found, 69 a missing part, 74 reading or writing."""


@dataclass(frozen=True)
class Output:
    """What a command printed and wrote."""

    text: str
    """What it printed."""
    out: Path | None
    """The file or folder that it wrote."""

    def json(self) -> Any:
        """What it printed, of a command with ``json=True``."""
        return json.loads(self.text)

    def array(self, layer: str) -> npt.NDArray[Any]:
        """A layer of a folder of embeddings, ``[cells, ...]``, as a memory map in the order of cells.csv."""
        if self.out is None:
            raise ValueError("This command wrote no folder.")
        loaded: npt.NDArray[Any] = np.load(self.out / f"{layer}.npy", mmap_mode="r", allow_pickle=False)
        return loaded

    def anndata(self, layer: str | None = None) -> anndata.AnnData:
        """A folder of embeddings as AnnData; needs the package anndata."""
        import anndata

        if self.out is None:
            raise ValueError("This command wrote no folder.")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "cells.h5ad"
            options: dict[str, object] = {"out": file}
            if layer is not None:
                options["layer"] = layer
            run(["export"], [self.out], options)
            return anndata.read_h5ad(file)


def run(command: Sequence[str], values: Sequence[object] = (), options: Mapping[str, object] | None = None) -> Output:
    """Runs a command.

    Args:
        command: its name, as ``["bench", "train"]``.
        values: what stands without a name, in order.
        options: by long name with ``_`` for ``-``. None leaves an option out, True and False are flags, a sequence
            gives an option several times, an array is written to an .npy file first.

    Raises:
        CytoselfError: with the program's sentence and exit code.
        TorchMissing: when torch is missing or another one.
        KeyboardInterrupt: after the program has saved what it does and ended.
    """
    out = None if options is None else options.get("out")
    with tempfile.TemporaryDirectory(prefix="cytoself-") as folder:
        words = [*command, *(word for value in values if value is not None for word in _words(value, folder))]
        for name, value in (options or {}).items():
            words += _option(name.strip("_").replace("_", "-"), value, folder)
        text = _call(words)
    return Output(text, None if out is None else Path(str(out)))


def _words(value: object, folder: str) -> list[str]:
    if isinstance(value, np.ndarray):
        file = Path(folder) / f"{len(os.listdir(folder))}.npy"
        np.save(file, value, allow_pickle=False)
        return [str(file)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [word for item in value for word in _words(item, folder)]
    return [os.fspath(value) if isinstance(value, os.PathLike) else str(value)]


def _option(name: str, value: object, folder: str) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return [f"--{name}"]
    return [word for item in _words(value, folder) for word in (f"--{name}", item)]


def _call(words: list[str]) -> str:
    said: list[str] = []
    printed: list[str] = []

    def listen(stream: IO[str]) -> None:
        # A notebook shows what Python writes and not what a process writes.
        for line in stream:
            said.append(line)
            if not line.startswith("error:"):
                sys.stderr.write(line)

    # In a session of its own the program gets the one signal that is sent to it here; a terminal would
    # send a second, which means: end without saving.
    with subprocess.Popen(
        [launcher.program(), *words], env=launcher.environment(), text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        threads = [
            threading.Thread(target=listen, args=[process.stderr], daemon=True),
            threading.Thread(target=printed.extend, args=[process.stdout], daemon=True)]
        for thread in threads:
            thread.start()
        interrupted = False
        while True:
            try:
                for thread in threads:
                    thread.join()
                code = process.wait()
                break
            except KeyboardInterrupt:
                interrupted = True
                process.send_signal(signal.SIGINT)
    if interrupted:
        raise KeyboardInterrupt("".join(said[-1:]).strip())
    if code != 0:
        raise CytoselfError(_sentence(said) or f"cytoself {words[0]} ended with {code}.", code)
    return "".join(printed)


def _sentence(said: list[str]) -> str:
    for index, line in enumerate(said):
        if line.startswith("error:"):
            rest = said[index + 1:]
            return "".join([line.removeprefix("error:"), *(r for r in rest if not r.startswith("usage"))]).strip()
    return "".join(said[-3:]).strip()
