"""Recon's reference: scores, rankings, histograms, sizes, and the sign of Theorem 4.1."""

from fractions import Fraction
from itertools import permutations

import pytest
from flint import fmpq

from mtl_reference import recon
from mtl_reference.rational import Scalar


def rounded(number: fmpq) -> float:
    """A rational to four decimals."""
    return round(int(number.p) / int(number.q), 4)


def test_the_severity_is_strict_and_exact() -> None:
    """At a cosine of exactly -3/5 nothing conflicts at S = -3/5, and it does a hair above."""
    layer = [(5, 0), (-3, 4)]
    assert recon.scores([layer], Fraction(-3, 5)) == (0,)
    assert recon.scores([layer], Fraction(-3, 5) + Fraction(1, 10**30)) == (1,)


def test_pairs_are_counted_once() -> None:
    """Three gradients that all conflict make three pairs, not six."""
    assert recon.scores([[(2, 0), (-1, 1), (-1, -2)]]) == (3,)


def test_a_zero_gradient_never_conflicts() -> None:
    """Its cosine is set 0, which is below no severity."""
    assert recon.scores([[(0, 0), (-1, 0), (1, 0)]]) == (1,)


@pytest.mark.parametrize("severity", [-1, 0.5, float("nan")])
def test_a_severity_out_of_range_is_refused(severity: float) -> None:
    """S must be above -1 and at most 0 (Definition 3)."""
    with pytest.raises((ValueError, TypeError), match=r"severity|nan"):
        recon.scores([[(1, 0), (0, 1)]], severity)


def test_layers_of_different_tasks_are_refused() -> None:
    """All layers are shared by the same tasks."""
    with pytest.raises(ValueError, match="one number of tasks"):
        recon.scores([[(1,), (2,)], [(1,)]])


def test_ties_stay_in_network_order() -> None:
    """The highest scores first; of equals the earlier layer."""
    assert recon.selection([1, 7, 7, 0, 7], 2) == (1, 2)
    with pytest.raises(ValueError, match="between 0 and the number of layers, 5"):
        recon.selection([1, 7, 7, 0, 7], 6)


def test_the_distance_is_at_most_half_of_n() -> None:
    """Eq. (22) reaches floor(n^2/2)/n, by reversing; and is even over n (n = 4, all rankings)."""
    same = (0, 1, 2, 3)
    found = [recon.distance(same, other) for other in permutations(same)]
    assert max(found) == recon.distance(same, same[::-1]) == 2
    assert all((2 * each).q == 1 for each in found)


def test_a_ranking_lists_each_layer_once() -> None:
    """A layer that is missing is an error."""
    with pytest.raises(ValueError, match="second must list each of the layers 0 to 2 once"):
        recon.distance([0, 1, 2], [0, 1, 1])


def test_every_cosine_lies_in_one_interval() -> None:
    """Ends belong to the milder interval's end: 0 to the first, -0.01 to the second."""
    edges: list[Scalar] = [0, Fraction(-1, 100), Fraction(-2, 100)]
    cosines: list[Scalar] = [1, 0, Fraction(-1, 1000), Fraction(-1, 100), Fraction(-2, 100), -1]
    counts = [share * 6 for share in recon.histogram(cosines, edges)]
    assert counts == [2, 2, 1, 1]
    with pytest.raises(ValueError, match=r"cosines\[0\] must lie in \[-1, 1\]"):
        recon.histogram([2], edges)
    with pytest.raises(ValueError, match="edges must fall"):
        recon.histogram([0], [0, 0])


def test_the_reduction_of_table_6() -> None:
    """Joint training 12.56 per cent, with Recon 3.79: a reduction of 69.8 per cent."""
    joint = [fmpq(share, 10000) for share in (5656, 3125, 926, 205, 125)]
    with_recon = [fmpq(share, 10000) for share in (5853, 3767, 304, 50, 25)]
    assert abs(recon.reduction(joint, with_recon, 2) - fmpq(6982, 100)) < fmpq(1, 100)


def test_the_layer_that_crosses_the_budget_is_taken() -> None:
    """RSP stops once it has added more than Recon did."""
    assert recon.random_parameters([2, 0, 1], [10, 20, 30], 30) == (2, 0)
    assert recon.random_parameters([2, 0, 1], [10, 20, 30], 29) == (2,)
    assert recon.first_layers(5, 2) == (0, 1)
    assert recon.last_layers(5, 2) == (3, 4)


def test_the_size_of_resnet18() -> None:
    """11,223,560 parameters are 42.8145 MB; 160,192 more for one more task 43.4256 MB."""
    assert rounded(recon.megabytes(11223560)) == 42.8145
    assert rounded(recon.megabytes(recon.turned(11223560, [160192], 2))) == 43.4256


def test_a_negative_weight_turns_theorem_4_1_over() -> None:
    """Rows (3,0), (0,1) satisfy (6), and w = (1.2, -0.2) makes the difference +0.6 a."""
    layer = [(3, 0), (0, 1)]
    assert recon.closer_than_self(layer)
    assert recon.first_order_difference([layer], [Fraction(6, 5), Fraction(-1, 5)]) == fmpq(3, 5)
    assert recon.first_order_difference([layer], [Fraction(1, 2), Fraction(1, 2)]) < 0


def test_the_hypothesis_is_of_all_ordered_pairs() -> None:
    """(6) fails in one direction only: <g_1, g_2> = 2 >= |g_2|^2 = 1."""
    assert not recon.closer_than_self([(2, 0), (1, 0)])
    assert not recon.closer_than_self([(1, 0), (0, 0)])
