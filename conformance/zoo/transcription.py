"""A plain float64 transcription of the methods in numpy, independent of the exact reference.

It is what a careful programmer writes from the papers: rows are scaled by powers of two, every
threshold is relative to the quantities that it judges, and what is known to be zero is not
computed. At most 12 tasks where a convex program is solved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.programs import ROUNDOFF, Array, ascent, balanced, common, shortest, units

Outputs = dict[str, Array]
Orders = Sequence[Sequence[int]]


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


def mean(jacobian: Array) -> Outputs:
    """The mean of the rows, safe from overflow."""
    scaled, exponent = common(jacobian)
    return {"direction": np.ldexp(scaled.mean(axis=0), exponent)}


def summed(jacobian: Array) -> Outputs:
    """The sum of the rows, safe from overflow."""
    scaled, exponent = common(jacobian)
    return {"direction": np.ldexp(scaled.sum(axis=0), exponent)}


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


@final
@dataclass(frozen=True, slots=True)
class Modified:
    """GradOPS's gradients g'_i (T, d), and which tasks were projected, which fell back on MGDA."""

    gradients: Array
    projected: NDArray[np.bool_]
    replaced: NDArray[np.bool_]


def modified(jacobian: Array, *, fallback: str) -> Modified:
    """Equations (1)-(2) of GradOPS, with the fallback."""
    rows, exponents = balanced(jacobian)
    gradients = np.array(jacobian)
    projected, replaced = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for task in np.flatnonzero((rows @ rows.T).min(axis=1) < 0):
        remainder = rejection(rows[task], np.delete(rows, task, axis=0))
        if fallback == "mgda" and not remainder.any():
            gradients[task] = mgda(jacobian)["direction"]
            replaced[task] = True
        else:
            gradients[task] = np.ldexp(remainder, exponents[task])
            projected[task] = True
    return Modified(gradients, projected, replaced)


def projections(found: Modified, jacobian: Array) -> Array:
    """R_i = <G', g_i> / |g_i| (T,), equation (3); zero for zero rows.

    What is known of the terms is used: a projected gradient is orthogonal to all other rows, and
    MGDA's direction d has <d, g_i> >= |d|^2.
    """
    unit, norms, exponent = units(jacobian)
    inner = found.gradients @ unit.T
    inner[found.projected] *= np.eye(len(inner))[found.projected]
    squares = np.einsum("ij,ij->i", found.gradients, found.gradients)
    with np.errstate(divide="ignore"):
        least = np.where(norms > 0, np.ldexp(1 / norms, -exponent), 0.0)
    bound = np.where(found.replaced[:, None], np.outer(squares, least), 0.0)
    reached: Array = np.maximum(inner, bound).sum(axis=0)
    return reached


def reweighted(reached: Array, jacobian: Array, alpha: float) -> Array:
    """GradOPS's weights w (T,), equations (4)-(5); zero rows of the jacobian keep the weight 1."""
    active = np.any(jacobian, axis=1)
    weights, reached = np.ones(len(active)), reached[active]
    if alpha == 0 or not reached.any():
        return weights
    if alpha < 0 and not reached.all():
        # Undefined where a projection is zero; but rounding cannot tell that from a small one, of
        # which this is the limit.
        powers = (reached == 0).astype(np.float64)
        weights[active] = powers / powers.mean()
        return weights
    # Relative to the one with the largest power, so that no power overflows.
    powers = (reached / (reached.max() if alpha > 0 else reached.min())) ** alpha
    weights[active] = powers / powers.mean()
    return weights


def gradops(jacobian: Array, *, alpha: float = 0.0, fallback: str = "mgda") -> Outputs:
    """Rows in conflict made orthogonal to all others, then reweighted by their projections."""
    scaled, exponent = common(jacobian)
    found = modified(scaled, fallback=fallback)
    gradients, weights = found.gradients, reweighted(projections(found, scaled), scaled, alpha)
    return {
        "direction": np.ldexp(weights @ gradients, exponent),
        "task_gradients": np.ldexp(gradients, exponent),
        "weights": weights,
    }


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
