"""Recon's theorem: one step of the converted network beats one step of the plain one.

Theorem 4.1 with its full hypotheses: T >= 2 differentiable losses, weights >= 0 that sum to 1, and
cos(phi_ij) |g_i| < |g_j| for all ordered pairs of tasks on every turned layer. Then the sum of the
losses after a small step is strictly lower. On networks with polynomial activations the two sums
are polynomials in the step size, so "small" is a number that is computed.
"""

from collections.abc import Sequence
from itertools import pairwise, product

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mtl_reference.recon import closer_than_self, distance, first_order_difference
from properties.polynomial_networks import Network, Rational, compared, summed, task_gradients

HALF = fmpq(1, 2)
quick = settings(derandomize=True, database=None, deadline=None, max_examples=60)
small = st.integers(-4, 4).map(lambda n: fmpq(n, 2))


def matrices(rows: int, columns: int) -> st.SearchStrategy[Rational]:
    """Matrices of small halves."""
    row = st.tuples(*[small] * columns)
    return st.tuples(*[row] * rows)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Two or three tasks on one or two shared layers, the last with a unit for each task.

    Each head leans on its own unit, so that the tasks' gradients are often far enough apart.
    """
    tasks, depth = draw(st.integers(2, 3)), draw(st.integers(1, 2))
    sizes = [*(draw(st.integers(1, 2)) for _ in range(depth)), tasks]
    batch = draw(st.integers(1, 2))
    layers = tuple(draw(matrices(b, a)) for a, b in pairwise(sizes))
    leaning = tuple(
        tuple(entry / 4 + 3 * int(i == j) for j, entry in enumerate(row))
        for i, row in enumerate(draw(matrices(tasks, tasks)))
    )
    inputs, targets = draw(matrices(batch, sizes[0])), draw(matrices(batch, tasks))
    return Network(layers, leaning, inputs, tuple(tuple(t - 3 for t in row) for row in targets))


def shares(tasks: int) -> st.SearchStrategy[tuple[fmpq, ...]]:
    """Weights >= 0 that sum to 1."""
    counts = st.lists(st.integers(0, 4), min_size=tasks, max_size=tasks).filter(any)
    return counts.map(lambda c: tuple(fmpq(each, sum(c)) for each in c))


@quick
@given(networks(), st.data())
def test_one_step_of_the_converted_network_is_better(network: Network, data: st.DataObject) -> None:
    """Below the computed step size the converted network's loss is strictly lower."""
    depth = range(len(network.layers))
    apart = [k for k in depth if closer_than_self(task_gradients(network, k))]
    assume(apart)
    turned = data.draw(st.sets(st.sampled_from(apart), min_size=1))
    weights = data.draw(shares(network.tasks))
    found = compared(network, sorted(turned), weights)
    assert found.difference[1] == first_order_difference(found.layers, weights) < 0
    for part in (fmpq(1, 10**6), HALF, fmpq(999, 1000)):
        assert found.difference(part * found.safe) < 0


@quick
@given(networks(), st.data())
def test_the_first_order_difference_is_the_derivative(
    network: Network, data: st.DataObject
) -> None:
    """With or without the hypotheses, the formula of the proof is the slope of the difference."""
    weights = data.draw(st.tuples(*[small] * network.tasks))
    found = compared(network, [0], weights)
    assert found.difference[0] == 0
    assert found.difference[1] == first_order_difference(found.layers, weights)


def line(gradients: Sequence[Sequence[int | fmpq]]) -> Network:
    """A network of one layer whose rows are the tasks' own gradients at it.

    One unit and one sample with an input of 1 for each parameter: L_i = (u_i . W x - y_i)^2 / 2
    has the gradient (u_i W x - y_i) u_i x', so a layer of as many units as the gradients have
    entries, zero weights, heads g_i and targets -1 has the gradients g_i.
    """
    rows = tuple(tuple(fmpq(entry) for entry in row) for row in gradients)
    layer = tuple((fmpq(0),) for _ in rows[0])
    return Network((layer,), rows, ((fmpq(1),),), ((fmpq(-1),) * len(rows),))


def test_a_line_has_the_gradients_it_is_made_for() -> None:
    """The pinned networks below have the gradients that are written down."""
    found = compared(line([(3, 0), (0, 1)]), [0], (HALF, HALF))
    assert found.layers == (((fmpq(3), fmpq(0)), (fmpq(0), fmpq(1))),)


def test_a_negative_weight_breaks_it() -> None:
    """Rows (3,0), (0,1) and w = (1.2, -0.2): every other hypothesis holds, and the loss rises."""
    found = compared(line([(3, 0), (0, 1)]), [0], (fmpq(6, 5), fmpq(-1, 5)))
    assert closer_than_self(found.layers[0])
    assert found.difference[1] == fmpq(3, 5)
    assert found.difference(HALF * found.safe) > 0


def test_the_sum_update_breaks_it() -> None:
    """Weights that sum to 2, as published code has them: (1,0), (.8,.7) give +1.6 a."""
    found = summed(line([(1, 0), (fmpq(4, 5), fmpq(7, 10))]), [0])
    assert closer_than_self(found.layers[0])
    assert found.difference[1] == fmpq(8, 5)


def test_without_the_inequality_it_breaks() -> None:
    """Rows (2), (1): <g_1, g_2> = 2 >= 1 = |g_2|^2, and with w = (1, 0) the loss rises."""
    found = compared(line([(2,), (1,)]), [0], (fmpq(1), fmpq(0)))
    assert not closer_than_self(found.layers[0])
    assert found.difference[1] > 0


def test_one_task_gains_nothing() -> None:
    """T = 1: the two networks take the same step, so nothing is strictly lower."""
    assert compared(line([(1, 2)]), [0], (fmpq(1),)).difference == fmpq_poly([0])


def test_a_kink_breaks_it() -> None:
    """L_1 = 3|x|, L_2 = -x at 0, with 3 and -1 as gradients: (6) holds, the losses rise.

    After a step a the plain network is at x = -a, with 3a + a; the converted one has x_1 = -3a and
    x_2 = a, with 9a - a.
    """
    step = fmpq(1, 100)
    assert closer_than_self([(3,), (-1,)])
    plain = 3 * abs(-step) - (-step)
    converted = 3 * abs(-3 * step) - step
    assert converted > plain


def test_distances_of_rankings_are_a_metric() -> None:
    """Zero for the same alone, symmetric, and no detour is shorter (all rankings of 4 layers)."""
    orders = [order for order in product(range(4), repeat=4) if len(set(order)) == 4]
    known = {(p, q): distance(p, q) for p in orders for q in orders}
    assert all((known[p, q] == 0) == (p == q) and known[p, q] == known[q, p] for p, q in known)
    assert all(known[p, r] <= known[p, q] + known[q, r] for p, q in known for r in orders[::5])


@pytest.mark.parametrize("layers", [1, 2, 5, 8])
def test_reversing_is_farthest(layers: int) -> None:
    """The reversed ranking is floor(n^2 / 2) / n away."""
    same = list(range(layers))
    assert distance(same, same[::-1]) == fmpq(layers * layers // 2, layers)
