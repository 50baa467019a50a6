"""Ways in which GradOPS goes wrong."""

from collections.abc import Callable

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription.gradops import (
    Modified,
    modified,
    projections,
    rejection,
    reweighted,
)

Remainder = Callable[[Array, Array], Array]
Weigh = Callable[[Array, Array, float], Array]


def finished(gradients: Array, reached: Array, jacobian: Array, alpha: float) -> Outputs:
    """The weighted sum of modified gradients."""
    weights = reweighted(reached, jacobian, alpha)
    return {"direction": weights @ gradients, "task_gradients": gradients, "weights": weights}


def as_computed(gradients: Array, jacobian: Array) -> Array:
    """The projections of gradients of which nothing is known."""
    nothing = np.zeros(len(gradients), dtype=bool)
    return projections(Modified(gradients, nothing, nothing), jacobian)


def with_remainder(remainder: Remainder) -> Callable[..., Outputs]:
    """GradOPS with another way to make a conflicting row orthogonal to the others."""

    def answer(jacobian: Array, *, alpha: float = 0.0, fallback: str = "mgda") -> Outputs:
        gradients = modified(jacobian, fallback=fallback).gradients
        for task in np.flatnonzero((jacobian @ jacobian.T).min(axis=1) < 0):
            others = np.delete(jacobian, task, axis=0)
            if rejection(jacobian[task], others).any():
                gradients[task] = remainder(jacobian[task], others)
        return finished(gradients, as_computed(gradients, jacobian), jacobian, alpha)

    return answer


def with_weights(weigh: Weigh) -> Callable[..., Outputs]:
    """GradOPS with other weights."""

    def answer(jacobian: Array, *, alpha: float = 0.0, fallback: str = "mgda") -> Outputs:
        found = modified(jacobian, fallback=fallback)
        weights = weigh(projections(found, jacobian), jacobian, alpha)
        return {
            "direction": weights @ found.gradients,
            "task_gradients": found.gradients,
            "weights": weights,
        }

    return answer


def conflicting_span(row: Array, others: Array) -> Array:
    """Project off the span of the conflicting rows alone."""
    return rejection(row, others[others @ row < 0])


def without_gram_schmidt(row: Array, others: Array) -> Array:
    """Subtract the projections on the raw rows, as though they were orthogonal."""
    squares = (others * others).sum(axis=1)
    return row - (others @ row / np.where(squares > 0, squares, 1.0)) @ others


def damped(row: Array, others: Array) -> Array:
    """Gram-Schmidt with 1e-8 added to each squared norm."""
    basis: list[Array] = []
    for other in [*others, row]:
        rest = other.copy()
        for vector in basis:
            rest -= vector @ rest / (vector @ vector + 1e-8) * vector
        basis.append(rest)
    return basis[-1]


def modified_operand(jacobian: Array, *, alpha: float = 0.0, fallback: str = "mgda") -> Outputs:
    """Project off the rows as they stand in one array, some of them modified already."""
    gradients = jacobian.copy()
    sound = modified(jacobian, fallback=fallback).gradients
    for task in range(len(jacobian)):
        others = np.delete(gradients, task, axis=0)
        if (others @ gradients[task]).min(initial=0.0) < 0:
            rest = rejection(gradients[task], others)
            gradients[task] = rest if rest.any() else sound[task]
    return finished(gradients, as_computed(gradients, jacobian), jacobian, alpha)


def no_fallback(jacobian: Array, *, alpha: float = 0.0, fallback: str = "mgda") -> Outputs:
    """Leave a gradient in the others' span at zero."""
    del fallback
    found = modified(jacobian, fallback="none")
    return finished(found.gradients, projections(found, jacobian), jacobian, alpha)


def squared_norms(reached: Array, jacobian: Array, alpha: float) -> Array:
    """Divide by squared norms in equation (3)."""
    norms = np.linalg.norm(jacobian, axis=1)
    return reweighted(reached / np.where(norms > 0, norms, 1.0), jacobian, alpha)


def sum_to_one(reached: Array, jacobian: Array, alpha: float) -> Array:
    """Let the weights sum to 1."""
    return reweighted(reached, jacobian, alpha) / len(jacobian)


def inverted(reached: Array, jacobian: Array, alpha: float) -> Array:
    """Take the power -alpha."""
    return reweighted(reached, jacobian, -alpha)


FAULTS = (
    Fault(
        "gradops_conflicting_span",
        "gradops",
        "Spans only the tasks in conflict, as code that carries PCGrad's test over does.",
        ("gradops-projection",),
        with_remainder(conflicting_span),
    ),
    Fault(
        "gradops_without_gram_schmidt",
        "gradops",
        "Projects on the raw gradients, as though they were orthogonal, in a single pass.",
        ("gradops-projection",),
        with_remainder(without_gram_schmidt),
    ),
    Fault(
        "gradops_damped",
        "gradops",
        "Adds an absolute 1e-8 in Gram-Schmidt's denominators, as code afraid of zero norms does.",
        ("homogeneous",),
        with_remainder(damped),
    ),
    Fault(
        "gradops_modified_operand",
        "gradops",
        "Uses gradients already modified for tests and spans, as code that works in place does.",
        ("gradops-projection",),
        modified_operand,
    ),
    Fault(
        "gradops_no_fallback",
        "gradops",
        "Declares the MGDA fallback and leaves dependent gradients at zero.",
        ("accuracy",),
        no_fallback,
    ),
    Fault(
        "gradops_squared_norms",
        "gradops",
        "Divides by the squared norm in equation (3), as in the coefficient of a projection.",
        ("gradops-weights",),
        with_weights(squared_norms),
    ),
    Fault(
        "gradops_sum_to_one",
        "gradops",
        "Normalises the weights to 1 where the paper has T, as a softmax does.",
        ("gradops-weights",),
        with_weights(sum_to_one),
    ),
    Fault(
        "gradops_inverted",
        "gradops",
        "Reads alpha's sign the other way round, favouring the tasks that dominate.",
        ("gradops-weights",),
        with_weights(inverted),
    ),
)
