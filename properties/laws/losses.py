"""The laws of methods that weigh losses: optima, sums, orders, and units of measurement."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ldexp

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Relation
from mtl_reference.rational import RationalVector, numbers
from mtl_reference.transcendental import exponential, logarithm
from properties.example import Example, Margin, Observation, Rows, Subject
from properties.laws.law import (
    Extra,
    Law,
    Sortable,
    ask,
    defaulted,
    first_slope,
    parameter,
    root,
    squared,
    total,
    weights,
)

ANY = ("generic",)  # the rows only tell how many tasks there are
MAIN = ("weights",)


def given(example: Example, name: str) -> RationalVector:
    """An input of an example, exact."""
    return numbers(name, example.inputs[name])


def value_of(observation: Observation) -> Number:
    """The value of an observation, a plain number."""
    return observation.outputs["value"][0]  # type: ignore[return-value]  # a vector of one


def _worth(logs: Sequence[Number], scale: fmpq) -> Number:
    """The sum of scale (e^-x - 1 + x): what a value exceeds its optimum by at distances x."""
    return total([scale * (exponential(-log) - 1 + log) for log in logs])


def _above(
    seen: Observation, least: Number, logs: Sequence[Number], scale: fmpq
) -> Iterator[Margin]:
    """The value is at least its optimum, and exceeds it by what the distance says."""
    excess = value_of(seen) - least
    slopes = first_slope("value")
    yield Margin("value >= optimum", Relation.NONNEGATIVE, excess, (seen,), slopes)
    rest = excess - _worth(logs, scale)
    yield Margin("the excess is that of the scales", Relation.ZERO, rest, (seen,), slopes)


def _uw_optimum(example: Example, subject: Subject) -> Iterator[Margin]:
    """Both forms are sums of (e^(l - s) + s) / 2 with l = log L, or log 2 L: least at s = l."""
    seen = ask(subject, example)
    twice = 2 if defaulted(example)["form"] == "classification" else 1
    logs = [logarithm(twice * loss) for loss in given(example, "losses")]
    scales = given(example, "log_variances")
    away = [scale - log for scale, log in zip(scales, logs, strict=True)]
    half = fmpq(1, 2)
    yield from _above(seen, total([half * (1 + log) for log in logs]), away, half)


def _imtl_l_optimum(example: Example, subject: Subject) -> Iterator[Margin]:
    """The value is a sum of e^s L - s, least where e^s L = 1; a step goes towards it."""
    seen = ask(subject, example)
    losses = given(example, "losses")
    logs = [logarithm(loss) for loss in losses]
    best = defaulted(example)["scales"] == "optimum"
    scales: Vector = [-log for log in logs] if best else given(example, "log_scales")
    away = [-(scale + log) for scale, log in zip(scales, logs, strict=True)]
    yield from _above(seen, total([1 + log for log in logs]), away, fmpq(1))
    for task, (weight, loss) in enumerate(zip(weights(seen), losses, strict=True)):
        if best:
            slope = first_slope("weights", loss)
            name = f"scaled loss {task} is 1"
            yield Margin(name, Relation.ZERO, weight * loss - 1, (seen,), slope)


def _dwa_sum(example: Example, subject: Subject) -> Iterator[Margin]:
    """The weights sum to T, and are in the order of the ratios."""
    seen = ask(subject, example)
    found = weights(seen)
    yield sum_is(seen, fmpq(len(found)))
    pairs = zip(given(example, "losses"), given(example, "previous_losses"), strict=True)
    yield from _ordered(seen, [now / before for now, before in pairs])


def sum_is(seen: Observation, whole: fmpq) -> Margin:
    """The weights sum to a whole."""
    found = weights(seen)
    slope = first_slope("weights", root(fmpq(len(found))))
    return Margin(f"sum w = {whole}", Relation.ZERO, total(found) - whole, (seen,), slope)


def _ordered(seen: Observation, keys: Sequence[fmpq]) -> Iterator[Margin]:
    """A larger key has no smaller weight; equal keys have equal ones."""
    found = weights(seen)
    order = sorted(range(len(keys)), key=lambda task: keys[task])
    for low, high in pairwise(order):
        relation = Relation.ZERO if keys[low] == keys[high] else Relation.NONNEGATIVE
        rise = found[high] - found[low]
        name = f"weights of tasks {low} and {high} are in order"
        yield Margin(name, relation, rise, (seen,), first_slope("weights", fmpq(2)))


def _dtp_monotone(example: Example, subject: Subject) -> Iterator[Margin]:
    """Weights are not negative and fall as the indicator rises; 1 has none."""
    seen = ask(subject, example)
    kpis = given(example, "kpis")
    if not example.earlier:
        yield from _ordered(seen, [-kpi for kpi in kpis])
    for task, weight in enumerate(weights(seen)):
        still = kpis[task] == 1 and not example.earlier
        relation = Relation.ZERO if still else Relation.NONNEGATIVE
        yield Margin(f"weight {task}", relation, weight, (seen,), first_slope("weights"))


def _temperature_order(example: Example, subject: Subject) -> Iterator[Margin]:
    """Weights sum to 1 (the code's form: T), and fall as the temperature rises."""
    seen = ask(subject, example)
    printed = defaulted(example)["form"] == "paper"
    yield sum_is(seen, fmpq(1 if printed else example.tasks))
    yield from _ordered(seen, [-alpha for alpha in given(example, "temperatures")])


def _geometric_share(example: Example, subject: Subject) -> Iterator[Margin]:
    """All losses have one share w_i L_i, they sum to the value, and that is at most the mean."""
    seen = ask(subject, example)
    losses = given(example, "losses")
    found, length = weights(seen), root(squared(losses))
    portions = [weight * loss for weight, loss in zip(found, losses, strict=True)]
    for task, portion in enumerate(portions[1:], start=1):
        slope = first_slope("weights", losses[task] + losses[0])
        name = f"shares of tasks 0 and {task} are equal"
        yield Margin(name, Relation.ZERO, portion - portions[0], (seen,), slope)
    if "value" in seen.outputs:
        slopes = {(0, "weights"): length, (0, "value"): fmpq(1)}
        rest = total(portions) - value_of(seen)
        yield Margin("the shares sum to the value", Relation.ZERO, rest, (seen,), slopes)
        room = sum(losses, fmpq(0)) / len(losses) - value_of(seen)
        yield Margin("value <= mean", Relation.NONNEGATIVE, room, (seen,), first_slope("value"))


def _famo_simplex(example: Example, subject: Subject) -> Iterator[Margin]:
    """The weights lie on the simplex; the logits' sum only decays."""
    seen = ask(subject, example)
    yield sum_is(seen, fmpq(1))
    for task, weight in enumerate(weights(seen)):
        slope = first_slope("weights")
        yield Margin(f"weight {task}", Relation.NONNEGATIVE, weight, (seen,), slope)
    if "logits" in seen.outputs:
        rate, decay = (parameter(example, name) for name in ("learning_rate", "decay"))
        kept = 1 - fmpq(*rate.as_integer_ratio()) * fmpq(*decay.as_integer_ratio())
        new, old = seen.outputs["logits"], given(example, "logits")
        rest = total(new) - kept * sum(old, fmpq(0))  # type: ignore[arg-type]  # a vector
        slope = first_slope("logits", root(fmpq(len(old))))
        yield Margin("the logits keep their sum", Relation.ZERO, rest, (seen,), slope)


def _stch_band(example: Example, subject: Subject) -> Iterator[Margin]:
    """The value: max x <= value <= max x + mu log T."""
    seen = ask(subject, example)
    mu = fmpq(*parameter(example, "mu").as_integer_ratio())
    top = max(_heights(example), key=Sortable)
    slopes = first_slope("value")
    rise = value_of(seen) - top
    yield Margin("value >= the largest", Relation.NONNEGATIVE, rise, (seen,), slopes)
    room = mu * logarithm(fmpq(example.tasks)) - rise
    yield Margin("value <= the largest + mu log T", Relation.NONNEGATIVE, room, (seen,), slopes)


def _heights(example: Example) -> list[Number]:
    triples = zip(*(given(example, name) for name in ("preference", "losses", "reference_losses")),
                  strict=True)  # fmt: skip
    if defaulted(example)["form"] == "log":
        return [share * logarithm(loss / nadir) for share, loss, nadir in triples]
    return [share * (loss - ideal) for share, loss, ideal in triples]


# Units of measurement ----------------------------------------------------------------------------

MEASURED = ("losses", "previous_losses", "initial_losses", "reference_losses")


def _units(example: Example, subject: Subject) -> Iterator[Margin]:
    """All losses times s: the weights times s^p."""
    scale = ldexp(1.0, int(str(example.extra["exponent"])))
    scaled = {
        name: tuple(scale * loss for loss in values) if name in MEASURED else values
        for name, values in example.inputs.items()
    }
    both = (ask(subject, example), ask(subject, replace(example, inputs=scaled)))
    factor = fmpq(*scale.as_integer_ratio()) ** _degree(example)
    slopes: Mapping[tuple[int, str], Number] = {(0, "weights"): factor, (1, "weights"): fmpq(1)}
    pairs = zip(weights(both[0]), weights(both[1]), strict=True)
    for task, (before, after) in enumerate(pairs):
        rest = after - factor * before
        yield Margin(f"weight {task}", Relation.ZERO, rest, both, slopes)


def _degree(example: Example) -> int:
    """Degree of the weights in the losses: -1 where they are quotients by losses, else 0."""
    params = defaulted(example)
    quotients = params.get("scales") == "optimum" or params.get("form") == "log"
    return -1 if quotients else 0


def _exponents(_rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    return st.integers(-8, 8).map(lambda exponent: {"exponent": exponent})


LAWS = (
    Law("uw-optimum", "D", "The value is at least the sum of (1 + log L_i) / 2, and exceeds it by"
        " what the distance from the best variances says.", "positive losses", "X F", _uw_optimum,
        ANY, needs=("value",)),
    Law("imtl-l-optimum", "D", "The value is at least the sum of 1 + log L_i; at the best scales"
        " every scaled loss is 1.", "positive losses", "X F", _imtl_l_optimum, ANY,
        needs=("value",)),
    Law("dwa-sum", "D", "The weights sum to T and are in the order of the ratios.",
        "no previous loss is 0", "X F", _dwa_sum, ANY, needs=MAIN),
    Law("dtp-monotone", "D", "Weights are not negative and fall as the indicator rises.",
        "indicators in (0, 1]", "X F", _dtp_monotone, ANY, needs=MAIN),
    Law("geometric-mean-share", "D", "All products w_i L_i are equal and sum to the value, which is"
        " at most the mean.", "positive losses", "X F", _geometric_share, ANY, needs=MAIN),
    Law("famo-simplex", "D", "The weights lie on the simplex, and the logits' sum only decays.",
        "positive losses", "X F", _famo_simplex, ANY, needs=MAIN),
    Law("stch-band", "D", "The value lies between the largest x_i and mu log T above it.",
        "the answer is defined", "X F", _stch_band, ANY, needs=("value",)),
    Law("temperature-order", "D", "The weights have the sum of their form, and fall as the"
        " temperature rises.", "the answer is defined", "X F", _temperature_order, ANY, needs=MAIN),
    Law("loss-units", "D", "All losses times s: the weights times s^p, p = 0, or -1 where they are"
        " quotients by losses.", "s a power of two", "X F", _units, ANY, _exponents, needs=MAIN),
)  # fmt: skip
