"""An in-process backend whose methods each do one thing that a host must handle."""

import os
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.wire import Arrays


class Accumulator:
    """A session that adds up what it is given; its output is the sum so far."""

    def __init__(self, size: int) -> None:
        self.total = np.zeros(size)

    def step(self, inputs: Mapping[str, Any], random: object) -> dict[str, Any]:
        """Add the rows; a first entry of 13 ends the process."""
        del random
        if inputs["jacobian"].flat[0] == 13:
            os.abort()
        self.total = self.total + inputs["jacobian"].sum(axis=0)
        return {"direction": self.total}

    def close(self) -> None:
        """Say so on stderr."""
        sys.stderr.write("closed\n")


class Example:
    """The backend; ``count`` counts its evaluations."""

    device = "abacus"

    def __init__(self) -> None:
        self.count = 0

    def describe(self) -> dict[str, Any]:
        """Declare what the tests use."""
        print("printed by describe")  # noqa: T201  (the host must bear it)
        method = {
            "params": {},
            "dtypes": ["float64", "float32", "bfloat16"],
            "scale": "1",
            "randomness": "none",
            "stateful": False,
            "outputs": ["direction"],
            "accuracy": None,
        }
        return {
            "protocol": 1,
            "name": "example",
            "version": "1",
            "language": "python",
            "artifact": None,
            "methods": dict.fromkeys(("echo", "sum"), method),
        }

    def evaluate(
        self, method: str, inputs: Arrays, params: dict[str, Any], random: object, seed: int
    ) -> object:
        """Do what the method's name says."""
        self.count += 1
        return getattr(self, method)(inputs, params, random, seed)

    def open(
        self, method: str, params: object, tasks: int, size: int, dtype: str, seed: int
    ) -> Accumulator:
        """Open an accumulator; 13 columns are refused."""
        del method, params, tasks, dtype, seed
        if size == 13:
            message = "size must not be 13"
            raise ValueError(message)
        return Accumulator(size)

    def echo(self, inputs: Arrays, *_: object) -> dict[str, Any]:
        """Return the inputs."""
        return dict(inputs)

    def told(self, inputs: Arrays, params: dict[str, Any], random: object, seed: int) -> object:
        """Tell on stdout what arrived, count what cannot be seen, and answer a list."""
        os.write(1, b"written below Python\n")
        print(  # noqa: T201  (the host must bear it)
            inputs.dtypes, inputs["jacobian"].dtype, params, random, seed
        )
        return {"direction": [float(self.count), 2.0]}

    def refuse(self, *_: object) -> object:
        """Refuse with ValueError."""
        message = "jacobian[0, 1]\nis nan"
        raise ValueError(message)

    def refuse_type(self, *_: object) -> object:
        """Refuse with TypeError."""
        message = "not a matrix"
        raise TypeError(message)

    def unsupported(self, *_: object) -> object:
        """Say that this is not offered."""
        message = "no such option"
        raise NotImplementedError(message)

    def broken(self, *_: object) -> object:
        """Fail by a bug."""
        return {"direction": 1.0}["weights"]

    def lazy(self, *_: object) -> object:
        """Import a library that is not there."""
        error = ModuleNotFoundError("No module named 'torchjd'", name="torchjd.aggregation")
        raise error

    def strange(self, *_: object) -> object:
        """Return an array that has no wire form."""
        return {"direction": np.zeros(2, np.float16)}

    def nothing(self, *_: object) -> object:
        """Return no mapping."""
        return np.zeros(2)

    def named(self, inputs: Arrays, *_: object) -> object:
        """Return float32 under the name that the outputs give it."""
        return Arrays({"direction": inputs["jacobian"][0]}, {"direction": "bfloat16"})

    def spoil(self, inputs: Arrays, *_: object) -> object:
        """Write -0.0 over 0.0 and hide the array."""
        inputs["jacobian"][0, 0] = -0.0
        answer = inputs.pop("jacobian")[0]
        return {"direction": answer}

    def exit(self, *_: object) -> object:
        """End the process in good order."""
        sys.exit(3)


def not_a_backend() -> object:
    """Return something else."""
    return object()
