"""Metrics on small cases that are worked out by hand, and what they refuse."""

from fractions import Fraction

import pytest
from flint import fmpq

from mtl_reference import metrics
from mtl_reference.enclosure import round_float64


def test_ties_count_one_half_in_the_area() -> None:
    """Positives 2, 1 against negatives 1, 0: three wins and a tie of four pairs."""
    assert metrics.area_under_curve([2, 1, 1, 0], [1, 1, 0, 0]) == fmpq(7, 8)
    assert metrics.area_under_curve([1, 1], [1, 0]) == fmpq(1, 2)


def test_one_class_has_no_area() -> None:
    """Without negatives, and with a label that is neither, there is no answer."""
    with pytest.raises(ValueError, match="at least one entry"):
        metrics.area_under_curve([1, 2], [1, 1])
    with pytest.raises(ValueError, match=r"labels must be 0 or 1 \(got 2\)"):
        metrics.area_under_curve([1, 2], [1, 2])


def test_the_mean_iou_is_of_one_matrix() -> None:
    """Pooled over two images 1/2 and 2/3; the mean of the images' own would be another number."""
    table = metrics.confusion([0, 0, 1, 1, 2], [0, 1, 1, 1, -1], 2)
    assert table == ((1, 0), (1, 2))
    assert metrics.intersection_over_union(table) == (fmpq(1, 2), fmpq(2, 3))
    assert metrics.mean_intersection_over_union(table) == fmpq(7, 12)
    assert metrics.pixel_accuracy(table) == fmpq(3, 4)


def test_an_absent_class_is_left_out_and_told() -> None:
    """Of three classes one neither occurs nor is predicted: 0/0 is not 0."""
    table = metrics.confusion([0, 1], [0, 1], 3)
    assert metrics.intersection_over_union(table) == (1, 1, None)
    assert metrics.mean_intersection_over_union(table) == 1


def test_a_class_out_of_range_is_refused() -> None:
    """A prediction of a class that is not there is named."""
    with pytest.raises(ValueError, match=r"predictions must be classes from 0 to 1 \(got 5\)"):
        metrics.confusion([5], [0], 2)


def test_depths_of_zero_do_not_count() -> None:
    """Errors 1 and 1 on depths 2 and 4: absolute 1, relative 3/8."""
    assert metrics.depth_errors([1, 5, 9], [2, 4, 0]) == (1, fmpq(3, 8))
    with pytest.raises(ValueError, match="at least one depth"):
        metrics.depth_errors([1], [0])


UP, SIDE, DOWN = (0, 0, 1), (1, 0, 0), (0, 0, -1)
SLANTED = (Fraction(3, 5), 0, Fraction(4, 5))


def test_angles_are_pooled() -> None:
    """0, 90 and 36.87 degrees: mean 42.29, median 36.87; a zero normal does not count."""
    found = metrics.angles([UP, SIDE, SLANTED, UP], [UP, UP, UP, (0, 0, 0)])
    assert round_float64(found.median) == pytest.approx(36.86989764584402, abs=1e-13)
    assert round_float64(found.mean) == pytest.approx(42.28996588194801, abs=1e-13)
    assert metrics.angles([UP, SIDE], [UP, UP]).median == 45


def test_within_is_strict() -> None:
    """An angle of exactly 60 or 90 degrees is not within it."""
    found = metrics.angles([SIDE, UP], [UP, UP])
    assert [found.within(bound) for bound in (90, Fraction(901, 10), 11.25)] == [
        fmpq(1, 2), 1, fmpq(1, 2),
    ]  # fmt: skip


def test_batches_of_unequal_size_average_to_another_number() -> None:
    """The legacy form weighs a batch of one as much as a batch of three."""
    pooled = metrics.accuracy([1, 0, 0, 0], [1, 1, 1, 1])
    legacy = metrics.batch_averaged(
        [metrics.accuracy([1], [1]), metrics.accuracy([0, 0, 0], [1, 1, 1])]
    )
    assert (pooled, legacy) == (fmpq(1, 4), fmpq(1, 2))


def test_delta_m_has_two_conventions() -> None:
    """Gains of 50 and 0 per cent on one task, 25 on the other, whose criterion is an error."""
    given = ([3, 4, 6], [2, 4, 8], [False, False, True], [0, 0, 1])
    assert metrics.delta_m(*given) == -fmpq(1, 4)
    assert metrics.delta_m(*given, convention="grouped-gain") == fmpq(1, 4)
    assert metrics.delta_m([3], [-2], [False], [0]) == fmpq(5, 2)  # over the signed baseline
    with pytest.raises(ValueError, match=r"baseline\[1\] must not be 0"):
        metrics.delta_m([1, 1], [1, 0], [False, False], [0, 1])


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [
        ("ordinal", [1, 2, 3, 4]), ("min", [1, 2, 2, 4]), ("max", [1, 3, 3, 4]),
        ("average", [1, fmpq(5, 2), fmpq(5, 2), 4]), ("dense", [1, 2, 2, 3]),
    ],
)  # fmt: skip
def test_ranks_with_ties(ties: str, ranks: list[fmpq]) -> None:
    """One criterion, higher is better: 9, 5, 5, 1."""
    assert list(metrics.mean_ranks([[9], [5], [5], [1]], [False], ties)) == ranks


def test_success_is_the_best_evaluation() -> None:
    """The best mean over evaluations, not the last and not the mean of all."""
    assert metrics.success_rate([[0, 1], [1, 1], [0, 0]]) == 1
    assert metrics.average_error([1, 2]) == fmpq(3, 2)


def test_a_standard_error_is_exact() -> None:
    """Of 1, 2, 3: the root of 1/3, with n - 1 below the squares."""
    assert metrics.standard_error([1, 2, 3]) * metrics.standard_error([1, 2, 3]) == fmpq(1, 3)
    with pytest.raises(ValueError, match="at least two"):
        metrics.standard_error([1])


def test_equal_means_have_probability_one() -> None:
    """And two samples that do not vary have no test."""
    assert metrics.welch_t_test([1, 3], [2, 2]).probability == 1
    with pytest.raises(ValueError, match="must vary"):
        metrics.welch_t_test([1, 1], [2, 2])


def test_lists_of_two_lengths_are_refused() -> None:
    """Predictions and labels go side by side."""
    with pytest.raises(ValueError, match=r"one length \(got 1 and 2\)"):
        metrics.accuracy([1], [1, 2])
