"""Write what is proved, and how long each proof took: ``python -m properties.proofs``."""

import json
from pathlib import Path
from time import perf_counter

from properties.proofs.index import FILE, TIMES, written
from properties.proofs.theorem import Theorem
from properties.proofs.theorems import THEOREMS


def seconds(theorem: Theorem) -> float:
    """How long the lemmas take, to a hundredth of a second."""
    start = perf_counter()
    theorem.check()
    return round(perf_counter() - start, 2)


if __name__ == "__main__":
    folder = Path(__file__).parent
    (folder / FILE).write_text(written(), "utf-8")
    times = {name: seconds(theorem) for name, theorem in THEOREMS.items()}
    (folder / TIMES).write_text(json.dumps(times, indent=1) + "\n", "utf-8")
