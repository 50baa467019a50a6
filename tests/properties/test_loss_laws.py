"""The laws of loss weightings: their power, and the false alarms of the statistical one."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count
from math import comb
from typing import Any

import pytest
from flint import fmpq

from mtl_reference.enclosure import enclose
from properties.example import Example, Margin, Observation, Ruling
from properties.generation import draw
from properties.jacobians import representable
from properties.laws import LAWS
from properties.laws.random_weights import COINS_IN_A_RUN, DRAWS, FALSE_ALARM, fewest, median_size
from properties.losses import inside, positive, signed
from properties.reference_subject import ReferenceSubject, weigh

INPUTS = {
    "dwa": {"losses": (1.0, 3.0), "previous_losses": (2.0, 2.0)},
    "uncertainty_weighting": {"losses": (1.0, 3.0), "log_variances": (0.5, -1.0)},
    "imtl_l": {"losses": (1.0, 3.0), "log_scales": (0.5, -1.0)},
    "geometric_mean": {"losses": (1.0, 3.0)},
    "soft_modularization": {"temperatures": (0.5, 0.25)},
    "dtp": {"kpis": (0.5, 0.25)},
    "famo": {"losses": (1.0, 3.0), "previous_losses": (2.0, 2.0), "logits": (0.5, 0.0)},
    "stch": {"losses": (1.0, 3.0), "preference": (1.0, 0.5), "reference_losses": (0.5, 0.0)},
    "gradnorm": {"losses": (1.0, 3.0), "initial_losses": (2.0, 2.0), "weights": (0.75, 1.25)},
}
ROWS = {"gradnorm": ((3.0, 4.0), (0.0, 2.0))}


class Answering:
    """A subject that answers with the exact outputs, changed by a function of name and output."""

    def __init__(self, change: Any) -> None:  # noqa: ANN401
        self.change = change

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """The exact answer, changed."""
        seen = ReferenceSubject().observe(example, repeat=repeat)
        outputs = {name: self.change(name, output) for name, output in seen.outputs.items()}
        return replace(seen, outputs=outputs)

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """No tolerance."""
        del law, example
        return weigh(margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Not asked."""
        raise NotImplementedError


def verdict(method: str, law: str, change: Any = lambda _, output: output) -> str:  # noqa: ANN401
    """What a law says of the exact answer to the inputs above, changed."""
    example = Example(method, ROWS.get(method, ()), {}, inputs=INPUTS[method])
    return weigh(LAWS[law].margins(example, Answering(change))).verdict


PAIRS = [
    ("dwa", "dwa-sum", "weights"),
    ("uncertainty_weighting", "uw-optimum", "value"),
    ("imtl_l", "imtl-l-optimum", "value"),
    ("geometric_mean", "geometric-mean-share", "weights"),
    ("geometric_mean", "geometric-mean-share", "value"),
    ("soft_modularization", "temperature-order", "weights"),
    ("famo", "famo-simplex", "weights"),
    ("famo", "famo-simplex", "logits"),
    ("gradnorm", "gradnorm-force", "weights"),
]


@pytest.mark.parametrize(("method", "law", "output"), PAIRS)
def test_a_law_sees_its_output_move(method: str, law: str, output: str) -> None:
    """The exact answer keeps the law; an output larger by a tenth breaks it."""

    def larger(name: str, numbers: Any) -> Any:  # noqa: ANN401
        return tuple(x * fmpq(11, 10) for x in numbers) if name == output else numbers

    assert verdict(method, law) == "pass"
    assert verdict(method, law, larger) == "fail"


@pytest.mark.parametrize(
    ("method", "law"),
    [("dwa", "dwa-sum"), ("soft_modularization", "temperature-order"), ("dtp", "dtp-monotone"),
     ("gradnorm", "gradnorm-force")],
)  # fmt: skip
def test_swapped_weights_are_seen(method: str, law: str) -> None:
    """Each task's weight on the other one breaks the order, or the force."""
    swapped = verdict(method, law, lambda name, x: x[::-1] if name == "weights" else x)
    assert (verdict(method, law), swapped) == ("pass", "fail")


@pytest.mark.parametrize("by", [fmpq(-1), fmpq(1)])
def test_the_band_of_smooth_tchebycheff_has_two_sides(by: fmpq) -> None:
    """A value lower or higher by 1 leaves it."""
    moved = verdict("stch", "stch-band", lambda name, x: (x[0] + by,) if name == "value" else x)
    assert (verdict("stch", "stch-band"), moved) == ("pass", "fail")


def test_the_coins_are_rejected_at_their_level() -> None:
    """Both tails below the least count weigh at most the level; one more would weigh too much."""
    least, level = fewest(DRAWS), FALSE_ALARM / COINS_IN_A_RUN
    tails = [Fraction(2 * sum(comb(DRAWS, k) for k in range(n)), 2**DRAWS) for n in range(DRAWS)]
    assert tails[least] <= level < tails[least + 1]
    assert least > 0


def test_half_of_the_differences_are_larger_than_the_median() -> None:
    """|N(0, 2)| has the median .9539, the third quartile of the standard normal times root 2."""
    assert float(enclose(median_size(), 60)) == pytest.approx(0.6744897501960817 * 2**0.5)


def draws_of(weights: Any) -> str:  # noqa: ANN401
    """The verdict of rlw-normals on a backend whose n-th answer is weights(n)."""
    calls = count()

    class Drawing(Answering):
        def observe(self, example: Example, *, repeat: int = 0) -> Observation:
            del repeat
            seen = ReferenceSubject().observe(replace(example, random={"normals": (0.0, 0.0)}))
            return replace(seen, outputs={"weights": weights(next(calls))})

    example = Example("random_weighting", ((1.0,), (1.0,)))
    return weigh(LAWS["rlw-normals"].margins(example, Drawing(None))).verdict


def shared(share: fmpq) -> tuple[fmpq, fmpq]:
    """Two weights that sum to 1."""
    return (share, 1 - share)


def test_a_fair_mixture_passes_and_frozen_or_narrow_draws_do_not() -> None:
    """Shares beyond and within the median on both sides; one share; shares near a half."""
    fair = (fmpq(9, 10), fmpq(1, 10), fmpq(11, 20), fmpq(9, 20))
    assert draws_of(lambda n: shared(fair[n % 4])) == "pass"
    assert draws_of(lambda _: shared(fmpq(9, 10))) == "fail"
    assert draws_of(lambda n: shared(fair[2 + n % 2])) == "fail"


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_the_vocabulary_is_held_by_its_dtype(dtype: str) -> None:
    """Losses are positive, indicators in (0, 1], and every number is one of the dtype."""
    for strategy in (positive, inside, signed):
        for numbers in draw(strategy(3, dtype), examples=40, number=1):
            assert all(representable(number, dtype) for number in numbers)
            assert strategy is signed or min(numbers) > 0
            assert strategy is not inside or max(numbers) <= 1
