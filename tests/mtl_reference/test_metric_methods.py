"""Metrics as methods: figures by hand, certificates that see a moved figure, what is undefined."""

from typing import Any

import pytest
from flint import fmpq

from mtl_reference import METHODS, Kind
from mtl_reference.enclosure import decide, enclose

GIVEN: dict[str, dict[str, Any]] = {
    "delta_m": {
        "values": [1, 2, 3],
        "baseline": [2, 1.5, -4],
        "lower_is_better": [True, False, True],
        "task": [0, 1, 1],
    },
    "mean_rank": {"values": [(1, 2), (1, 3), (2, 3)], "lower_is_better": [True, False]},
    "area_under_curve": {"confidences": [3, 1, 1, 0], "labels": [1, 1, 0, 0]},
    "average_error": {"errors": [1, 2, 6]},
    "standard_error": {"figures": [1, 2, 6]},
    "depth_errors": {"predicted_depths": [1, 5, 9], "depths": [2, 4, 0]},
    "angle_errors": {
        "predicted_normals": [(0.5, 0.25, 0.75), (0.75, 0, 0.5), (0, 1, 0)],
        "true_normals": [(0, 0, 1), (0.5, 0.5, 0.5), (0, 0, 0)],
    },
    "welch_t_test": {"first_sample": [1, 2, 3], "second_sample": [2, 3, 7, 9]},
}


@pytest.mark.parametrize("method", GIVEN)
def test_a_figure_meets_its_certificate_and_a_moved_one_does_not(method: str) -> None:
    """Each output, moved by a billionth, leaves a residual."""
    facts, given = METHODS[method], GIVEN[method]
    outputs = facts.answer(given).outputs
    exact = list(facts.certify(given, outputs))
    assert exact
    assert all(decide(each.value) in {0, 1, None} for each in exact)
    for name, output in outputs.items():
        moved = {**outputs, name: (output[0] + fmpq(1, 10**9), *output[1:])}  # type: ignore[operator]
        assert any(decide(each.value) not in {0, None} for each in facts.certify(given, moved))


def test_delta_m_has_two_conventions() -> None:
    """Gains 1/2, 1/3, -7/4 ... by hand: the flat drop, and the gain by task."""
    given = GIVEN["delta_m"]
    gains = [fmpq(1, 2), fmpq(1, 3), fmpq(7, 4)]
    flat = METHODS["delta_m"].answer(given).outputs["delta"]
    grouped = METHODS["delta_m"].answer(given, params={"convention": "grouped-gain"})
    assert flat == (-sum(gains, fmpq(0)) / 3,)
    assert grouped.outputs["delta"] == ((gains[0] + (gains[1] + gains[2]) / 2) / 2,)


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [
        ("ordinal", (2, fmpq(3, 2), fmpq(5, 2))),
        ("min", (2, 1, 2)),
        ("average", (fmpq(9, 4), fmpq(3, 2), fmpq(9, 4))),
        ("max", (fmpq(5, 2), 2, fmpq(5, 2))),
        ("dense", (fmpq(3, 2), 1, fmpq(3, 2))),
    ],
)
def test_ties_rank_as_asked(ties: str, ranks: tuple[fmpq, ...]) -> None:
    """Two ties, one in each criterion, of which the second is better when higher."""
    answer = METHODS["mean_rank"].answer(GIVEN["mean_rank"], params={"ties": ties})
    assert answer.outputs["ranks"] == ranks


def test_the_median_of_an_even_number_is_between_the_middle_two() -> None:
    """Angles 0 and 90 degrees; both below 91, one below 90."""
    given = {"predicted_normals": [(1, 0, 0), (0, 1, 0)], "true_normals": [(1, 0, 0), (0, 0, 1)]}
    wide = METHODS["angle_errors"].answer(given, params={"degrees": 91})
    right = METHODS["angle_errors"].answer(given, params={"degrees": 90})
    assert wide.outputs == {"mean": (45,), "median": (45,), "within": (1,)}
    assert right.outputs["within"] == (fmpq(1, 2),)


def test_welch_by_hand() -> None:
    """Samples (1, 2, 3) and (2, 3, 4): t = -sqrt(3/2), v = 4, and the table's two-sided .288."""
    test = METHODS["welch_t_test"].answer({"first_sample": [1, 2, 3], "second_sample": [2, 3, 4]})
    statistic, chance = test.outputs["statistic"][0], test.outputs["probability"][0]
    assert statistic * statistic == fmpq(3, 2)  # type: ignore[operator]
    assert decide(statistic) == -1  # type: ignore[arg-type]
    assert test.outputs["freedom"] == (4,)
    assert float(enclose(chance, 60)) == pytest.approx(0.28786, abs=1e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("delta_m", {"baseline": [2, 0, 1]}),
        ("area_under_curve", {"labels": [1, 1, 1, 1]}),
        ("standard_error", {"figures": [1]}),
        ("depth_errors", {"depths": [0, 0, 0]}),
        ("angle_errors", {"true_normals": [(0, 0, 0), (1, -1, 0), (0, 0, 0)]}),
        ("welch_t_test", {"first_sample": [1]}),
        ("welch_t_test", {"first_sample": [1, 1], "second_sample": [2, 2]}),
    ],
)
def test_what_has_no_figure_is_undefined(method: str, change: dict[str, Any]) -> None:
    """A zero to divide by, a class, a pixel or a spread that is missing."""
    answer = METHODS[method].answer({**GIVEN[method], **change})
    assert answer.kind is Kind.UNDEFINED
    assert answer.reason
