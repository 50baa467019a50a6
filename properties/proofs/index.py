"""What is proved, as data: the index of theorems, and the standing that they give to a claim.

``index.json`` is written by ``python -m properties.proofs`` from the theorems themselves, and a
test holds it to them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

from properties.claims.claim import Claim

FILE = "index.json"
TIMES = "times.json"  # seconds, of the machine that wrote them
EVERY = "every T"
STANDINGS = ("proved", "searched", "refuted", "open", "not-applicable")


@dataclass(frozen=True, slots=True)
class Entry:
    """A theorem as the index tells it; ``file`` is where it is proved."""

    id: str
    laws: tuple[str, ...]
    methods: tuple[str, ...]
    statement: str
    hypotheses: Mapping[str, str]
    lemmas: tuple[str, ...]
    source: str
    steps: str
    tasks: str
    width: str
    how: str
    file: str
    remarks: tuple[str, ...]
    beside: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long the proof took where the file was written; 0 where it has not been timed."""
        return SECONDS.get(self.id, 0.0)


def _read() -> Mapping[str, Entry]:
    text = resources.files(__package__).joinpath(FILE).read_text("utf-8")
    entries = [_entry(record) for record in json.loads(text)]
    return MappingProxyType({entry.id: entry for entry in entries})


def _entry(record: Mapping[str, Any]) -> Entry:
    lists = {name: tuple(value) for name, value in record.items() if isinstance(value, list)}
    return Entry(**{**record, **lists})


INDEX: Mapping[str, Entry] = _read()


def _times() -> Mapping[str, float]:
    file = resources.files(__package__).joinpath(TIMES)
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


SECONDS: Mapping[str, float] = MappingProxyType(dict(_times()))


def standing(claim: Claim) -> tuple[str, tuple[Entry, ...]]:
    """How a claim stands, and the theorems behind it.

    A claim that holds is "proved" where a theorem speaks of its law and method (the theorem says
    for which T and parameters), else "searched"; one that fails is "refuted".
    """
    if claim.status == "fails":
        return "refuted", ()
    if claim.status != "holds":
        return claim.status, ()
    found = tuple(
        entry
        for entry in INDEX.values()
        if claim.law in entry.laws
        and claim.method in entry.methods
        and not any(word in claim.when for word in entry.beside)
    )
    return ("proved" if found else "searched"), found


def written() -> str:
    """The index as it should be, from the theorems; needs z3 and sympy."""
    from properties.proofs.theorems import THEOREMS, file_of

    records = [
        {
            "id": each.id,
            "laws": list(each.laws),
            "methods": list(each.methods),
            "statement": each.statement,
            "hypotheses": dict(each.hypotheses),
            "lemmas": [lemma.name for lemma in each.lemmas],
            "source": each.source,
            "steps": each.steps,
            "tasks": each.tasks,
            "width": each.width,
            "how": each.how,
            "file": file_of(each.id),
            "remarks": list(each.remarks),
            "beside": list(each.beside),
        }
        for each in THEOREMS.values()
    ]
    return json.dumps(records, indent=1, ensure_ascii=False) + "\n"
