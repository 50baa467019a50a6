"""A backend in a file: the mean is right, the sum forgets the last of three rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np

TOLD = {
    "params": {},
    "dtypes": ["float64"],
    "scale": "1",
    "randomness": "none",
    "stateful": False,
    "outputs": ["direction"],
    "accuracy": None,
}


class HalfWrong:
    """The backend."""

    def describe(self) -> dict[str, Any]:
        """Declare both methods."""
        methods = {"mean": TOLD, "sum": TOLD}
        return {"protocol": 1, "name": "half-wrong", "version": "1", "methods": methods}

    def evaluate(
        self, method: str, inputs: Mapping[str, Any], params: object, random: object, seed: int
    ) -> dict[str, Any]:
        """Answer, refusing what is not finite."""
        del params, random, seed
        jacobian = inputs["jacobian"]
        if not np.isfinite(jacobian).all() or not jacobian.size:
            message = "jacobian must be finite"
            raise ValueError(message)
        if method == "mean":
            return {"direction": jacobian.mean(axis=0)}
        return {"direction": (jacobian[:2] if len(jacobian) == 3 else jacobian).sum(axis=0)}


backend = HalfWrong()
