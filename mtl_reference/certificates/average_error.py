"""Why an average error is right: what the errors differ from it by adds up to nothing."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import added


def certificate(errors: Sequence[fmpq], outputs: Outputs) -> Iterator[Residual]:
    """The condition on "figure" (1,)."""
    if "figure" in outputs:
        mean = cast("Vector", outputs["figure"])[0]
        rest = added([error - mean for error in errors])
        yield Residual("mean", Relation.ZERO, rest, {"figure": fmpq(len(errors))})
