"""What an installed wheel does; run by scripts/try-package in an environment of its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import cytoself_swift as cs
import numpy as np
from cytoself_swift import launcher

TINY = {
    "batch_size": 8, "epochs": 2, "threads": 1,
    "set": [
        "model.scale=quarter",
        "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
        "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
    ],
}


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="a folder with spaces ")
        cls.folder = Path(cls.temporary.name)
        cls.cells = cls.folder / "cells"
        cs.simulate(
            cls.cells, patterns="nucleolus,membrane", proteins_per_pattern=2, fields=6, cells=4, crop_size=64,
            no_contact_sheet=True)
        cs.train(cls.cells, out=cls.folder / "run", **TINY)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_programs_load_nothing_of_the_system_but_glibc(self):
        glibc = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2"}
        site = str(launcher.program().parents[2])
        for name in ("cytoself", "cytoself-engine"):
            listed = subprocess.run(
                ["ldd", launcher.program().parent / name], capture_output=True, text=True, check=True,
                env=launcher.environment())
            for line in listed.stdout.splitlines():
                words = line.split()
                if len(words) < 3 or words[1] != "=>" or words[0] in glibc:
                    continue
                torch = str(launcher.torch_library())
                place = os.path.realpath(words[2])
                self.assertTrue(place.startswith((site, os.path.realpath(torch))), line)

    def test_doctor_runs_without_a_path(self):
        found = subprocess.run(
            [Path(sys.prefix) / "bin" / "cytoself", "doctor", "--json"], capture_output=True, text=True,
            env={"PATH": "/nowhere", "HOME": str(self.folder)})
        self.assertEqual(found.returncode, 0, found.stderr)
        self.assertIn("libtorch", json.dumps(json.loads(found.stdout)))

    def test_embeddings_are_arrays(self):
        cells = cs.embed(self.folder / "run", self.cells, out=self.folder / "e")
        features = cells.array("features")
        self.assertEqual(features.shape[0], 96)
        self.assertTrue(np.isfinite(features).all())
        again = cs.embed(self.folder / "run", self.cells, out=self.folder / "e2", threads=1)
        np.testing.assert_allclose(again.array("features"), features, atol=1e-4)

    def test_crops_may_be_an_array(self):
        crops = np.random.default_rng(0).random((20, 64, 64, 2), dtype=np.float32)
        found = cs.inspect(crops, json=True).json()
        self.assertIn("20", json.dumps(found))

    def test_anndata_is_made_where_it_is_installed(self):
        try:
            import anndata  # noqa: F401
        except ImportError:
            self.skipTest("anndata is not installed")
        cells = cs.embed(self.folder / "run", self.cells, out=self.folder / "e3").anndata()
        self.assertEqual(cells.n_obs, 96)
        self.assertIn("name", cells.obs)

    def test_errors_have_the_sentence_and_the_exit_code(self):
        with self.assertRaises(cs.CytoselfError) as caught:
            cs.embed(self.folder / "nothing", self.cells, out=self.folder / "e4")
        self.assertEqual(caught.exception.exit_code, 66)
        self.assertIn("nothing", str(caught.exception))
        with self.assertRaises(cs.CytoselfError) as caught:
            cs.train(self.cells, out=self.folder / "run2", batch_size=0)
        self.assertEqual(caught.exception.exit_code, 64)
        self.assertIn("batch-size", str(caught.exception))

    def test_weights_are_arrays_by_name(self):
        weights = cs.load_weights(self.folder / "run")
        self.assertEqual(weights["vq_layers.0.codebook.weight"].shape, (16, 4))

    def test_functions_are_those_of_the_program(self):
        dumped = subprocess.run(
            [launcher.program(), "--experimental-dump-help"], capture_output=True, text=True, check=True,
            env=launcher.environment()).stdout
        generate = Path(__file__).parents[1] / "generate.py"
        made = subprocess.run(
            [sys.executable, generate], input=dumped, capture_output=True, text=True, check=True).stdout
        self.assertEqual(made, Path(cs.commands.__file__).read_text())

    def test_an_interrupt_saves_and_is_an_interrupt(self):
        run = self.folder / "interrupted"
        code = (
            "import sys, cytoself_swift as cs\n"
            f"cs.train({str(self.cells)!r}, out={str(run)!r}, batch_size=8, epochs=500, threads=1,"
            f" set={TINY['set']!r})")
        child = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
        deadline = time.time() + 60
        while not (run / "history.csv").exists() and time.time() < deadline:
            time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        said = child.communicate(timeout=60)[1]
        self.assertIn("KeyboardInterrupt", said)
        again = subprocess.run(
            [launcher.program(), "train", self.cells, "--out", run, "--resume", "--print-config"],
            env=launcher.environment(), capture_output=True, text=True)
        self.assertEqual(again.returncode, 0, again.stderr)


if __name__ == "__main__":
    unittest.main()
