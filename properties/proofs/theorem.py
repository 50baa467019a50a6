"""The record of a theorem, and how its lemmas are checked by machine.

A lemma is one query: hypotheses, each by its name, and a claim. z3 is asked for a counterexample
over the reals. Vectors enter by their inner products alone, with the facts that any Gram matrix
has (squares are not negative, Cauchy and Schwarz), so a lemma on a few vectors holds in every
dimension; where it speaks of one task and the whole, it holds for every number of tasks. An
identity is checked by sympy: it must simplify to zero.

A proof without teeth counts as absent: with any one of its hypotheses removed it must fail.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sympy
import z3

TIMEOUT = 20_000
"""Milliseconds for one query; what takes longer is unknown, never proved."""


class Outcome(StrEnum):
    """What a check comes to."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one lemma; ``witness`` tells where it fails."""

    lemma: str
    outcome: Outcome
    witness: str = ""


@dataclass(frozen=True, slots=True)
class Lemma:
    """One query for z3: what is given under names, what is always true, and what must follow.

    ``facts`` are no hypotheses: inner products have them, or they define what is spoken of.
    """

    name: str
    hypotheses: Mapping[str, Any]
    claim: Any
    facts: tuple[Any, ...] = ()

    def check(self, without: str | None = None) -> Finding:
        """Prove the lemma, or refute it without one of its hypotheses."""
        solver = z3.Solver()
        solver.set("timeout", TIMEOUT)
        kept = [formula for name, formula in self.hypotheses.items() if name != without]
        solver.add(*self.facts, *kept, z3.Not(self.claim))
        answer = solver.check()
        if answer == z3.unsat:
            return Finding(self.name, Outcome.PROVED)
        if answer == z3.sat:
            return Finding(self.name, Outcome.REFUTED, str(solver.model()))
        return Finding(self.name, Outcome.UNKNOWN, solver.reason_unknown())


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity for sympy: ``difference(hypotheses that are kept)`` must simplify to zero.

    A hypothesis is a substitution or a relation that the expression is built with.
    """

    name: str
    hypotheses: tuple[str, ...]
    difference: Callable[[frozenset[str]], sympy.Expr]

    def check(self, without: str | None = None) -> Finding:
        """Prove the identity, or show what is left of it without one hypothesis."""
        rest = sympy.simplify(self.difference(frozenset(self.hypotheses) - {without}))
        if rest == 0:
            return Finding(self.name, Outcome.PROVED)
        return Finding(self.name, Outcome.REFUTED, f"what is left is {rest}")


@dataclass(frozen=True, slots=True)
class Theorem:
    """A theorem: what it says in words, of which methods, under which hypotheses, and its lemmas.

    A theorem on what is no method over the wire names no laws. ``tasks`` and ``width`` say for
    which T and d it is proved. ``hypotheses`` tells each named hypothesis of the lemmas in words,
    ``steps`` how the lemmas make the theorem. ``beside`` are words of a claim's "when" that tell
    that the theorem does not speak of it.
    """

    id: str
    laws: tuple[str, ...]
    methods: tuple[str, ...]
    statement: str
    hypotheses: Mapping[str, str]
    lemmas: tuple[Lemma | Identity, ...]
    source: str
    steps: str = ""
    tasks: str = "every T"
    width: str = "every d"
    remarks: tuple[str, ...] = field(default_factory=tuple)
    beside: tuple[str, ...] = ()

    @property
    def how(self) -> str:
        """What checks it: z3, sympy, or both."""
        tools = {"z3" if isinstance(lemma, Lemma) else "sympy" for lemma in self.lemmas}
        return " and ".join(sorted(tools))

    def check(self, without: str | None = None) -> tuple[Finding, ...]:
        """Check every lemma, with one hypothesis removed wherever it stands if asked."""
        return tuple(lemma.check(without) for lemma in self.lemmas)


def worst(findings: Iterable[Finding]) -> Outcome:
    """The outcome of a theorem: refuted or unknown if one of its lemmas is."""
    outcomes = {finding.outcome for finding in findings}
    for outcome in (Outcome.REFUTED, Outcome.UNKNOWN):
        if outcome in outcomes:
            return outcome
    return Outcome.PROVED


def reals(names: str) -> Any:  # noqa: ANN401  (z3 has no types to speak of)
    """Real variables by their names."""
    return z3.Reals(names)


def gram(aa: Any, ab: Any, bb: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """What the inner products of two vectors always satisfy."""
    return (aa >= 0, bb >= 0, ab * ab <= aa * bb)
