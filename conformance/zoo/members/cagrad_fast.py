"""A member of CAGrad-Fast's set of answers where a combination of the condensed rows is zero."""

from collections.abc import Sequence
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.method import Outputs
from mtl_reference.methods.cagrad_fast import checked, condensed
from mtl_reference.rational import Jacobian
from mtl_reference.simplex import least_distance


def member(gradients: Jacobian, *, sample: Sequence[int], **_: object) -> Outputs:
    """The member that is nearest to the mean: its projection on {Gd >= 0}."""
    rows, centre = condensed(gradients, checked(sample, gradients.tasks))
    gramian = rows.gramian()
    offsets = (gramian * fmpq_mat(rows.tasks, 1, centre)).entries()
    multipliers = least_distance(gramian, tuple(-offset for offset in offsets))
    pairs = zip(centre, cast("Sequence[fmpq]", multipliers), strict=True)
    return {"direction": rows.combine([m + v for m, v in pairs])}
