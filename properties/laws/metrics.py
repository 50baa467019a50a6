"""The laws of metrics: Delta m's signs and conventions, ranks that share out, and definitions."""

from collections.abc import Iterator
from dataclasses import replace

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Relation
from properties.example import Example, Margin, Observation, Subject
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Law, ask, defaulted, first_slope, main_output, root, total

ANY = ("generic",)


def _delta_m(example: Example, subject: Subject) -> Iterator[Margin]:
    """The definition; turning every criterion about turns the sign; none against itself."""
    yield from certified(example, subject)
    flags = example.inputs["lower_is_better"]
    turned = {**example.inputs, "lower_is_better": tuple(not flag for flag in flags)}
    both = (ask(subject, example), ask(subject, replace(example, inputs=turned)))
    rest = main_output(both[0])[0] + main_output(both[1])[0]
    slopes = {(0, "delta"): fmpq(1), (1, "delta"): fmpq(1)}
    yield Margin("the other side has the other sign", Relation.ZERO, rest, both, slopes)
    same = {**example.inputs, "values": example.inputs["baseline"]}
    seen = ask(subject, replace(example, inputs=same))
    none = main_output(seen)[0]
    yield Margin("the baseline against itself", Relation.ZERO, none, (seen,), first_slope("delta"))


def _mean_rank(example: Example, subject: Subject) -> Iterator[Margin]:
    """The definition; ranks lie between 1 and the number of methods, and share out their sum."""
    yield from certified(example, subject)
    seen = ask(subject, example)
    ranks = main_output(seen)
    for method, rank in enumerate(ranks):
        for name, room in (("least", rank - 1), ("most", len(ranks) - rank)):
            slope = first_slope("ranks")
            yield Margin(f"rank {method}: {name}", Relation.NONNEGATIVE, room, (seen,), slope)
    if defaulted(example)["ties"] in {"ordinal", "average"}:
        yield _shared_out(seen, ranks)


def _shared_out(seen: Observation, ranks: Vector) -> Margin:
    count = len(ranks)
    rest = total(ranks) - fmpq(count * (count + 1), 2)
    slope = first_slope("ranks", root(fmpq(count)))
    return Margin("the sum of ranks", Relation.ZERO, rest, (seen,), slope)


def _definition(example: Example, subject: Subject) -> Iterator[Margin]:
    yield from certified(example, subject)


LAWS = (
    Law("delta-m", "F", "Delta m is what its convention says, changes sign with the criteria's"
        " sides, and is 0 for the baseline itself.", "no baseline is 0", "X F", _delta_m, ANY,
        needs=("delta",)),
    Law("mean-rank", "F", "Ranks are counted pair by pair, lie between 1 and the number of methods,"
        " and sum to what there is (ordinal, average).", "none", "X F", _mean_rank, ANY,
        needs=("ranks",)),
    Law("metric-definition", "F", "The figure is what its definition counts out.",
        "the figure is defined", "X F", _definition, ANY, needs=()),
)  # fmt: skip
