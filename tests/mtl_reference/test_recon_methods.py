"""Recon's counts as methods: boundaries by hand, and certificates that see mistakes."""

from typing import Any

import pytest
from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import decide
from mtl_reference.method import Outputs, Relation

HALF = ((1, 1, 0), (-1, 0, 1))  # a cosine of exactly -1/2


def holds(method: str, inputs: dict[str, Any], outputs: Outputs, **params: float) -> bool:
    """Whether the certificate is kept exactly."""
    found = METHODS[method].certify(inputs, outputs, None, params)
    wanted = {Relation.ZERO: (0,), Relation.NONNEGATIVE: (0, 1)}
    return all(decide(each.value) in wanted[each.relation] for each in found)


@pytest.mark.parametrize(("severity", "count"), [(0.0, 1), (-0.5, 0), (-0.5 + 2.0**-40, 1)])
def test_a_cosine_at_the_severity_is_not_below_it(severity: float, count: int) -> None:
    """The comparison is strict, and exact on both sides of the boundary."""
    found = METHODS["recon_scores"].answer(
        {"layer_gradients": [HALF]}, None, {"severity": severity}
    )
    assert found.outputs["scores"] == (count,)
    assert holds("recon_scores", {"layer_gradients": [HALF]}, found.outputs, severity=severity)


def test_a_zero_gradient_conflicts_with_none() -> None:
    """Its cosine is 0, and 0 is not below 0."""
    layers = [[(0, 0), (1, 0), (-1, 0)]]
    assert METHODS["recon_scores"].answer({"layer_gradients": layers}).outputs["scores"] == (1,)


@pytest.mark.parametrize(
    ("method", "inputs", "params", "right", "wrong"),
    [
        ("recon_scores", {"layer_gradients": [HALF]}, {}, {"scores": (1,)}, {"scores": (2,)}),
        ("recon_select", {"scores": (1, 3, 3)}, {"k": 2}, {"layers": (1, 2)}, {"layers": (2, 1)}),
        ("recon_select", {"scores": (1, 3, 3)}, {"k": 2}, {"layers": (1, 2)}, {"layers": (1, 0)}),
        (
            "ranking_distance",
            {"first": (0, 1, 2), "second": (2, 0, 1)},
            {},
            {"distance": (fmpq(4, 3),)},
            {"distance": (fmpq(4),)},
        ),
        (
            "conflict_histogram",
            {"cosines": (0, -0.5, -1)},
            {"edges": (0.0, -0.5)},
            {"fractions": (fmpq(1, 3), fmpq(1, 3), fmpq(1, 3))},
            {"fractions": (fmpq(0), fmpq(2, 3), fmpq(1, 3))},
        ),
    ],
)
def test_answers_by_hand_and_their_certificates(
    method: str, inputs: dict[str, Any], params: dict[str, Any], right: Outputs, wrong: Outputs
) -> None:
    """The answer is the one known, its certificate holds, and that of a usual mistake does not."""
    assert dict(METHODS[method].answer(inputs, None, params).outputs) == right
    assert holds(method, inputs, {name: tuple(map(fmpq, each)) for name, each in right.items()},
                 **params)  # fmt: skip
    broken = {name: tuple(map(fmpq, each)) for name, each in wrong.items()}
    assert not holds(method, inputs, broken, **params)


@pytest.mark.parametrize(
    ("method", "inputs", "params", "message"),
    [
        ("recon_scores", {"layer_gradients": [HALF, ((1,),)]}, {}, "one number of tasks"),
        ("recon_scores", {"layer_gradients": [HALF]}, {"severity": 0.5}, "severity"),
        ("recon_select", {"scores": (1, 2)}, {"k": 3}, "between 0 and the number"),
        ("recon_select", {"scores": (1, 0.5)}, {}, "scores must be whole"),
        ("ranking_distance", {"first": (0, 1), "second": (0, 0)}, {}, "second must list"),
        ("conflict_histogram", {"cosines": (2.0,)}, {}, r"cosines\[0\]"),
    ],
)
def test_what_is_no_input_is_named(
    method: str, inputs: dict[str, Any], params: dict[str, Any], message: str
) -> None:
    """Errors state name, rule and value."""
    with pytest.raises(ValueError, match=message):
        METHODS[method].answer(inputs, None, params)
