"""PCGrad in numpy, step by step on the gradients."""

import numpy as np

from conformance.zoo.programs import Array, balanced
from conformance.zoo.transcription import sum as total
from conformance.zoo.transcription.shapes import Orders, Outputs


def answer(jacobian: Array, *, orders: Orders) -> Outputs:
    """Each row projected off the others that it meets in conflict, in the given orders; the sum."""
    rows, exponents = balanced(jacobian)
    projected = rows.copy()
    for task, order in enumerate(orders):
        for other in order:
            inner = projected[task] @ rows[other]
            if inner < 0:
                projected[task] -= inner / (rows[other] @ rows[other]) * rows[other]
    task_gradients = np.ldexp(projected, exponents[:, None])
    return {
        "direction": total.answer(task_gradients)["direction"],
        "task_gradients": task_gradients,
    }
