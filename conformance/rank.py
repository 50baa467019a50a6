"""The rank of a Gramian, where rounding leaves no doubt about it."""

from collections.abc import Sequence

from flint import arb, arb_mat

from conformance import tolerance


def settled_rank(gramian: arb_mat, norms: Sequence[arb], width: int, dtype: str) -> int | None:
    """The exact rank; None if rows that are independent exactly may look dependent in the dtype.

    The square r = x'Cx of what the others leave of a row, C the cosines and x the combination
    that leaves it, moves by (d + 2) u (sum |x_j|)^2 at worst; an answer is allowed 30 such moves,
    and all of them must leave the rank. The rows are those of a basis, so exact dependence is
    left out of it.
    """
    inverse = _inverse_on_a_basis(_cosines(gramian, norms))
    size = inverse.nrows()
    share = tolerance.LIMIT * arb(tolerance.worst_case(width, dtype))
    for place in range(size):
        rest = 1 / inverse[place, place]
        spread = sum((abs(inverse[k, place] * rest) for k in range(size)), arb(0))
        if not rest > share * spread * spread:
            return None
    return size


def _inverse_on_a_basis(cosines: arb_mat) -> arb_mat:
    """The inverse for those rows that do not depend exactly on the ones before them."""
    basis: list[int] = []
    inverse = arb_mat(0, 0)
    for row in range(cosines.nrows()):
        tried = [*basis, row]
        try:
            inverse = arb_mat([[cosines[i, j] for j in tried] for i in tried]).inv()
        except ZeroDivisionError:
            continue
        basis = tried
    return inverse


def _cosines(gramian: arb_mat, norms: Sequence[arb]) -> arb_mat:
    """The Gramian of the rows that are not zero, over their lengths."""
    active = [task for task, norm in enumerate(norms) if not norm.contains(0)]
    entries = [gramian[i, j] / (norms[i] * norms[j]) for i in active for j in active]
    return arb_mat(len(active), len(active), entries)
