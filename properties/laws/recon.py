"""The laws of Recon's counts: scores of layers, their selection, rankings and histograms."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import comb
from typing import cast

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference.method import Relation
from properties.example import Example, Margin, Rows, Subject
from properties.laws.law import (
    Extra,
    Law,
    ask,
    defaulted,
    fact,
    first_slope,
    main_output,
    root,
    total,
)

ANY = ("generic",)  # the rows say nothing, or only what is parted into layers
CONFLICTING = ("generic", "conflicting", "all_conflicting", "aligned", "zero_row", "badly_scaled")


def _recon_score(example: Example, subject: Subject) -> Iterator[Margin]:
    """At most all pairs; no more below a lower severity, and none with a zero gradient."""
    seen = ask(subject, example)
    tasks, scores = example.tasks, main_output(seen)
    pairs = comb(tasks, 2)
    yield fact("scores lie between 0 and the number of pairs",
               all(0 <= score <= pairs for score in scores), seen)  # fmt: skip
    severity = cast("float", defaulted(example)["severity"])
    lower = ask(subject, replace(example, params={**example.params, "severity": severity - 0.25}))
    both = list(zip(scores, main_output(lower), strict=True))
    yield fact("no score grows as the severity falls", all(a >= b for a, b in both), seen, lower)
    layers = example.inputs["layer_gradients"]
    stilled = tuple((tuple(0.0 for _ in layer[0]), *layer[1:]) for layer in layers)
    still = ask(subject, replace(example, inputs={"layer_gradients": stilled}))
    without = comb(tasks - 1, 2)
    yield fact("a zero gradient conflicts with none",
               all(score <= without for score in main_output(still)), still)  # fmt: skip


def _recon_select(example: Example, subject: Subject) -> Iterator[Margin]:
    """The first K of all layers by falling score, ties as they stand."""
    seen = ask(subject, example)
    scores = cast("tuple[int, ...]", example.inputs["scores"])
    chosen = [int(str(layer)) for layer in main_output(seen)]
    known = all(0 <= layer < len(scores) for layer in chosen)
    yield fact("each is a layer, and there once", known and len(set(chosen)) == len(chosen), seen)
    if not known:
        return
    keys = [(-scores[layer], layer) for layer in chosen]
    yield fact("in rank order, ties as they stand", all(a < b for a, b in pairwise(keys)), seen)
    rest = [(-scores[layer], layer) for layer in range(len(scores)) if layer not in chosen]
    best = not keys or not rest or max(keys) < min(rest)
    yield fact("none better is left out", best, seen)


def _ranking_distance(example: Example, subject: Subject) -> Iterator[Margin]:
    """A metric of rankings, at most floor(n^2 / 2) / n."""
    first, second = example.inputs["first"], example.inputs["second"]
    keys = cast("list[int]", example.extra["third"])
    third = tuple(sorted(range(len(first)), key=lambda layer: keys[layer]))
    pairs = ((first, second), (second, first), (first, first), (first, third), (third, second))
    seen = tuple(ask(subject, replace(example, inputs={"first": a, "second": b})) for a, b in pairs)
    there, back, own, out, onward = (main_output(each)[0] for each in seen)
    slopes = {(place, "distance"): fmpq(1) for place in range(len(seen))}
    most = fmpq(len(first) ** 2 // 2, len(first))
    yield Margin("symmetric", Relation.ZERO, there - back, seen, slopes)
    yield Margin("0 from itself", Relation.ZERO, own, seen, slopes)
    yield Margin("triangle", Relation.NONNEGATIVE, out + onward - there, seen, slopes)
    yield Margin("at most floor(n^2 / 2) / n", Relation.NONNEGATIVE, most - there, seen, slopes)
    apart = first == second or there > 0
    yield fact("0 from nothing else", bool(apart), *seen)


def _third(_rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    return st.permutations(range(9)).map(lambda order: {"third": list(order)})


def _conflict_histogram(example: Example, subject: Subject) -> Iterator[Margin]:
    """The intervals part the cosines: shares that are not negative and sum to 1."""
    seen = ask(subject, example)
    shares = main_output(seen)
    rest = total(shares) - 1
    slopes = first_slope("fractions", root(fmpq(len(shares))))
    yield Margin("shares sum to 1", Relation.ZERO, rest, (seen,), slopes)
    for place, share in enumerate(shares):
        name = f"share {place} is not negative"
        yield Margin(name, Relation.NONNEGATIVE, share, (seen,), first_slope("fractions"))


LAWS = (
    Law("recon-score", "E", "A score counts unordered pairs: 0 to C(T, 2), not more as the severity"
        " falls, and none with a zero gradient.", "none", "X F", _recon_score, CONFLICTING,
        needs=("scores",)),
    Law("recon-select", "E", "The K layers with the largest scores, ties in network order.", "none",
        "X F", _recon_select, ANY, needs=("layers",)),
    Law("ranking-distance", "E", "A metric on rankings, at most floor(n^2 / 2) / n.", "none",
        "X F", _ranking_distance, ANY, _third, needs=("distance",)),
    Law("conflict-histogram", "E", "The intervals part the cosines.", "none", "X F",
        _conflict_histogram, ANY, needs=("fractions",)),
)  # fmt: skip
