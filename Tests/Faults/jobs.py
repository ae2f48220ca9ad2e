"""The jobs that the scripts of this folder interrupt, and what must be true of their outputs.

Every job is small, runs in a folder of its own and writes to the same place each time, since outputs may
name paths. Only Python's standard library is used.
"""

import csv
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CYTOSELF_PROGRAM", str(ROOT / ".build/release/cytoself"))
# Without gnuplot figures are scripts and data, which are files like all others; drawing takes seconds.
ENVIRONMENT = dict(os.environ, CYTOSELF_GNUPLOT="/nowhere/gnuplot", SWIFT_BACKTRACE="enable=no")
TINY = [
    "--preset", "small", "--batch-size", "8", "--threads", "1", "--epochs", "2", "--set", "training.checkpoint_steps=2",
    "--set", "model.scale=quarter", "--set",
    "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
    "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
]  # fmt: skip


def run(arguments, prefix=(), **options):
    """Runs the program to its end: exit code (below 0 for a signal) and standard error."""
    done = subprocess.run(
        [*prefix, PROGRAM, *map(str, arguments)], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL, timeout=300, **options)  # fmt: skip
    errors = done.stderr.decode(errors="replace").splitlines(keepends=True)
    return done.returncode, "".join(line for line in errors if not line.startswith("strace: "))


def must(arguments):
    code, errors = run(arguments)
    if code != 0:
        sys.exit(f"cytoself {' '.join(map(str, arguments))} ended with {code}:\n{errors}")


def tree(folder):
    """The bytes of every file of a folder, or of one file, by relative path."""
    if folder.is_file():
        return {".": folder.read_bytes()}
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def remains(folder):
    """What must not be left by a job that ended by itself."""
    if not folder.exists():
        return []
    return [str(p) for p in folder.rglob("*") if ".partial" in p.name or p.name.endswith((".old", ".removed"))]


def partial_files(files):
    """Files under final names that are not whole, by what their formats say of their length."""
    bad = []
    for name, data in files.items():
        if ".partial" in name:
            continue
        whole = True
        if name.endswith(".safetensors"):
            length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else len(data)
            header = json.loads(data[8 : 8 + length]) if len(data) >= 8 + length else None
            ends = [v["data_offsets"][1] for k, v in (header or {}).items() if k != "__metadata__"]
            whole = header is not None and len(data) == 8 + length + max(ends, default=0)
        elif name.endswith(".npy"):
            match = re.match(rb"\x93NUMPY\x01\x00(..)\{'descr': '.([a-z])(\d)', .*?'shape': \(([^)]*)\)", data, re.S)
            whole = match is not None
            if match:
                count = 1
                for size in match[4].decode().split(","):
                    count *= int(size) if size.strip() else 1
                whole = len(data) == 10 + struct.unpack("<H", match[1])[0] + count * int(match[3])
        elif name.endswith(".json"):
            try:
                json.loads(data)
            except ValueError:
                whole = False
        elif name.endswith((".csv", ".yaml")):
            whole = data.endswith(b"\n")
        if not whole:
            bad.append(name)
    return bad


class Job:
    """A command with its output `out`; `old` is what lies there before, if anything."""

    resumes = False

    def __init__(self, name, command, out, old=None):
        self.name, self.command, self.out, self.old = name, command, out, old
        self.before = tree(old) if old else None

    def prepare(self):
        """Puts the output into the state before the job."""
        for path in [self.out, *self.out.parent.glob(f".{self.out.name}.*"), *self.out.parent.glob(f"{self.out.name}.*")]:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if self.old:
            (shutil.copytree if self.old.is_dir() else shutil.copy)(self.old, self.out)

    def reference(self):
        """Runs the job undisturbed and keeps what must come out."""
        self.prepare()
        must(self.command)
        self.after = self.result()

    def result(self):
        return tree(self.out)

    def differences(self):
        """Some of the files that are not what they should be, missing or too many."""
        found = self.result()
        return sorted(k for k in self.after.keys() | found.keys() if found.get(k) != self.after.get(k))[:5]

    def again(self):
        """Takes up, or does again, what was interrupted."""
        return run(self.command)

    def violations(self, code, errors):
        """What is wrong after a run that met a failure; a killed one has the code None."""
        bad = []
        if code is not None:
            if code not in (0, 74):
                bad.append(f"exit code {code}")
            said = [line for line in errors.splitlines() if line.startswith("error: ")]
            if code != 0 and len(said) != 1:
                bad.append(f"{len(said)} sentences")
            if re.search(r"Fatal error|Stack dump|Error Domain|\.swift:", errors):
                bad.append("a trace")
        if self.out.exists():
            bad += [f"{name} is partial" for name in partial_files(tree(self.out))]
        bad += self.state(code)
        return bad

    def state(self, code):
        """Whether the output is whole: the old one or the new one."""
        found = tree(self.out) if self.out.exists() else None
        bad = []
        if code is not None:
            bad += [f"{name} is left" for name in remains(self.out.parent)]
        elif found is not None:
            found = {k: v for k, v in found.items() if ".partial" not in k}
        if code == 0 and found != self.after:
            bad.append("success, and the output is not what it should be")
        elif found not in (self.before, self.after) and found != {}:
            bad.append("the output is neither the old nor the new one")
        return bad


class EmbedJob(Job):
    """Without its manifest a folder of embeddings is seen to be incomplete."""

    def state(self, code):
        found = tree(self.out) if self.out.exists() else {}
        whole = {**self.before, **self.after}
        if code != 0 and "manifest.json" not in found and not found.keys() - whole.keys():
            return [f"{k} is neither the old nor the new one" for k, v in found.items()
                    if v not in (self.before.get(k), self.after.get(k))]  # fmt: skip
        return super().state(code)


class FilesJob(Job):
    """A job that writes several files, each of which is replaced by itself."""

    def result(self):
        return {k: v for k, v in tree(self.out).items()}

    def state(self, code):
        found = tree(self.out) if self.out.exists() else {}
        bad = [f"{name} is left" for name in remains(self.out)] if code is not None else []
        for name, data in found.items():
            if ".partial" in name or name.split("/")[0].startswith("."):
                continue
            if data not in ((self.before or {}).get(name), self.after.get(name)):
                bad.append(f"{name} is neither the old nor the new one")
        if code == 0 and found != self.after:
            bad.append("success, and the output is not what it should be")
        return bad


class CropJob(Job):
    resumes = True

    def state(self, code):
        found = tree(self.out) if self.out.exists() else None
        bad = []
        # The figure of quality control comes when the data set is complete.
        if found is not None and {k: v for k, v in self.after.items() if "figure" not in k}.items() - found.items():
            bad.append("the data set has its name and is not complete")
        return bad

    def again(self):
        if self.out.exists():
            return 0, ""
        return run(self.command)

    def result(self):
        return {k: v for k, v in tree(self.out).items() if not k.startswith(("quality_",))}


class TrainJob(Job):
    resumes = True

    def prepare(self):
        super().prepare()

    def result(self):
        """Everything that a seed determines: not times, not the log of sessions."""
        files = tree(self.out)
        kept = {}
        for name, data in files.items():
            if name in ("run.json", ".lock") or name.startswith(("tensorboard/", "figures/")):
                continue
            if name == "history.csv":
                rows = list(csv.DictReader(io.StringIO(data.decode())))
                data = repr([{k: v for k, v in row.items() if k != "seconds"} for row in rows]).encode()
            elif name == "metrics.jsonl":
                data = re.sub(rb',"seconds":[^}]*', b"", data)
            elif name.endswith("state.json"):
                state = json.loads(data)
                state.pop("seconds"), state.pop("metricsBytes")
                for row in state["history"]["rows"]:
                    row.pop("seconds")
                data = json.dumps(state, sort_keys=True).encode()
            kept[name] = data
        return kept

    def state(self, code):
        if code == 0 and self.result() != self.after:
            return ["success, and the output is not what it should be"]
        return []

    def again(self):
        if not (self.out / "config.yaml").exists():
            return run(self.command)
        code, errors = run([*self.command, "--resume"])
        # A run that ended before its first checkpoint is begun again.
        return run(self.command) if code == 66 else (code, errors)


def jobs(folder, names):
    """Makes the inputs in a folder, and the jobs with what must come out of them."""
    folder.mkdir(parents=True, exist_ok=True)
    cells, fields, base = folder / "cells", folder / "fields", folder / "base"
    simulated = ["--fields", "4", "--cells", "3", "--patterns", "er,golgi", "--proteins-per-pattern", "1", "--threads", "1"]
    if not cells.exists():
        must(["simulate", cells, "--crop-size", "24", "--pixel-size", "0.8", "--no-contact-sheet", *simulated])
        must([
            "simulate", fields, "--whole-fields", "--field-size", "256", "--pixel-size", "0.4", "--no-contact-sheet",
            *simulated])  # fmt: skip
    train = ["train", cells, *TINY, "--out"]
    if not base.exists():
        must([*train, base])
    first = sorted((base / "checkpoints").glob("epoch-*"))[0]
    old = folder / "old"
    if not old.exists():
        old.mkdir()
        must(["embed", first, cells, "--out", old / "e", "--threads", "1"])
        must(["embed", base, cells, "--out", old / "new", "--threads", "1"])
        must(["export", old / "e", "--out", old / "x.h5ad"])
        must(["convert", first, old / "w.pt"])
        must(["umap", old / "e", "--out", old / "u", "--threads", "1", "--neighbors", "5"])
    out = folder / "out"
    out.mkdir(exist_ok=True)
    made = {
        "train": lambda: TrainJob("train", [*train, out / "run"], out / "run"),
        "crop": lambda: CropJob(
            "crop", ["crop", fields / "fields", "--out", out / "crops", "--diameter", "20", "--crop-size", "32", "--threads", "1"],
            out / "crops"),
        "embed": lambda: EmbedJob(
            "embed", ["embed", base, cells, "--out", out / "e", "--threads", "1"], out / "e", old / "e"),
        "export": lambda: Job(
            "export", ["export", old / "new", "--out", out / "x.h5ad", "--overwrite"], out / "x.h5ad", old / "x.h5ad"),
        "convert": lambda: Job("convert", ["convert", base, out / "w.pt"], out / "w.pt", old / "w.pt"),
        "umap": lambda: FilesJob(
            "umap", ["umap", old / "new", "--out", out / "u", "--threads", "1", "--neighbors", "5"], out / "u", old / "u"),
    }  # fmt: skip
    found = []
    for name in names:
        job = made[name]()
        job.reference()
        found.append(job)
    return found
