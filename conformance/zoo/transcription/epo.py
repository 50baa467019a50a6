"""EPO in numpy, by the vertices of the polyhedron."""

from itertools import combinations

import numpy as np

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.shapes import Outputs

MOST_TASKS = 5


def answer(
    jacobian: Array,
    *,
    losses: Array,
    preference: Array,
    mode: str = "restricted",
    threshold: float = 2.0**-13,
) -> Outputs:
    """The direction of the best vertex, and its weights."""
    if not (losses > 0).all() or not (preference > 0).all():
        message = f"losses and preference must be positive (got {losses} and {preference})"
        raise ValueError(message)
    weighed = preference * losses
    return balanced(jacobian, weighed / weighed.sum(), preference, mode, threshold)


def balanced(
    jacobian: Array, parts: Array, preference: Array, mode: str, threshold: float
) -> Outputs:
    """The same for the parts r l / sum(r l)."""
    rows, exponent = common(jacobian)
    gramian = rows @ rows.T
    logs = np.log(len(parts) * parts)
    imbalance = float(parts @ logs)
    pulled = gramian @ (preference * (logs - imbalance))
    if imbalance > threshold:
        largest, bounds = parts == parts.max(), np.zeros(len(parts))
        kept = np.full(len(parts), fill_value=True)
        if (pulled > 0).any():
            kept, bounds = largest | (pulled <= 0), np.where(largest, 0.0, pulled)
        weights = vertex(pulled, gramian[kept], bounds[kept])
    else:
        sides, bounds = gramian, np.zeros(len(parts))
        if mode == "restricted":
            sides, bounds = np.vstack([sides, pulled]), np.append(bounds, min(0.0, pulled.max()))
        weights = vertex(gramian.sum(axis=0), sides, bounds)
    return {"direction": np.ldexp(weights @ rows, exponent), "weights": weights}


def vertex(objective: Array, rows: Array, bounds: Array) -> Array:
    """The vertex of {b >= 0, sum b = 1, rows b >= bounds} with the largest objective'b."""
    tasks = len(objective)
    if tasks > MOST_TASKS:
        message = f"this backend enumerates vertices: at most {MOST_TASKS} tasks (got {tasks})"
        raise NotImplementedError(message)
    sizes = np.maximum(np.abs(rows).max(axis=1), np.abs(bounds))
    sizes[sizes == 0] = 1.0
    sides = np.vstack([np.eye(tasks), rows / sizes[:, None]])
    least = np.concatenate([np.zeros(tasks), bounds / sizes])
    best: Array | None = None
    value = -np.inf
    for tight in combinations(range(len(sides)), tasks - 1):
        system = np.vstack([np.ones(tasks), sides[list(tight)]])
        try:
            found = np.linalg.solve(system, np.append(1.0, least[list(tight)]))
        except np.linalg.LinAlgError:
            continue
        room = 64 * np.finfo(np.float64).eps * (1 + np.abs(found).sum())
        if (sides @ found >= least - room).all() and objective @ found > value:
            best, value = np.maximum(found, 0.0), float(objective @ found)
    if best is None:
        message = "no weights keep the constraints"
        raise ValueError(message)
    return best
