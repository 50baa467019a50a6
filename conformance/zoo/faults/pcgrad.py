"""Ways in which PCGrad goes wrong."""

from collections.abc import Callable
from math import sqrt

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Orders, Outputs
from conformance.zoo.transcription import pcgrad as sound

# Takes the gradient under way, the original one of its task, and the one that it meets.
Step = Callable[[Array, Array, Array], Array]


def inner(left: Array, right: Array) -> float:
    """The inner product of two rows."""
    return float(left @ right)


def square(row: Array) -> float:
    """The squared norm of a row, 1 for a zero row."""
    return inner(row, row) or 1.0


def surgery(gradient: Array, _: Array, other: Array) -> Array:
    """The right step."""
    return gradient - min(inner(gradient, other), 0.0) / square(other) * other


def unconditional(gradient: Array, _: Array, other: Array) -> Array:
    """Project whether there is conflict or not."""
    return gradient - inner(gradient, other) / square(other) * other


def tested_on_originals(gradient: Array, original: Array, other: Array) -> Array:
    """Test the original gradients for conflict, and project the one under way."""
    return unconditional(gradient, original, other) if original @ other < 0 else gradient


def damped(gradient: Array, _: Array, other: Array) -> Array:
    """Divide by the squared norm plus 1e-8."""
    return gradient - min(inner(gradient, other), 0.0) / (inner(other, other) + 1e-8) * other


def divided_once(gradient: Array, _: Array, other: Array) -> Array:
    """Divide by the norm where its square belongs."""
    return gradient - min(inner(gradient, other), 0.0) / sqrt(square(other)) * other


def combined(rows: Array) -> Outputs:
    """The sum of projected rows, and they themselves."""
    return {"direction": rows.sum(axis=0), "task_gradients": rows}


def with_step(step: Step) -> Callable[..., Outputs]:
    """PCGrad with another step."""

    def answer(jacobian: Array, *, orders: Orders) -> Outputs:
        rows = jacobian.copy()
        for task, order in enumerate(orders):
            for other in order:
                rows[task] = step(rows[task], jacobian[task], jacobian[other])
        return combined(rows)

    return answer


def self_projection(jacobian: Array, *, orders: Orders) -> Outputs:
    """Let each task meet itself too, after the others."""
    extended = [[*order, task] for task, order in enumerate(orders)]
    return with_step(surgery)(jacobian, orders=extended)


def modified_operand(jacobian: Array, *, orders: Orders) -> Outputs:
    """Project on gradients that have been projected themselves, in one array."""
    rows = jacobian.copy()
    for task, order in enumerate(orders):
        for other in order:
            rows[task] = surgery(rows[task], rows[task], rows[other])
    return combined(rows)


def ignored_orders(jacobian: Array, *, orders: Orders) -> Outputs:
    """Take the tasks as they stand, whatever the orders."""
    fixed = [sorted(order) for order in orders]
    return with_step(surgery)(jacobian, orders=fixed)


def fixed_order(jacobian: Array, *, orders: Orders = ()) -> Outputs:
    """Take the tasks as they stand; no orders are taken."""
    del orders
    tasks = range(len(jacobian))
    fixed = [[other for other in tasks if other != task] for task in tasks]
    return with_step(surgery)(jacobian, orders=fixed)


def averaged(jacobian: Array, *, orders: Orders) -> Outputs:
    """Average the projected rows."""
    outputs = sound.answer(jacobian, orders=orders)
    return outputs | {"direction": outputs["direction"] / len(jacobian)}


FAULTS = (
    Fault(
        "pcgrad_self_projection",
        "pcgrad",
        "Lets the loop over the others run over the task itself, as the first TensorFlow and "
        "PyTorch versions do.",
        ("pcgrad-replay",),
        self_projection,
    ),
    Fault(
        "pcgrad_modified_operand",
        "pcgrad",
        "Projects on gradients already projected, as code that works in place does.",
        ("pcgrad-replay",),
        modified_operand,
    ),
    Fault(
        "pcgrad_ignored_orders",
        "pcgrad",
        "Discards the shuffled orders, as code that drops the result of shuffle does.",
        ("pcgrad-replay",),
        ignored_orders,
    ),
    Fault(
        "pcgrad_fixed_order",
        "pcgrad",
        "Declares random orders of its own and always takes the same, as code seeded inside does.",
        ("pcgrad-orders",),
        fixed_order,
        {"randomness": "uncontrolled"},
    ),
    Fault(
        "pcgrad_averaged",
        "pcgrad",
        "Averages where it declares the sum, as the version in CAGrad's experiments does.",
        ("accuracy",),
        averaged,
    ),
    Fault(
        "pcgrad_damped",
        "pcgrad",
        "Adds an absolute 1e-8 to the squared norm, as code afraid of zero gradients does.",
        ("homogeneous",),
        with_step(damped),
    ),
    Fault(
        "pcgrad_divided_once",
        "pcgrad",
        "Divides by the norm where its square belongs, as code that normalises one operand does.",
        ("homogeneous",),
        with_step(divided_once),
    ),
    Fault(
        "pcgrad_unconditional",
        "pcgrad",
        "Misses the test for conflict, as a vectorised version without its mask does.",
        ("pcgrad-replay",),
        with_step(unconditional),
    ),
    Fault(
        "pcgrad_tested_on_originals",
        "pcgrad",
        "Tests the original gradients for conflict, as code that precomputes the Gramian does.",
        ("pcgrad-replay",),
        with_step(tested_on_originals),
    ),
)
