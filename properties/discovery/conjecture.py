"""A conjecture: what held in every case of a configuration, kept on file, and asked again."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from flint import ctx

from properties.discovery.configurations import Rows, cases
from properties.discovery.orders import predicted, single
from properties.discovery.relations import (
    BITS,
    CHAINED,
    CHAINS,
    CONES,
    MEASURES,
    PAIRS,
    VARIANTS,
    Balls,
    direction,
    not_negative,
)

FILE: Final = Path(__file__).with_name("conjectures.toml")
CONE_WORDS: Final = {
    "gains": "{x : Gx >= 0}",
    "span+": "the cone of the gradients",
    "hull": "their convex hull",
}
AGAIN: Final = 4  # cases of a conjecture in a test


@dataclass(frozen=True, slots=True)
class Conjecture:
    """What held in every case: a relation of members in a configuration.

    ``members`` are variants, or for "rises" and "falls" a chain and a measure. What of it is a
    theorem by now, grounds.py tells.
    """

    relation: str
    members: tuple[str, ...]
    configuration: str
    cases: int

    def words(self) -> str:
        """The conjecture as a sentence's middle."""
        first, *others = self.members
        told = {
            "equal": " = ".join(self.members),
            "parallel": " and ".join((first, ", ".join(others))) + " point the same way",
            "along": " and ".join((first, ", ".join(others))) + " lie on one line",
            "no-longer": f"{first} is no longer than {', '.join(others)}",
            "gains": f"{', '.join(self.members)}: no task's inner product is negative",
            "span+": f"{', '.join(self.members)}: a combination without negative weights",
            "hull": f"{', '.join(self.members)}: in the convex hull of the gradients",
            "rises": f"the {others[-1] if others else ''} does not fall as {first} grows",
            "falls": f"the {others[-1] if others else ''} does not rise as {first} grows",
            "stays": f"the {others[-1] if others else ''} is the same for every {first}",
            "implies": f"every direction here that lies in {CONE_WORDS[first]} lies in "
            f"{CONE_WORDS[others[0]]}"
            if first in CONE_WORDS
            else "",
            "single": "PCGrad has one answer whatever the orders if and only if each task conflicts"
            " with none; with one, j, and K_ik K_jj >= K_ij K_jk for the other; or with both, and"
            " they are at right angles or parallel",
        }
        return told[self.relation]


def holds(conjecture: Conjecture, rows: Rows) -> bool | None:
    """Whether a conjecture holds of one jacobian; None where somebody has no answer there."""
    relation, members = conjecture.relation, conjecture.members
    if relation in {"single", "implies"}:
        return single(rows) is predicted(rows) if relation == "single" else _implied(rows, *members)
    chained = relation in CHAINED
    found = [direction(name, rows) for name in (CHAINS[members[0]] if chained else members)]
    given = [each for each in found if each is not None]
    if len(given) < len(found):
        return None
    if relation in CONES:
        return all(CONES[relation](rows, each) for each in given)
    if chained:
        return _moves(relation, members[1], rows, given)
    return all(PAIRS[relation](given[0], other) for other in given[1:])


def _moves(relation: str, measure: str, rows: Rows, given: Sequence[Balls]) -> bool:
    """Whether a measure stays, rises or falls along a chain."""
    steps = [b - a for a, b in pairwise([MEASURES[measure](rows, each) for each in given])]
    if relation == "stays":
        return all(step.contains(0) for step in steps)
    return not_negative(steps if relation == "rises" else [-step for step in steps])


def _implied(rows: Rows, first: str, second: str) -> bool | None:
    """Whether every variant's direction with the first property has the second; None if none."""
    found = [each for each in (direction(name, rows) for name in VARIANTS) if each is not None]
    kept = [CONES[second](rows, each) for each in found if CONES[first](rows, each)]
    return all(kept) if kept else None


def broken(conjecture: Conjecture, count: int = AGAIN) -> Rows | None:
    """A case that refutes a conjecture, among the first of its configuration's."""
    with ctx.workprec(BITS):
        for rows in cases(conjecture.configuration, count):
            if holds(conjecture, rows) is False:
                return rows
    return None


def written(conjectures: Sequence[Conjecture]) -> str:
    """The file."""
    lines = [
        "# What an exact search did not refute; written by python -m properties.discovery.",
        "",
    ]
    for one in conjectures:
        members = ", ".join(f'"{member}"' for member in one.members)
        lines += ["[[conjecture]]", f'relation = "{one.relation}"', f"members = [{members}]",
                  f'configuration = "{one.configuration}"', f"cases = {one.cases}", ""]  # fmt: skip
    return "\n".join(lines)


def conjectures() -> tuple[Conjecture, ...]:
    """The conjectures that are on file."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))["conjecture"]
    return tuple(
        Conjecture(each["relation"], tuple(each["members"]), each["configuration"], each["cases"])
        for each in table
    )
