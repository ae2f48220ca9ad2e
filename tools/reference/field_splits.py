"""Golden splits by field of view for the tests of CellData.

Runs upstream's own `cumsum_split` (cytoself, branch main) on seeded field sizes with many ties and writes
which part every field falls into. Cases upstream cannot split (it fails, or leaves the training part empty)
are left out. `np.argsort` is made stable here: left to itself it orders equal sizes by the vector instructions
the processor has (AVX2, AVX-512), so upstream's own splits differ between machines; its plain code is stable for
up to 16 items.

    python tools/reference/field_splits.py PATH_TO_UPSTREAM Tests/CellDataTests/Fixtures/field_splits.json

Written with numpy 2.4.6.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np

upstream, output = Path(sys.argv[1]), Path(sys.argv[2])
source = upstream / "cytoself/datamanager/utils/cumsum_split.py"
spec = importlib.util.spec_from_file_location("cumsum_split", source)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
argsort = np.argsort
module.np.argsort = lambda values: argsort(values, kind="stable")

rng = np.random.default_rng(20240601)
fractions = [(0.82, 0.098, 0.082), (0.7, 0.15, 0.15), (0.5, 0.25, 0.25), (8, 1, 1)]
cases = []
for number in range(400):
    fields = int(rng.integers(3, 17))
    largest = int(rng.choice([4, 12, 60, 400]))
    counts = rng.integers(1, largest + 1, fields)
    split = fractions[number % len(fractions)]
    try:
        groups = module.cumsum_split(counts, split, np.arange(fields))
    except IndexError:
        continue
    if len(groups) != 3 or any(len(group) == 0 for group in groups):
        continue
    parts = np.empty(fields, int)
    for part, group in enumerate(groups):
        parts[group] = part
    cases.append({"counts": counts.tolist(), "fractions": split, "parts": parts.tolist()})

output.parent.mkdir(parents=True, exist_ok=True)
output.write_text(json.dumps(cases[:120], separators=(",", ":")).replace("},{", "},\n{") + "\n")
print(len(cases), "cases upstream can split")
