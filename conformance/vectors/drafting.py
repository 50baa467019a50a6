"""The tool that drafts vectors: it adds what is missing, and never changes what there is.

    python -m conformance.vectors.drafting [--more N] [--mend] METHOD…

Cases are chosen greedily by what they add: a mistake not yet caught, a flag, a family or
parameters seldom met; the shortest first. The same files and sources give the same choice.
With ``--mend`` what `vectors check` finds wrong is written anew under its id.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from conformance.suite import DISTRIBUTION
from conformance.vectors import flags, mistakes, record
from conformance.vectors.candidates import Candidate, candidates
from conformance.vectors.check import difference
from conformance.vectors.derivation import NotFrozenError, right
from conformance.vectors.record import Vector, VectorFile
from conformance.vectors.traits import Case
from mtl_reference import METHODS, QUANTITIES

ANSWERING: Final = ("expected", "set", "bound", "bounds", "margin", "condition", "result")
LONGEST: Final = 4000  # letters of a test; longer ones are left out
WANTED: Final[Mapping[tuple[str, str], int]] = {
    ("float64", "gates"): 42,
    ("float64", "invalid"): 5,
    ("float64", "undefined"): 3,
    ("float64", "beyond"): 2,
    ("float32", "gates"): 12,
    ("float32", "beyond"): 1,
}
RARE: Final = 4.0  # what a mistake not yet caught is worth beside a flag
LETTERS: Final = 3000.0  # so many cost as much as one new flag adds


@dataclass(frozen=True)
class Draft:
    """A case that can be frozen: a test without id, and what it would add."""

    candidate: Candidate
    dtype: str
    told: Mapping[str, Any] = field(repr=False)

    @cached_property
    def kind(self) -> str:
        """What it is wanted as."""
        return kind_of(self.told, beyond=self.candidate.beyond)

    @cached_property
    def letters(self) -> int:
        """How long it is."""
        return len(json.dumps(self.told))

    @cached_property
    def caught(self) -> frozenset[str]:
        """The flags of the faults that it catches."""
        vector = Vector(self.candidate.example.method, {**self.told, "id": 0, "flags": []})
        faults = mistakes.faults_of(vector.method) if self.dtype == "float64" else ()
        return frozenset(mistakes.flag_of(each) for each in faults if mistakes.kills(vector, each))

    @cached_property
    def flags(self) -> list[str]:
        """All flags, sorted."""
        own = flags.earned(Case(self.candidate.example, self.dtype, self.told))
        named = {self.candidate.flag} if self.candidate.flag else set()
        plain = [flag for flag in own if flag != flags.ORDINARY or not (named or self.caught)]
        return sorted({*plain, *named, *self.caught})

    @cached_property
    def features(self) -> list[tuple[str, float]]:
        """What it adds to a choice, each with its worth."""
        example = self.candidate.example
        found = [(f"flag {flag}", RARE if flag in self.caught else 1.0) for flag in self.flags]
        if self.candidate.flag:
            found.append((f"finding {self.candidate.flag}", 2 * RARE))
        params = json.dumps(self.told["params"])
        family = str(example.extra.get("family", self.candidate.comment))
        shape = "invalid" if self.kind == "invalid" else str(example.tasks)
        found += [(f"params {params}", 1.0), (f"family {family}", 1.0), (f"shape {shape}", 0.5)]
        return found


def drafted(method: str, existing: VectorFile, *, more: int = 0) -> VectorFile:
    """The file with what is missing added; itself where nothing is."""
    tests = list(existing.tests)
    for dtype in ("float64", "float32"):
        if not _offered(method, dtype) or not (more or _missing(method, dtype, tests)):
            continue
        known = {_name(test) for test in tests}
        pool = [draft for draft in drafts(method, dtype) if _name(draft.told) not in known]
        for (_, kind), wanted in _of(dtype):
            have = [test for test in tests if _sort(method, test) == (dtype, kind)]
            count = max(0, wanted - len(have)) + (more if kind == "gates" else 0)
            own = [draft for draft in pool if draft.kind == kind]
            tests += _numbered(_chosen(own, count, have), len(tests))
    if len(tests) == len(existing.tests):
        return existing
    return _noted(replace(existing, version=metadata.version(DISTRIBUTION), tests=tuple(tests)))


def mended(file: VectorFile) -> VectorFile:
    """The file with what the reference says otherwise today put right, under the same ids."""
    tests = []
    for vector in file.vectors:
        told = dict(vector.told)
        if difference(vector):
            now = right(vector.example, vector.dtype, beyond=not vector.gates)
            kept = {name: told[name] for name in told if name not in ANSWERING}
            told = kept | now
        tests.append(told)
    return replace(file, tests=tuple(tests))


def _of(dtype: str) -> Iterator[tuple[tuple[str, str], int]]:
    return ((key, count) for key, count in WANTED.items() if key[0] == dtype)


def _offered(method: str, dtype: str) -> bool:
    """Whether a method is asked in a dtype: without real inputs there is but one."""
    inputs = METHODS[method].inputs
    return dtype == "float64" or any(QUANTITIES[name].kind == "real" for name in inputs)


def _missing(method: str, dtype: str, tests: Sequence[Mapping[str, Any]]) -> bool:
    """Whether cases that gate are too few in a dtype, or a mistake is not caught."""
    used = {flag for test in tests for flag in test["flags"]}
    wanted = {mistakes.flag_of(fault) for fault in mistakes.faults_of(method)}
    own = [test for test in tests if _sort(method, test) == (dtype, "gates")]
    return not own or (dtype == "float64" and not wanted <= used)


def _sort(method: str, test: Mapping[str, Any]) -> tuple[str, str]:
    vector = Vector(method, test)
    return vector.dtype, kind_of(test, beyond=record.BEYOND in vector.flags)


def kind_of(test: Mapping[str, Any], *, beyond: bool) -> str:
    """What a test is wanted as: gates, undefined, invalid or beyond."""
    if test["result"] == "invalid":
        return "invalid"
    if "any" in test.get("set", {}):
        return "undefined"
    return "beyond" if beyond else "gates"


def _name(test: Mapping[str, Any]) -> str:
    """What a test asks, as text."""
    names = ("dtype", "inputs", "params", "random", "earlier")
    return json.dumps([test.get(name) for name in names])


def drafts(method: str, dtype: str) -> Iterator[Draft]:
    """Every candidate that can be frozen and is not too long."""
    for candidate in candidates(method, dtype):
        try:
            told = right(candidate.example, dtype, beyond=candidate.beyond)
        except (NotFrozenError, ArithmeticError):
            continue
        asked = record.question_of(candidate.example)
        head = {"comment": candidate.comment, "flags": [], "dtype": dtype}
        draft = Draft(candidate, dtype, {**head, **asked, **told})
        if draft.letters <= LONGEST:
            yield draft


def _chosen(pool: Sequence[Draft], count: int, have: Iterable[Mapping[str, Any]]) -> list[Draft]:
    """So many of the pool, each the one that adds most to those before it."""
    met: Counter[str] = Counter(f"flag {flag}" for test in have for flag in test["flags"])
    chosen: list[Draft] = []
    left = list(pool)
    while left and len(chosen) < count:
        best = max(left, key=lambda draft: _worth(draft, met))
        left.remove(best)
        chosen.append(best)
        met.update(name for name, _ in best.features)
    return chosen


def _worth(draft: Draft, met: Mapping[str, int]) -> float:
    """What a draft adds: each feature the less, the more often it was met; less its length."""
    added = sum(worth / (1 + met.get(name, 0)) ** 2 for name, worth in draft.features)
    return added - draft.letters / LETTERS


def _numbered(chosen: Sequence[Draft], last: int) -> Iterator[dict[str, Any]]:
    for number, draft in enumerate(chosen, start=last + 1):
        yield {"id": number, **draft.told, "flags": draft.flags}


def _noted(file: VectorFile) -> VectorFile:
    """The file with a note for each flag that has none yet."""
    used = sorted({flag for test in file.tests for flag in test["flags"]})
    notes = dict(file.notes)
    for flag in used:
        if flag not in notes:
            notes[flag] = mistakes.note(file.method, flag) or flags.note(flag) or {}
    return replace(file, notes=notes)


def main(words: Sequence[str] | None = None) -> int:
    """Draft the vectors of the methods that are named, or of all."""
    parser = argparse.ArgumentParser(prog="python -m conformance.vectors.drafting")
    parser.add_argument("methods", nargs="*", metavar="METHOD", help="default: all")
    parser.add_argument("--more", type=int, default=0, metavar="N", help="add so many at any rate")
    parser.add_argument("--mend", action="store_true", help="write anew what check finds wrong")
    parser.add_argument("--out", type=Path, default=record.HERE, help="where the files lie")
    given = parser.parse_args(words)
    for method in given.methods or METHODS:
        path = given.out / f"{method}{record.SUFFIX}"
        before = record.read(path) if path.is_file() else VectorFile(method, "0.0.0")
        after = drafted(method, mended(before) if given.mend else before, more=given.more)
        if after != before:
            path.write_text(after.text, encoding="utf-8")
        sys.stdout.write(f"{method}: {len(before.tests)} vectors, {len(after.tests)} now\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
