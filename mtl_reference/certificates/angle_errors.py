"""Why angle errors are right: told by arc sines of the complements, and counted out."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import arb, fmpq

from mtl_reference.enclosure import Number, Real, Vector, decide
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import added
from mtl_reference.rational import Scalar, inner, matrix

Normals = Sequence[Sequence[fmpq]]


def certificate(
    predicted_normals: Normals,
    outputs: Outputs,
    *,
    true_normals: Sequence[Sequence[Scalar]],
    degrees: float = 11.25,
) -> Iterator[Residual]:
    """Conditions on "mean", "median" and "within" (1,), whichever are there.

    The angle of a product p is 90 - asin(p) degrees. As many angles lie above the median as below,
    and the share is that of the angles below the bound. Nothing is asked without a true normal.
    """
    pairs = zip(predicted_normals, matrix("true_normals", true_normals), strict=True)
    products = [inner(p, n) for p, n in pairs if sum(n, fmpq(0)) != 0]
    angles = sorted((_angle(product) for product in products), key=_Key)
    count = len(angles)
    slope: dict[str, Number] = {"mean": fmpq(count)}
    if "mean" in outputs and count:
        rest = cast("Vector", outputs["mean"])[0] * count - added(angles)
        yield Residual("mean", Relation.ZERO, rest, slope)
    if "median" in outputs and count:
        middle = (angles[(count - 1) // 2] + angles[count // 2]) / 2
        rest = cast("Vector", outputs["median"])[0] - middle
        yield Residual("median", Relation.ZERO, rest, {"median": fmpq(1)})
    if "within" in outputs and count:
        bound = finite("degrees", degrees)
        hits = sum(decide(bound - angle) == 1 for angle in angles)
        rest = cast("Vector", outputs["within"])[0] * count - hits
        yield Residual("within", Relation.ZERO, rest, {"within": fmpq(count)})


class _Key:
    """The order of angles, as a key."""

    __slots__ = ("angle",)

    def __init__(self, angle: Number) -> None:
        self.angle = angle

    def __lt__(self, other: "_Key") -> bool:
        return decide(self.angle - other.angle) == -1


def _angle(product: fmpq) -> Number:
    """Degrees: rational where the product is (Niven), else a ball."""
    clamped = max(fmpq(-1), min(fmpq(1), product))
    known = {fmpq(-1): 180, fmpq(-1, 2): 120, fmpq(0): 90, fmpq(1, 2): 60, fmpq(1): 0}
    if clamped in known:
        return fmpq(known[clamped])
    return Real(lambda _: 90 - arb(clamped).asin() * 180 / arb.pi())
