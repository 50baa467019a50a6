"""How many cases an exact search has asked of each claim that is not proved: the search, its file.

``python -m properties.searched`` draws examples for every such claim, asks the exact reference with
no tolerance, and writes how many of them the claim spoke of and passed. The suite searches again,
on fewer and other cases, at every run (test_claims.py).
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mtl_reference import METHODS
from properties.checks import examine
from properties.claims import CLAIMS, SHEETS, Claim
from properties.generation import draw
from properties.inputs import Setting, examples
from properties.laws import LAWS
from properties.proofs import standing
from properties.reference_subject import ReferenceSubject

FILE = Path(__file__).with_name("searched.json")
EXAMPLES = 40  # of each set of parameters


def key(claim: Claim) -> str:
    """A claim in one line."""
    return f"{claim.method}/{claim.law}/{claim.when}"


def search(method: str, law: str, found: Counter[str]) -> None:
    """Ask examples of one method under one law; ValueError where one breaks it."""
    rows = [
        c for c in CLAIMS if (c.method, c.law) == (method, law) and standing(c)[0] == "searched"
    ]
    for params in SHEETS[method].grid if rows and not LAWS[law].drawn else ():
        setting = Setting(method, law, params, floats=False)
        for example in (
            draw(examples(setting), examples=EXAMPLES, number=3) if setting.claims() else ()
        ):
            ruling, _ = examine(LAWS[law], example, ReferenceSubject())
            if ruling.verdict not in {"pass", "skipped"}:
                message = f"{method}/{law} must hold (got {ruling.message}): {example}"
                raise ValueError(message)
            found.update(key(c) for c in rows if ruling.verdict == "pass" and c.predicate(example))


def _read() -> Mapping[str, int]:
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


CASES: Mapping[str, int] = MappingProxyType(dict(_read()))


def cases(claim: Claim) -> int:
    """How many cases of a claim the search has passed; 0 where it asks random backends."""
    return CASES.get(key(claim), 0)


if __name__ == "__main__":
    counted: Counter[str] = Counter()
    for one in METHODS:
        for each in LAWS:
            search(one, each, counted)
        sys.stdout.write(f"{one}: {sum(counted.values())}\n")
    FILE.write_text(json.dumps(dict(sorted(counted.items())), indent=1) + "\n", "utf-8")
