"""A target fuzzed by atheris, which keeps the lines that reach new branches and damages those.

python tests/fuzz/guided.py TARGET LINES
"""

import random
import sys
import tempfile
from pathlib import Path

import atheris
from mutation import mutants

READERS = (
    "arrays", "case", "certificate", "cli.diff", "description", "document", "expected", "gate",
    "journal", "report.reading", "scale", "vectors.notation", "vectors.record", "wire",
)  # fmt: skip

with atheris.instrument_imports(include=[f"conformance.{name}" for name in READERS]):
    from targets import TARGETS, fault


def main(name: str, lines: str) -> None:
    """Fuzz until so many lines are through, or one breaks the target."""
    target = TARGETS[name]

    def one(line: bytes) -> None:
        if wrong := fault(target, line):
            raise RuntimeError(wrong)

    def mutated(line: bytes, most: int, seed: int) -> bytes:
        """Half of the damage is atheris's own, half is ours, which knows JSON."""
        if random.Random(seed).random() < 1 / 2:  # noqa: S311  (to be had again)
            return bytes(atheris.Mutate(line, most))
        return next(mutants([line or b"{}"], 1, seed))[:most]

    with tempfile.TemporaryDirectory(prefix="mtl-corpus-") as corpus:
        for place, seed in enumerate(target.seeds()):
            (Path(corpus) / str(place)).write_bytes(seed)
        options = [f"-runs={lines}", "-max_len=65536", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, corpus], one, custom_mutator=mutated)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
