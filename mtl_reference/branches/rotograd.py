"""RotoGrad in balls: it decides nothing, and moves smoothly with every entry but at 0."""

from collections.abc import Mapping, Sequence
from math import isqrt
from typing import cast

from flint import arb, arb_mat

from mtl_reference.method import State, Trace
from mtl_reference.rotation import rotation


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    mode: str = "both",
    burn_in: float = 20,
    state: State | None = None,
) -> Trace:
    """Direction (d,), task gradients (T, d), and where they are unique the next rotations."""
    del outcome
    rows = inputs["jacobian"]
    held = cast("Sequence[arb_mat] | None", state["rotations"] if state else _first(inputs))
    if held is None:
        message = "the step before left no unique rotations"
        raise ZeroDivisionError(message)
    step = cast("int", state["step"]) if state else 0
    turned = [_turned_back(turn, _row(rows, task)) for task, turn in enumerate(held)]
    lengths = [_length(each) for each in turned]
    anew = state is None or step == burn_in > 0
    first = lengths if anew else cast("Sequence[arb]", cast("State", state)["lengths"])
    units = [each * (1 / size) if not size.is_zero() else each
             for each, size in zip(turned, lengths, strict=True)]  # fmt: skip
    parts = turned
    if mode != "rotate":
        common = _common(lengths, first)
        parts = [unit * common for unit in units]
    outputs = {
        "direction": tuple(sum(parts[1:], parts[0]).entries()),
        "task_gradients": tuple(entry for part in parts for entry in part.entries()),
    }
    after: dict[str, object] = {"step": step + 1, "lengths": tuple(first), "rotations": held}
    if mode != "scale":
        reference = sum(units[1:], units[0])
        found = [_best(_row(rows, task), reference, turn) for task, turn in enumerate(held)]
        flat = tuple(entry for each in found for entry in each.entries())
        unique = all(entry.is_finite() for entry in flat)
        after["rotations"] = found if unique else None
        outputs |= {"rotations": flat} if unique else {}
    return Trace(outputs=outputs, state=after)


def _first(inputs: Mapping[str, arb_mat]) -> list[arb_mat]:
    """The rotations that are given, or the identity."""
    rows = inputs["jacobian"]
    if "rotations" not in inputs:
        size = rows.ncols()
        identity = arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
        return [identity] * rows.nrows()
    flat = inputs["rotations"]
    size = isqrt(flat.ncols())
    return [arb_mat(size, size, _row(flat, task)) for task in range(flat.nrows())]


def _row(matrix: arb_mat, task: int) -> list[arb]:
    return [matrix[task, column] for column in range(matrix.ncols())]


def _turned_back(turn: arb_mat, row: Sequence[arb]) -> arb_mat:
    """The samples (b, m) times R, as one row (1, b m)."""
    size = turn.nrows()
    samples = arb_mat(len(row) // size, size, list(row))
    return arb_mat(1, len(row), (samples * turn).entries())


def _length(vector: arb_mat) -> arb:
    return sum((entry * entry for entry in vector.entries()), arb(0)).nonnegative_part().sqrt()


def _common(lengths: Sequence[arb], first: Sequence[arb]) -> arb:
    ratios = [now / then for now, then in zip(lengths, first, strict=True)]
    weighed = sum((r * n for r, n in zip(ratios, lengths, strict=True)), arb(0))
    return weighed / sum(ratios, arb(0))


def _best(row: Sequence[arb], reference: arb_mat, turn: arb_mat) -> arb_mat:
    """The rotation nearest to sum_n row_n v_n'; a row of zeros keeps its own."""
    if all(entry.is_zero() for entry in row):
        return turn
    size = turn.nrows()
    samples = arb_mat(len(row) // size, size, list(row))
    targets = arb_mat(len(row) // size, size, reference.entries())
    return rotation(samples.transpose() * targets)
