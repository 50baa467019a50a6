"""A backend as a subject: scales, sets, undefined and refused, and what is excused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from flint import fmpq

from conformance.reply import Reply, Status
from conformance.subject import BackendSubject
from mtl_reference.method import Relation
from properties.example import Example, Margin, Rows

ROWS = ((1.0, 2.0, 0.5), (-1.0, 0.5, 2.0))
Answer = Callable[[np.ndarray], Mapping[str, np.ndarray] | Status]


class Stand:
    """A stand-in for a supervisor: answers by a function of the jacobian."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def evaluate(self, method: str, inputs: Mapping[str, Any], *_: object) -> Reply:
        """Reply with what the function says."""
        del method
        found = self.answer(inputs["jacobian"])
        if isinstance(found, Status):
            return Reply(found)
        return Reply(Status.OK, found, {name: str(each.dtype) for name, each in found.items()})


def subject(answer: Answer, dtype: str = "float64", **declared: object) -> BackendSubject:
    """A subject that declares every method used here."""
    told = {
        "params": {"c": 0.5},
        "scale": "1",
        "randomness": "none",
        "accuracy": None,
        **declared,
    }
    methods = dict.fromkeys(("mean", "sum", "mgda", "cagrad", "imtl_g", "pcgrad"), told)
    return BackendSubject(Stand(answer), {"methods": methods}, dtype)


def direction(values: Sequence[float]) -> dict[str, np.ndarray]:
    """Outputs with a direction alone."""
    return {"direction": np.array(values, dtype=np.float64)}


def accuracy(one: BackendSubject, method: str, rows: Rows = ROWS, **params: float) -> str:
    """The verdict on the accuracy of an answer."""
    return one.accuracy(one.observe(Example(method, rows, params))).verdict


def test_a_declared_scale_is_divided_out_exactly() -> None:
    """A third of three times the mean is the mean, with no rounding on the way."""
    one = subject(lambda j: direction(3 * j.mean(axis=0)), scale="3")
    seen = one.observe(Example("mean", ROWS))
    assert seen.outputs["direction"] == (fmpq(0), fmpq(5, 4), fmpq(5, 4))


def test_an_undeclared_scale_is_an_error() -> None:
    """The mean where the sum is asked is wrong, and is not fitted."""
    assert accuracy(subject(lambda j: direction(j.sum(axis=0))), "sum") == "pass"
    assert accuracy(subject(lambda j: direction(j.mean(axis=0))), "sum") == "fail"


def test_float32_is_judged_as_float32() -> None:
    """The same error passes in one dtype and fails in the other."""

    def answer(jacobian: np.ndarray) -> dict[str, np.ndarray]:
        return direction(jacobian.mean(axis=0) * (1 + 1e-8))

    assert accuracy(subject(answer, "float32"), "mean") == "pass"
    assert accuracy(subject(answer, "float64"), "mean") == "fail"


def test_a_claim_widens_what_is_allowed() -> None:
    """An error of 1e-8 is within a claim of 1e-6."""
    one = subject(lambda j: direction(j.mean(axis=0) * (1 + 1e-8)), accuracy=1e-6)
    assert accuracy(one, "mean") == "pass"


def test_an_undefined_case_gates_nobody() -> None:
    """IMTL-G of a zero row has no answer, whatever the reply is; a crash stays a crash."""
    rows = ((0.0, 0.0), (1.0, 2.0))
    for reply, status in ((Status.REFUSED, "undefined"), (Status.CRASH, "crash")):
        seen = subject(lambda _, reply=reply: reply).observe(Example("imtl_g", rows))
        assert seen.status == status


def test_a_refusal_is_right_where_rounding_may_leave_no_answer() -> None:
    """IMTL-G of rows that depend but for 1e-15 may be refused, of others not."""
    near = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 3.0, 2.0**-50))
    for rows, status in ((near, "undefined"), (ROWS, "refused")):
        seen = subject(lambda _: Status.REFUSED).observe(Example("imtl_g", rows))
        assert seen.status == status


def test_a_set_is_judged_by_membership() -> None:
    """CAGrad of (1, 0), (-1, 0), (0, 1), c = 2: an answer is (0, y), 0 <= y, within the ball."""
    rows = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0))
    for values, verdict in (
        ([0.0, 0.0], "pass"),
        ([0.0, 0.5], "pass"),
        ([0.1, 0.5], "fail"),
        ([0.0, -0.1], "fail"),
        ([0.0, 1.1], "fail"),
    ):
        one = subject(lambda _, values=values: direction(values))
        assert accuracy(one, "cagrad", rows, c=2.0) == verdict


def test_a_support_that_no_rounding_leads_to_admits_nothing() -> None:
    """CAGrad of (1), (-3), c = 2 is 0; the ends of the ball belong to supports left open by it."""
    rows = ((1.0,), (-3.0,))
    for value, verdict in ((0.0, "pass"), (1.0, "fail"), (-3.0, "fail")):
        one = subject(lambda _, value=value: direction([value]))
        assert accuracy(one, "cagrad", rows, c=2.0) == verdict


def test_uncontrolled_orders_are_judged_by_the_nearest_outcome() -> None:
    """Each of PCGrad's outcomes passes without orders, and the plain sum does not."""
    rows = ((-1.0, 1.0), (-3.0, -1.0), (1.0, 0.0))
    from mtl_reference import METHODS

    for orders in (((1, 2), (0, 2), (0, 1)), ((2, 1), (2, 0), (1, 0))):
        right = METHODS["pcgrad"].direction(rows, orders=orders).to_float64()
        one = subject(lambda _, right=right: direction(right), randomness="uncontrolled")
        assert accuracy(one, "pcgrad", rows) == "pass"
    plain = subject(lambda j: direction(j.sum(axis=0)), randomness="uncontrolled")
    assert accuracy(plain, "pcgrad", rows) == "fail"


def test_what_is_not_finite_or_misshapen_is_no_output() -> None:
    """Laws meet facts instead of numbers that are none."""
    seen = subject(lambda _: direction([1.0, np.nan, 0.0])).observe(Example("mean", ROWS))
    assert (seen.outputs, seen.facts["finite"]) == ({}, False)
    seen = subject(lambda _: direction([1.0])).observe(Example("mean", ROWS))
    assert (seen.outputs, seen.facts["shape"]) == ({}, {"direction": [1]})


def test_a_fact_is_never_excused() -> None:
    """Outside the range of the dtype a margin is undecided, a broken fact is not."""
    rows = tuple(tuple(x * 1e-30 for x in row) for row in ROWS)
    rows = tuple(tuple(float(np.float32(x)) for x in row) for row in rows)
    one = subject(lambda _: direction([1.0, 1.0, 1.0]), "float32")
    seen = one.observe(Example("mgda", rows))
    broken = Margin("broken", Relation.ZERO, fmpq(1), (seen,))
    leaning = Margin("leaning", Relation.ZERO, fmpq(1), (seen,), {(0, "direction"): fmpq(1)})
    assert one.judge("span", seen.example, [broken]).verdict == "fail"
    assert one.judge("span", seen.example, [leaning]).verdict == "undecided"
    assert one.judge("homogeneous-range", seen.example, [leaning]).verdict == "fail"


def test_second_order_counts() -> None:
    """A margin with a curvature alone has an allowance, the square of the radius."""
    one = subject(lambda j: direction(j.mean(axis=0)))
    seen = one.observe(Example("mean", ROWS))
    bend = {(0, "direction"): fmpq(1)}
    small, large = fmpq(1, 2**100), fmpq(1, 2**80)
    margins = [Margin("bent", Relation.ZERO, x, (seen,), {}, bend) for x in (small, large)]
    assert one.judge("span", seen.example, margins[:1]).verdict == "pass"
    assert one.judge("span", seen.example, margins[1:]).verdict == "fail"
