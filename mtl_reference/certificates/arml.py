"""Why an ARML answer is right: what is left of the main gradient is as short as it can be.

e = g - sum_k a_k h_k is the shortest vector of the hull of the rows g - K h_k, and the direction is
2 g - e: MGDA's conditions hold for e, with the weights a / K.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.certificates import mgda
from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Residual
from mtl_reference.rational import Jacobian, Scalar, jacobian, numbers


def certificate(
    auxiliary: Jacobian, outputs: Outputs, *, gradient: Sequence[Scalar]
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    main, tasks = numbers("gradient", gradient), auxiliary.tasks
    apart = jacobian(
        [[g - tasks * h for g, h in zip(main, auxiliary.row(k), strict=True)] for k in range(tasks)]
    )
    told: dict[str, Vector] = {}
    if "direction" in outputs:
        direction = cast("Vector", outputs["direction"])
        told["direction"] = tuple(2 * g - x for g, x in zip(main, direction, strict=True))
    if "weights" in outputs:
        weights = cast("Vector", outputs["weights"])
        told["weights"] = tuple(weight * fmpq(1, tasks) for weight in weights)
    for residual in mgda.certificate(apart, told):
        yield Residual(
            residual.name,
            residual.relation,
            residual.value,
            {name: _shrunk(name, slope, tasks) for name, slope in residual.slopes.items()},
            {name: _shrunk(name, b, tasks * tasks) for name, b in residual.curvatures.items()},
        )


def _shrunk(name: str, slope: Number, factor: int) -> Number:
    """An error of a is one of a / K that is K times smaller."""
    return slope * fmpq(1, factor) if name == "weights" else slope
