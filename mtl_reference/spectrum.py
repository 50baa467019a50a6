"""The inverse square root of a Gramian on its range, applied to a vector: exact, or enclosed.

K has the distinct eigenvalues mu_1 ... mu_k > 0, and maybe 0. The part of p in the eigenspace of
mu_j is the product over the other eigenvalues l of (K - l) / (mu_j - l), applied to p: no
eigenvector is needed, and coinciding eigenvalues are no trouble, since they are told apart exactly.
They are the roots of the characteristic polynomial without its repeated factors. The number of its
roots 0 is the exact defect of the rank. Rational eigenvalues of an integer matrix are integers, so
that they are found by evaluation; where all are, the answer is a sum of square roots.
"""

from collections.abc import Sequence
from typing import Final, cast, final

from flint import acb, arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference.enclosure import Real, Vector
from mtl_reference.pairing import added
from mtl_reference.rational import RationalVector
from mtl_reference.surd import sqrt

_GUARD_BITS: Final = 32


@final
class Spectrum:
    """The eigenvalues of a Gramian (T, T) of rationals, and what is made of them.

    >>> Spectrum(fmpq_mat([[4, 0], [0, 0]])).rank
    1
    """

    def __init__(self, gramian: fmpq_mat) -> None:
        self.gramian = gramian
        self.integers, self.scale = gramian.numer_denom()
        polynomial = self.integers.charpoly()
        defect = 0
        while polynomial[defect] == 0:
            defect += 1
        self.rank = gramian.nrows() - defect
        shifted = polynomial.right_shift(defect)
        self.simple = shifted // shifted.gcd(shifted.derivative())
        self._balls: dict[int, tuple[arb, ...]] = {}

    def eigenvalues(self) -> list[arb]:
        """The distinct positive eigenvalues, falling, at the precision that the caller set."""
        roots = [root.real / self.scale for root in self._roots()]
        return sorted(roots, key=lambda root: root.mid(), reverse=True)

    def _roots(self) -> list[acb]:
        """Those of the integers' polynomial; all are real, and none is met twice."""
        told = cast("list[tuple[acb, int]]", self.simple.complex_roots())
        return [root for root, _ in told]

    def rational_eigenvalues(self) -> list[fmpq] | None:
        """The same as rationals, where all of them are."""
        with ctx.workprec(self.simple.height_bits() + _GUARD_BITS):
            found = [root.real.unique_fmpz() for root in self._roots()]
        if any(root is None or self.simple(root) != 0 for root in found):
            return None
        whole = sorted((root for root in found if root is not None), reverse=True)
        return [fmpq(root, self.scale) for root in whole]

    def inverse_root(self, vector: RationalVector) -> Vector:
        """sqrt(mu) K^(-1/2) p on the range of K (T,), mu the least positive eigenvalue; 0 if none.

        >>> print(*Spectrum(fmpq_mat([[4, 0], [0, 1]])).inverse_root([fmpq(1), fmpq(1)]))
        1/2 1
        """
        values = self.rational_eigenvalues()
        if values is None:
            return tuple(self._entry(tuple(vector), task) for task in range(len(vector)))
        parts = [_part(self.gramian, vector, value, values, self.rank) for value in values]
        roots = [sqrt(values[-1] / value) for value in values]
        return tuple(
            added([fmpq(0), *(part[task] * root for part, root in zip(parts, roots, strict=True))])
            for task in range(len(vector))
        )

    def _entry(self, vector: RationalVector, task: int) -> Real:
        return Real(lambda bits: self._enclosed(vector, bits)[task])

    def _enclosed(self, vector: RationalVector, bits: int) -> tuple[arb, ...]:
        """Balls at a working precision."""
        if bits not in self._balls:
            with ctx.workprec(bits + _GUARD_BITS):
                matrix, values = arb_mat(self.gramian), self.eigenvalues()
                total = arb_mat(len(vector), 1)
                for value in values:
                    column = arb_mat(len(vector), 1, [arb(entry) for entry in vector])
                    for other in values:
                        if other is not value:
                            column = (matrix * column - column * other) / (value - other)
                    if self.rank < len(vector):
                        column = matrix * column / value
                    total += column * (values[-1] / value).sqrt()
            self._balls[bits] = tuple(total.entries())
        return self._balls[bits]


def _part(
    gramian: fmpq_mat, vector: RationalVector, value: fmpq, values: Sequence[fmpq], rank: int
) -> RationalVector:
    """The part of a vector in the eigenspace of a rational eigenvalue."""
    column = fmpq_mat(len(vector), 1, list(vector))
    for other in values:
        if other != value:
            column = (gramian * column - column * other) / (value - other)
    if rank < len(vector):
        column = gramian * column / value
    return tuple(column.entries())


def eigenvectors(matrix: arb_mat) -> tuple[list[arb], arb_mat, arb_mat]:
    """Eigenvalues of a symmetric matrix, falling, its eigenvectors as columns, their inverse.

    Midpoints at twice the working precision, without a proof: for the analysis of perturbations.
    ZeroDivisionError where they are lost.
    """
    size = matrix.nrows()
    with ctx.workprec(2 * ctx.prec):
        values, vectors = matrix.mid().eig(right=True, algorithm="approx")
        order = sorted(range(size), key=lambda k: values[k].real.mid(), reverse=True)
        entries = [vectors[i, k].real.mid() for i in range(size) for k in order]
        basis = arb_mat(size, size, entries)
        return [values[k].real.mid() for k in order], basis, basis.inv().mid()
