"""The shapes that transcriptions speak of."""

from collections.abc import Sequence

from conformance.zoo.programs import Array

Outputs = dict[str, Array]
Orders = Sequence[Sequence[int]]
