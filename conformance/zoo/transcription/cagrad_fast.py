"""CAGrad-Fast in numpy, by the faces of the simplex."""

from collections.abc import Sequence

import numpy as np

from conformance.zoo.programs import Array, ascent, common
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, sample: Sequence[int], c: float = 0.5) -> Outputs:
    """CAGrad's direction for the sampled rows and the mean of the others, about the mean of all."""
    tasks = len(jacobian)
    chosen = checked(sample, tasks)
    rest = [task for task in range(tasks) if task not in chosen]
    scaled, exponent = common(jacobian)
    rows = scaled[chosen]
    if rest:
        rows = np.vstack([rows, scaled[rest].mean(axis=0)])
    centre = scaled.mean(axis=0)
    extra = ascent(rows, centre, c * float(np.linalg.norm(centre)))
    weights = np.full(tasks, 1 / tasks)
    weights[chosen] += extra[: len(chosen)]
    weights[rest] += extra[-1] / max(1, len(rest))
    return {"direction": np.ldexp(centre + extra @ rows, exponent), "weights": weights}


def checked(sample: Sequence[int], tasks: int) -> list[int]:
    """The tasks of a sample in rising order; ValueError where it is none."""
    chosen = sorted(sample)
    if sorted(set(chosen) & set(range(tasks))) != chosen:
        message = f"sample must name tasks among 0 to {tasks - 1} once each (got {list(sample)})"
        raise ValueError(message)
    return chosen
