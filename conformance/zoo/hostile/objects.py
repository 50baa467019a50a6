"""Hostile Python objects, served by the host: it sees what a program would have to confess."""

from collections.abc import Mapping
from typing import Any, final

import numpy as np

from conformance.wire import Array, Document
from conformance.zoo.hostile.honest import HARMLESS_TASKS, describe, direction


@final
class _Mutating:
    """A backend that projects in place, in the caller's own jacobian."""

    @staticmethod
    def describe() -> Document:
        return describe("mutating")

    @staticmethod
    def evaluate(
        method: str,
        inputs: Mapping[str, Array],
        params: Mapping[str, float],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> dict[str, Array]:
        del params, seed
        jacobian = inputs["jacobian"]
        answer = direction(method, jacobian, (random or {}).get("orders"))
        if len(jacobian) > HARMLESS_TASKS:
            jacobian[0] = answer
        return {"direction": answer}


@final
class _Sampling:
    """A backend that weighs the tasks by numpy's global random state."""

    @staticmethod
    def describe() -> Document:
        return describe("sampling")

    @staticmethod
    def evaluate(
        method: str,
        inputs: Mapping[str, Array],
        params: Mapping[str, float],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> dict[str, Array]:
        del params, seed
        jacobian = inputs["jacobian"]
        answer = direction(method, jacobian, (random or {}).get("orders"))
        if len(jacobian) > HARMLESS_TASKS:
            weights = np.random.rand(len(jacobian))  # noqa: NPY002  (the mistake it stands for)
            answer = np.asarray(weights / weights.sum() @ jacobian, jacobian.dtype)
        return {"direction": answer}


mutating = _Mutating()
sampling = _Sampling()
OBJECTS = ("mutating", "sampling")
