"""The power of the laws: each of them rejects an answer that is wrong in its way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import pytest
from flint import fmpq

from properties.checks import Job, examine, run
from properties.example import Example, Margin, Observation, Ruling
from properties.laws import LAWS
from properties.laws.law import fact, parallel, same
from properties.laws.orders import ROWS, fewest, outcomes
from properties.reference_subject import ReferenceSubject, weigh

REFERENCE = ReferenceSubject()
Change = Callable[[Observation], Observation]


@dataclass(frozen=True)
class Faulty:
    """The reference, with its observations changed in one named way."""

    change: Change

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Observe the reference, changed."""
        del repeat
        observation = REFERENCE.observe(example)
        return self.change(observation) if observation.status == "answered" else observation

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Judge as the reference does."""
        return REFERENCE.judge(law, example, margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Compare as the reference does."""
        return REFERENCE.accuracy(observation)


def _with(observation: Observation, **outputs: object) -> Observation:
    return replace(observation, outputs={**observation.outputs, **outputs})


def _moved(seen: Observation) -> Observation:
    """The first coordinate is moved by 1: not homogeneous, not turned along, not in the span."""
    first, *rest = seen.outputs["direction"]
    return _with(seen, direction=(first + 1, *rest))


def _biased(seen: Observation) -> Observation:
    """The first task counts twice."""
    doubled = zip(seen.outputs["direction"], seen.jacobian.row(0), strict=True)
    return _with(seen, direction=tuple(d + g for d, g in doubled))


def _turned(seen: Observation) -> Observation:
    """The direction points the other way."""
    return _with(seen, direction=tuple(-d for d in seen.outputs["direction"]))


def _doubled(seen: Observation) -> Observation:
    """Twice the direction."""
    return _with(seen, direction=tuple(2 * d for d in seen.outputs["direction"]))


def _squared(seen: Observation) -> Observation:
    """Each coordinate squared: neither linear nor turned along."""
    return _with(seen, direction=tuple(d * d for d in seen.outputs["direction"]))


def _unweighed(seen: Observation) -> Observation:
    """All weight on the first task."""
    weights = (fmpq(1), *[fmpq(0)] * (seen.jacobian.tasks - 1))
    return _with(seen, weights=weights)


def _raw(seen: Observation) -> Observation:
    """No gradient is modified."""
    rows = tuple(seen.jacobian.row(task) for task in range(seen.jacobian.tasks))
    return _with(seen, task_gradients=rows)


def _mutating(seen: Observation) -> Observation:
    """The input is written to."""
    return replace(seen, facts={"mutated": ["jacobian"]})


def _narrowed(seen: Observation) -> Observation:
    """The answer has another dtype."""
    return replace(seen, facts={"dtype": {"direction": "float32"}})


KILLS = [
    ("mean", "shape", _mutating), ("mean", "shape", _narrowed),
    ("mean", "permutation", _biased), ("mean", "orthogonal", _moved),
    ("mean", "orthogonal", _squared), ("mean", "zero-padding", _moved),
    ("mean", "gramian", _squared), ("mean", "homogeneous", _moved),
    ("mean", "homogeneous-range", _squared), ("mean", "span", _moved),
    ("mean", "single-task", _doubled), ("cagrad", "single-task", _doubled),
    ("mgda", "non-conflict", _turned), ("mgda", "stationary", _moved),
    ("mgda", "accuracy", _biased), ("mgda", "mgda-kkt", _unweighed),
    ("mgda", "mgda-gap", _doubled), ("mgda", "mgda-descent", _turned),
    ("gradops", "strong-non-conflict", _raw), ("gradops", "gradops-projection", _raw),
    ("gradops", "gradops-order", _biased), ("gradops", "gradops-weights", _unweighed),
    ("gradops", "pcgrad-is-gradops", _doubled), ("gradops", "any-weights", _raw),
    ("gradops", "gradops-descent", _turned), ("gradops", "gradops-fixed-points", _raw),
    ("cagrad", "cagrad-feasible", _doubled), ("cagrad", "cagrad-optimal", _biased),
    ("cagrad", "cagrad-band", _doubled), ("cagrad", "cagrad-to-mgda", _turned),
    ("cagrad", "cagrad-descent", _turned), ("imtl_g", "row-scaling", _biased),
    ("imtl_g", "imtl-equal-projections", _biased), ("pcgrad", "pcgrad-replay", _doubled),
    ("pcgrad", "pcgrad-two-tasks", _biased), ("pcgrad", "pcgrad-replay", _raw),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "law", "change"), KILLS, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_the_law_rejects(method: str, law: str, change: Change) -> None:
    """An answer that is wrong in the named way fails the law within one quick job."""
    params = {"cagrad": {"c": 0.5}, "gradops": {"alpha": 0.0, "fallback": "mgda"}}.get(method, {})
    record = run(Job("s", "b", method, law, "float64", params), Faulty(change), shrinks=0)
    assert record.verdict == "fail"


@pytest.mark.parametrize("alpha", [-1.0, -2.0])
def test_the_relations_of_two_tasks_reject_plain_weights(alpha: float) -> None:
    """With the sum in the place of the weighted sum neither partner is met."""
    rows = ((1.0, 0.0), (-1.0, 2.0))
    example = Example("gradops", rows, {"alpha": alpha, "fallback": "mgda"})
    ruling, _ = examine(LAWS["gradops-two-tasks"], example, Faulty(_biased))
    assert ruling.verdict == "fail"


def test_same_and_parallel_weigh_what_they_say() -> None:
    """Equal vectors are the same; a multiple is parallel and not the same; zero is silent."""
    left, right = (fmpq(1), fmpq(2)), (fmpq(2), fmpq(4))
    assert weigh(same("x", left, left, (), {})).verdict == "pass"
    assert weigh(same("x", left, right, (), {})).verdict == "fail"
    assert weigh(parallel("x", left, right, (), {})).verdict == "pass"
    assert weigh(parallel("x", left, (fmpq(2), fmpq(3)), (), {})).verdict == "fail"
    assert not list(parallel("x", (fmpq(0), fmpq(0)), right, (), {}))


def test_a_fact_has_no_tolerance() -> None:
    """It has no slopes to carry an error."""
    assert fact("wrong", False).value == -1
    assert not fact("wrong", False).slopes


# The statistics of orders ------------------------------------------------------------------


@dataclass(frozen=True)
class Shuffled:
    """PCGrad whose orders come from a source of its own: ``pick`` gives three bits a draw."""

    pick: Callable[[Random], tuple[int, int, int]]
    source: Random

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Observe the reference, changed."""
        del repeat
        bits = self.pick(self.source)
        seen = REFERENCE.observe(replace(example, orders=((1, 2), (0, 2), (0, 1))))
        return _with(seen, direction=outcomes(ROWS)[bits])

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Judge as the reference does."""
        return REFERENCE.judge(law, example, margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Compare as the reference does."""
        return REFERENCE.accuracy(observation)


def _orders(pick: Callable[[Random], tuple[int, int, int]]) -> str:
    job = Job("s", "b", "pcgrad", "pcgrad-orders", "float64", {}, injected=False, controlled=False)
    return run(job, Shuffled(pick, Random(5))).verdict  # noqa: S311  (no secret)


def test_uniform_orders_pass() -> None:
    """Three fair coins a draw are what Algorithm 1 asks for."""
    assert _orders(lambda r: (r.getrandbits(1), r.getrandbits(1), r.getrandbits(1))) == "pass"


def test_a_fixed_order_is_rejected() -> None:
    """The task's own number decides: one outcome, always."""
    assert _orders(lambda _: (0, 0, 0)) == "fail"


def test_one_order_for_all_tasks_is_rejected() -> None:
    """Each task's order is fair, but they are the same coin."""

    def pick(source: Random) -> tuple[int, int, int]:
        bit = source.getrandbits(1)
        return bit, bit, bit

    assert _orders(pick) == "fail"


def test_the_outcomes_are_distinct() -> None:
    """The eight choices of orders give eight directions."""
    assert len(set(map(str, outcomes(ROWS).values()))) == 8


@pytest.mark.parametrize("draws", [64, 512])
def test_the_threshold_keeps_its_level(draws: int) -> None:
    """The two tails below the threshold weigh at most 1e-9 / 56; one more count would not do."""
    from math import comb

    least = fewest(draws)
    tails = [2 * sum(comb(draws, k) for k in range(count)) for count in (least, least + 1)]
    assert tails[0] * 56 * 10**9 <= 2**draws < tails[1] * 56 * 10**9
    assert least > 0
