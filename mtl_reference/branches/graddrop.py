"""GradDrop in balls with its signs frozen: a smooth map from the entries to the direction.

Decisions of a unit c, in which something has a sign: "above c", of value f(P) - U, keeps what is
positive; where it is not taken, "below c", of value U - f(P), keeps what is negative; else neither.
With a batch "positive i-c", of value G_i over the sum of its terms' sizes, tells whether task i's
sum is positive, and "negative i-c" likewise where it is not. The signs of single entries are known
without rounding, and so is 0.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import arb, arb_mat, fmpq

from mtl_reference.method import Decision, Trace
from mtl_reference.rational import numbers, rational

Outcome = Mapping[str, bool]


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Outcome,
    *,
    uniforms: Sequence[Any] | None = None,
    leak: float | Sequence[float] = 0.0,
    f: str | Callable[[fmpq], fmpq] = "identity",
) -> Trace:
    """The direction (d,) for the jacobian (T, d) and, where there is one, the representation.

    ValueError without uniforms, and for an f that is not known by name: it has no derivative here.
    """
    if uniforms is None or f not in {"identity", "smoothstep"}:
        message = f"uniforms and a named f must be given (got {uniforms} and {f})"
        raise ValueError(message)
    table = inputs["jacobian"]
    tasks, width = table.nrows(), table.ncols()
    signs = _signs(inputs.get("representation"), width)
    size = len(signs[0])
    leaks = numbers("leak", leak) if isinstance(leak, Sequence) else (rational(leak),) * tasks
    decisions: list[Decision] = []
    entries = [arb(0)] * width
    for unit, draw in enumerate(map(_ball, uniforms)):
        parts = [[table[task, k] for k in range(unit, width, size)] for task in range(tasks)]
        values = [sample[unit] for sample in signs]
        signed = [_signed(part, values) for part in parts]
        kept = [_kept(task, unit, part, signed[task], outcome, decisions)
                for task, part in enumerate(parts)]  # fmt: skip
        level = _level(signed, kept, f == "smoothstep")
        sign = _sign(unit, level, draw, outcome, decisions)
        for place, k in enumerate(range(unit, width, size)):
            entries[k] = sum(
                ((1 if sign * kept[task] > 0 else arb(leaks[task])) * parts[task][place]
                 for task in range(tasks)), arb(0))  # fmt: skip
    return Trace(decisions=tuple(decisions), outputs={"direction": tuple(entries)})


def _ball(draw: Any) -> arb:  # noqa: ANN401  (a ball, or a number of any kind)
    return draw if isinstance(draw, arb) else arb(rational(draw))


def _signs(representation: arb_mat | None, width: int) -> list[list[int]]:
    if representation is None:
        return [[1] * width]
    rows, columns = representation.nrows(), representation.ncols()
    return [[_side(representation[row, k]) for k in range(columns)] for row in range(rows)]


def _side(value: arb) -> int:
    return bool(value.mid() > 0) - bool(value.mid() < 0)


def _signed(part: Sequence[arb], values: Sequence[int]) -> arb:
    return sum((sign * x for x, sign in zip(part, values, strict=True)), arb(0))


def _kept(
    task: int,
    unit: int,
    part: Sequence[arb],
    signed: arb,
    outcome: Outcome,
    decisions: list[Decision],
) -> int:
    """The sign of a task's sum: of the entry itself, or decided where samples are added."""
    if len(part) == 1:
        return _side(signed)
    sizes = sum(map(abs, part), arb(0))
    if sizes.is_zero():
        return 0
    value = signed / sizes
    if _taken(f"positive {task}-{unit}", value, outcome, decisions):
        return 1
    return -1 if _taken(f"negative {task}-{unit}", -value, outcome, decisions) else 0


def _level(signed: Sequence[arb], kept: Sequence[int], steep: bool) -> arb | None:  # noqa: FBT001
    """f(P), with |G_i| smooth by the signs taken; None where nothing has a sign."""
    sizes = sum((entry * sign for entry, sign in zip(signed, kept, strict=True)), arb(0))
    if not any(kept):
        return None
    purity = (1 + sum(signed, arb(0)) / sizes) / 2
    return purity * purity * (3 - 2 * purity) if steep else purity


def _sign(
    unit: int, level: arb | None, draw: arb, outcome: Outcome, decisions: list[Decision]
) -> int:
    if level is None:
        return 0
    if _taken(f"above {unit}", level - draw, outcome, decisions):
        return 1
    return -1 if _taken(f"below {unit}", draw - level, outcome, decisions) else 0


def _taken(name: str, value: arb, outcome: Outcome, decisions: list[Decision]) -> bool:
    """The outcome given, or the sign of the ball."""
    taken = outcome.get(name, bool(value > 0))
    decisions.append(Decision(name, value, taken))
    return taken
