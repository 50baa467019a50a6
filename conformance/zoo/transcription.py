"""A plain float64 transcription of the methods in numpy, independent of the exact reference.

It is what a careful programmer writes from the papers: rows are scaled by powers of two, every
threshold is relative to the quantities that it judges, and the convex programs are solved face by
face of the simplex, keeping the face that satisfies the optimality conditions best. A face count
of 2**T limits MGDA and CAGrad (and the GradOPS fallback) to ``MOST_TASKS`` tasks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Outputs = dict[str, Array]
Orders = Sequence[Sequence[int]]

MOST_TASKS = 12
ROUNDOFF = float(np.finfo(np.float64).eps)


def checked(inputs: Mapping[str, NDArray[Any]]) -> Array:
    """The jacobian (T, d) of a request; TypeError or ValueError names what is wrong with it."""
    jacobian = inputs["jacobian"]
    if not np.issubdtype(jacobian.dtype, np.floating):
        message = f"jacobian must be floating point (got {jacobian.dtype})"
        raise TypeError(message)
    if jacobian.dtype != np.float64:
        message = f"this backend works in float64 alone (got {jacobian.dtype})"
        raise NotImplementedError(message)
    if jacobian.ndim != 2 or not len(jacobian):  # noqa: PLR2004  (a matrix)
        message = f"jacobian must be a matrix with at least one row (got shape {jacobian.shape})"
        raise ValueError(message)
    for row, column in np.argwhere(~np.isfinite(jacobian))[:1]:
        message = f"jacobian[{row}, {column}] is {jacobian[row, column]}"
        raise ValueError(message)
    return jacobian


def balanced(rows: Array) -> tuple[Array, NDArray[np.intc]]:
    """Rows scaled exactly to a largest entry in [1/2, 1), and the exponents taken out."""
    exponents = np.frexp(np.abs(rows).max(axis=1, initial=0.0))[1]
    return np.ldexp(rows, -exponents[:, None]), exponents


def common(rows: Array) -> tuple[Array, int]:
    """All rows scaled by one power of two to a largest entry in [1/2, 1), and its exponent."""
    exponent = int(np.frexp(np.abs(rows).max(initial=0.0))[1])
    return np.ldexp(rows, -exponent), exponent


def units(rows: Array) -> tuple[Array, Array, int]:
    """Unit rows (zero rows stay zero), and the norms as norms * 2**exponent, the least >= 1/2.

    A norm too large for that scale is infinite, and its reciprocal zero, as it should be.
    """
    scaled, exponents = balanced(rows)
    norms = np.linalg.norm(scaled, axis=1)
    divisors = np.where(norms > 0, norms, 1.0)
    least = int(exponents[norms > 0].min(initial=0)) if norms.any() else 0
    with np.errstate(over="ignore"):
        return scaled / divisors[:, None], np.ldexp(norms, exponents - least), least


def faces(tasks: int) -> Iterator[list[int]]:
    """All supports of weights over the tasks, the small ones first."""
    if tasks > MOST_TASKS:
        message = f"this backend enumerates faces: at most {MOST_TASKS} tasks (got {tasks})"
        raise NotImplementedError(message)
    for size in range(1, tasks + 1):
        yield from map(list, combinations(range(tasks), size))


def mean(jacobian: Array) -> Outputs:
    """The mean of the rows, safe from overflow."""
    scaled, exponent = common(jacobian)
    return {"direction": np.ldexp(scaled.mean(axis=0), exponent)}


def summed(jacobian: Array) -> Outputs:
    """The sum of the rows, safe from overflow."""
    scaled, exponent = common(jacobian)
    return {"direction": np.ldexp(scaled.sum(axis=0), exponent)}


def affine_nearest(unit: Array, shares: Array) -> Array:
    """Coefficients t with shares @ t = 1 that make t @ unit shortest: least squares along a QR."""
    basis, corner = np.linalg.qr(shares[:, None], mode="complete")
    start, along = basis[:, 0] / corner[0, 0], basis[:, 1:]
    shift = np.linalg.lstsq(unit.T @ along, -(start @ unit), rcond=None)[0]
    nearest: Array = start + along @ shift
    return nearest


def shortest(unit: Array, shares: Array) -> Array:
    """Coefficients t >= 0 on unit rows with shares @ t = 1 that make t @ unit shortest.

    The point of the convex hull of unit / shares nearest to the origin, by its optimality
    conditions <u_i, d> >= |d|^2 shares_i with equality where t_i > 0.
    """
    best, least = np.zeros(len(unit)), np.inf
    for face in filter(lambda face: shares[face].any(), faces(len(unit))):
        t = np.zeros(len(unit))
        t[face] = affine_nearest(unit[face], shares[face])
        direction = t @ unit
        slack = unit @ direction - (direction @ direction) * shares
        off = np.delete(slack, face)
        defect = max(np.abs(slack[face]).max(), -off.min(initial=0.0), -t.min())
        if defect < least:
            best, least = np.maximum(t, 0.0), defect
    return best / (shares @ best)


def mgda(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """The shortest vector of the rows' convex hull, and its weights (T,)."""
    if normalization != "none":
        message = f"normalization must be none (got {normalization})"
        raise NotImplementedError(message)
    unit, norms, exponent = units(jacobian)
    if not norms.all():
        weights = (norms == 0).astype(np.float64)
        return {"direction": np.zeros(jacobian.shape[1]), "weights": weights / weights.sum()}
    shares = norms.min() / norms
    t = shortest(unit, shares)
    direction = t @ unit
    if np.linalg.norm(direction) <= 4 * ROUNDOFF * t.sum():
        direction = np.zeros_like(direction)
    return {"direction": np.ldexp(norms.min() * direction, exponent), "weights": t * shares}


def pcgrad(jacobian: Array, *, orders: Orders) -> Outputs:
    """Each row projected off the others that it meets in conflict, in the given orders; the sum."""
    rows, exponents = balanced(jacobian)
    projected = rows.copy()
    for task, order in enumerate(orders):
        for other in order:
            inner = projected[task] @ rows[other]
            if inner < 0:
                projected[task] -= inner / (rows[other] @ rows[other]) * rows[other]
    task_gradients = np.ldexp(projected, exponents[:, None])
    return {"direction": summed(task_gradients)["direction"], "task_gradients": task_gradients}


def rejection(row: Array, others: Array) -> Array:
    """The part of a row that is orthogonal to the others; exactly zero where it is in their span.

    Both must be balanced: the threshold is what rounding leaves of a dependent row.
    """
    coefficients = np.linalg.lstsq(others.T, row, rcond=None)[0]
    remainder: Array = row - coefficients @ others
    # The least-squares residual, once more: its own rounding has a part in the span.
    remainder -= np.linalg.lstsq(others.T, remainder, rcond=None)[0] @ others
    floor = (
        4 * ROUNDOFF * (np.linalg.norm(row) + np.abs(coefficients) @ np.linalg.norm(others, axis=1))
    )
    return remainder if np.linalg.norm(remainder) > floor else np.zeros_like(row)


def modified(jacobian: Array, *, fallback: str) -> tuple[Array, NDArray[np.bool_]]:
    """GradOPS's modified gradients g'_i (T, d), equations (1)-(2), and which were projected."""
    rows, exponents = balanced(jacobian)
    gradients, projected = np.array(jacobian), np.zeros(len(rows), dtype=bool)
    for task in np.flatnonzero((rows @ rows.T).min(axis=1) < 0):
        remainder = rejection(rows[task], np.delete(rows, task, axis=0))
        if fallback == "mgda" and not remainder.any():
            gradients[task] = mgda(jacobian)["direction"]
        else:
            gradients[task] = np.ldexp(remainder, exponents[task])
            projected[task] = True
    return gradients, projected


def projections(gradients: Array, projected: NDArray[np.bool_], jacobian: Array) -> Array:
    """R_i = <G', g_i> / |g_i| (T,), equation (3); zero for zero rows.

    A projected gradient is orthogonal to all other rows, so what rounding leaves is left out.
    """
    inner = gradients @ units(jacobian)[0].T
    inner[projected] *= np.eye(len(inner))[projected]
    reached: Array = np.maximum(inner.sum(axis=0), 0.0)
    return reached


def reweighted(reached: Array, jacobian: Array, alpha: float) -> Array:
    """GradOPS's weights w (T,), equations (4)-(5); zero rows of the jacobian keep the weight 1."""
    active = np.any(jacobian, axis=1)
    weights, reached = np.ones(len(active)), reached[active]
    if alpha == 0 or not reached.any():
        return weights
    if alpha < 0 and not reached.all():
        message = "gradops is undefined: a projection is zero and alpha is negative"
        raise ValueError(message)
    # Relative to the one with the largest power, so that no power overflows.
    powers = (reached / (reached.max() if alpha > 0 else reached.min())) ** alpha
    weights[active] = powers / powers.mean()
    return weights


def gradops(jacobian: Array, *, alpha: float = 0.0, fallback: str = "mgda") -> Outputs:
    """Rows in conflict made orthogonal to all others, then reweighted by their projections."""
    scaled, exponent = common(jacobian)
    gradients, projected = modified(scaled, fallback=fallback)
    reached = projections(gradients, projected, scaled)
    weights = reweighted(reached, scaled, alpha)
    return {
        "direction": np.ldexp(weights @ gradients, exponent),
        "task_gradients": np.ldexp(gradients, exponent),
        "weights": weights,
    }


def on_ball(unit: Array, shares: Array, centre: Array, radius: float) -> Array:
    """Coefficients t >= 0 on unit rows that maximise min <u_i, centre + t @ unit> / shares_i.

    The length of t @ unit is the radius. In orthonormal coordinates of a face, with unit = R'Q',
    the step is level * z - y for z = R'^-1 shares and y = Q' centre, and its length tells the
    level.
    """
    best, least = np.zeros(len(unit)), np.inf
    for face in faces(len(unit)):
        basis, corner = np.linalg.qr(unit[face].T)
        t = np.zeros(len(unit))
        try:
            z, y = np.linalg.solve(corner.T, shares[face]), basis.T @ centre
            middle = (z @ y) / (z @ z)
            room = radius**2 - np.sum((middle * z - y) ** 2)
            if not room >= 0:
                continue
            level = middle + np.sqrt(room / (z @ z))
            t[face] = np.linalg.solve(corner, level * z - y)
        except np.linalg.LinAlgError:
            continue
        step = t @ unit
        slack = unit @ (centre + step) - level * shares
        off = np.delete(slack, face)
        short = abs(np.linalg.norm(step) - radius)
        defect = max(np.abs(slack[face]).max(), -off.min(initial=0.0), -t.min(), short)
        if defect < least:
            best, least = t, defect
    return np.maximum(best, 0.0)


def cone_projection(unit: Array, vector: Array) -> Array:
    """Coefficients t >= 0 on unit rows such that vector + t @ unit is nearest and in their cone."""
    best, least = np.zeros(len(unit)), max(-(unit @ vector).min(), 0.0)
    for face in faces(len(unit)):
        t = np.zeros(len(unit))
        t[face] = np.linalg.lstsq(unit[face].T, -vector, rcond=None)[0]
        defect = max(-(unit @ (vector + t @ unit)).min(), -t.min())
        if defect < least:
            best, least = np.maximum(t, 0.0), defect
    return best


def ascent(rows: Array, centre: Array, radius: float) -> Array:
    """Weights v >= 0 (T,) on rows such that centre + v @ rows answers CAGrad on that ball."""
    unit, norms, exponent = units(rows)
    nonzero = norms > 0
    if not (radius > 0 and nonzero.any()):
        return np.zeros(len(rows))
    unit, norms = unit[nonzero], norms[nonzero]
    shares = norms.min() / norms
    nearest = shortest(unit, shares)
    t = np.zeros(len(unit))
    stationary = np.linalg.norm(nearest @ unit) <= 4 * ROUNDOFF * nearest.sum()
    if stationary:
        # The best level is 0 if the cone of directions without loss meets the ball.
        t = cone_projection(unit, centre)
    if not stationary or np.linalg.norm(t @ unit) > radius * (1 + 4 * ROUNDOFF):
        t = on_ball(unit, shares, centre, radius)
    weights = np.zeros(len(rows))
    weights[nonzero] = np.ldexp(t / norms, -exponent)
    return weights


def cagrad(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """The direction within c |g0| of the mean g0 whose least decrease is greatest."""
    scaled, exponent = common(jacobian)
    centre = scaled.mean(axis=0)
    extra = ascent(scaled, centre, c * float(np.linalg.norm(centre)))
    direction = np.ldexp(centre + extra @ scaled, exponent)
    return {"direction": direction, "weights": 1 / len(jacobian) + extra}


def imtl_g(jacobian: Array) -> Outputs:
    """The combination, of weights that sum to 1, with equal projections on all unit rows."""
    unit, norms, exponent = units(jacobian)
    if not norms.all():
        message = f"imtl_g is undefined: row {int(np.argmin(norms))} is zero"
        raise ValueError(message)
    shares = norms.min() / norms
    left, values, _ = np.linalg.svd(unit, full_matrices=True)
    rank = int((values > 4 * max(unit.shape) * ROUNDOFF * values[0]).sum())
    kept, null = left[:, :rank], left[:, rank:]
    floor = 8 * len(unit) * ROUNDOFF
    tilted = np.abs(shares @ null) > floor
    if (np.abs(null.sum(axis=0)) > floor).any():
        if not tilted.any():
            message = "imtl_g is undefined: no combination has equal projections"
            raise ValueError(message)
        return {"direction": np.zeros(jacobian.shape[1])}
    x = kept @ ((kept.sum(axis=0) / values[:rank]) / values[:rank])
    total = shares @ x
    if abs(total) <= floor * np.abs(x).max():
        message = "imtl_g is undefined: the weights sum to zero"
        raise ValueError(message)
    direction = norms.min() * ((x / total) @ unit)
    return {"direction": np.ldexp(direction, exponent), "weights": x / total * shares}


METHODS: Mapping[str, Callable[..., Outputs]] = {
    "cagrad": cagrad,
    "gradops": gradops,
    "imtl_g": imtl_g,
    "mean": mean,
    "mgda": mgda,
    "pcgrad": pcgrad,
    "sum": summed,
}
FACTS: Mapping[str, tuple[dict[str, float | str], list[str]]] = {
    "cagrad": ({"c": 0.5}, ["direction", "weights"]),
    "gradops": ({"alpha": 0.0, "fallback": "mgda"}, ["direction", "task_gradients", "weights"]),
    "imtl_g": ({}, ["direction", "weights"]),
    "mean": ({}, ["direction"]),
    "mgda": ({"normalization": "none"}, ["direction", "weights"]),
    "pcgrad": ({}, ["direction", "task_gradients"]),
    "sum": ({}, ["direction"]),
}


def declaration(method: str) -> dict[str, Any]:
    """What this backend declares of a method, in the wire's terms."""
    params, outputs = FACTS[method]
    return {
        "params": dict(params),
        "dtypes": ["float64"],
        "scale": "1",
        "randomness": "injected" if method == "pcgrad" else "none",
        "stateful": False,
        "outputs": list(outputs),
        "accuracy": None,
    }


@final
class Transcription:
    """The backend ``numpy``."""

    def describe(self) -> dict[str, Any]:
        """What this backend offers, in the wire's terms."""
        return {
            "protocol": 1,
            "name": "numpy",
            "version": np.__version__,
            "language": "python",
            "artifact": None,
            "methods": {method: declaration(method) for method in METHODS},
        }

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, NDArray[Any]],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> Outputs:
        """The outputs of a method for the jacobian (T, d); the seed is not needed."""
        del seed
        if method not in METHODS:
            message = f"no method {method} (there are {', '.join(METHODS)})"
            raise NotImplementedError(message)
        jacobian = checked(inputs)
        given = {"orders": random["orders"]} if method == "pcgrad" and random else {}
        return METHODS[method](jacobian, **params, **given)

    def snippet(self, method: str, params: Mapping[str, Any]) -> str:
        """Plain source that sets ``outputs`` from ``jacobian`` and ``orders``."""
        return (
            "from conformance.zoo.transcription import backend\n"
            "\n"
            'inputs, random = {"jacobian": jacobian}, {"orders": orders}\n'
            f"outputs = backend.evaluate({method!r}, inputs, {dict(params)!r}, random, 0)\n"
        )


backend = Transcription()
