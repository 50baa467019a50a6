"""The law of GradVac: targets that are hit, targets that move, and PCGrad where they are 0."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Kind, Orders
from mtl_reference.rational import RationalVector, rational
from properties.example import Example, Margin, Observation, Subject
from properties.laws.cagrad_mgda import certified
from properties.laws.law import (
    BOTH,
    Law,
    ask,
    direction,
    dot,
    fact,
    first_slope,
    norm,
    parameter,
    rows_of,
    same,
)
from properties.laws.states import FAMILIES
from properties.question import answer, state_before, undefined_before

Table = Sequence[Sequence[Number]]


def _target(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate holds the cosines; what it cannot see, the next targets, is asked here."""
    if undefined_before(example):
        return
    yield from certified(example, subject)
    seen = ask(subject, example)
    if not example.earlier and "layers" not in example.inputs:
        known = METHODS["pcgrad"].direction(seen.jacobian, orders=example.orders)
        yield from same("targets of 0: PCGrad", direction(seen), known.exact, (seen,),
                        first_slope())  # fmt: skip
    yield from _moved(example, seen)


def _moved(example: Example, seen: Observation) -> Iterator[Margin]:
    """Targets of the exact next state: moved at each visit by the cosine before, within [-1, 1].

    The gradients that are visited first are rows themselves, so their cosines are known.
    """
    known = answer(example)
    if known.kind is not Kind.EXACT:
        return
    after = cast("Sequence[Table]", known.state["targets"])
    state = state_before(example)
    share, rows = rational(parameter(example, "beta")), rows_of(seen)
    for layer, (first, last) in enumerate(_ranges(example, seen)):
        parts = [row[first:last] for row in rows]
        for task, order in enumerate(cast("Orders", example.orders)):
            targets = after[layer][task]
            inside = all(
                decide(1 - target) != -1 and decide(1 + target) != -1 for target in targets
            )
            yield fact(f"targets of task {task} lie in [-1, 1]", inside, seen)
            for other in order[:1]:
                before = _before(state, layer, task, other)
                cosine = _cosine(parts[task], parts[other])
                step = before + share * (cosine - before) - targets[other]
                name = f"target {task}-{other} moves by the cosine before the update"
                yield fact(name, decide(step) in {0, None}, seen)


def _ranges(example: Example, seen: Observation) -> list[tuple[int, int]]:
    """The columns of each layer."""
    layers = example.inputs.get("layers")
    if layers is None:
        return [(0, seen.jacobian.width)]
    return list(pairwise([0, *(last for _, last in layers)]))


def _before(state: object, layer: int, task: int, other: int) -> Number:
    if state is None:
        return fmpq(0)
    targets = cast("dict[str, Sequence[Table]]", state)["targets"]
    return targets[layer][task][other]


def _cosine(row: RationalVector, other: RationalVector) -> Number:
    lengths: list[Number] = [norm(cast("Vector", each)) for each in (row, other)]
    return dot(row, other) / (lengths[0] * lengths[1])


def _layers(example: Example, subject: Subject) -> Iterator[Margin]:
    """Ask the whole, then every layer as a jacobian of its own."""
    seen = ask(subject, example)
    for first, last in _ranges(example, seen):
        rows = tuple(row[first:last] for row in example.rows)
        alone = ask(subject, replace(example, rows=rows, inputs={}))
        both = (seen, alone)
        part = direction(seen)[first:last]
        yield from same(f"columns {first} to {last}", part, direction(alone), both, BOTH)


LAWS = (
    Law("gradvac-target", "D", "After an update cos(g'_i, g_j) is the target, which moves at every"
        " visit by the cosine before and stays in [-1, 1]; at target 0 it is PCGrad's projection.",
        "orders injected; cosines > -1 and targets in (-1, 1)", "X F", _target, FAMILIES,
        replays=True, random="injected", steps=True),
    Law("gradvac-layers", "D", "Each layer's columns are what the method gives for that layer"
        " alone.", "orders injected, a fresh state", "X F",
        _layers, ("wide", "generic", "conflicting"),
        replays=True, random="injected"),
)  # fmt: skip
