"""A backend's answer to a frozen case: how far it lies from what the file says is right."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flint import arb, arb_mat, ctx, fmpq

from conformance import tolerance
from conformance.expectation import exact_row, length
from conformance.vectors.notation import ball
from conformance.vectors.record import Vector
from mtl_reference import METHODS, RESULTS
from mtl_reference.enclosure import Vector as Numbers
from mtl_reference.method import Output, Outputs
from properties.example import Observation, Ruling

Told = Mapping[str, Any]


def ruling(vector: Vector, observation: Observation, limit: fmpq) -> Ruling:
    """The ruling on an answer; ``limit`` is the scaled error that the backend's claim allows."""
    name = f"vector {vector.id}"
    if vector.result == "invalid":
        if observation.facts.get("finite", True):
            return Ruling("fail", message=f"{name}: an invalid input has a finite answer")
        return Ruling("pass", message=name)
    if "any" in vector.told.get("set", {}):
        return Ruling("skipped", message=f"{name}: undefined: {vector.told['set']['any']}")
    if missing := _missing(vector, observation):
        return Ruling("fail", message=f"{name}: no finite {missing} of the right shape is given")
    with ctx.workprec(tolerance.BITS):
        scaled = error_of(vector, observation.outputs)
        left = 1 - scaled / arb(limit)
        kept = bool(left >= 0)
    margin = float(left.mid()) if left.is_finite() else None
    said = name
    if not kept:
        most = float(limit.p) / float(limit.q)
        said = f"{name}: scaled error {float(scaled.mid()):.3g} is beyond {most:.3g}"
        said += f" (it is there for {', '.join(vector.flags)})"
    verdict = "pass" if kept else "fail"
    if not vector.gates:  # what does not gate is no part of the grade
        return Ruling(verdict, margin, said)
    condition = vector.told["condition"]
    return Ruling(verdict, margin, said, float(scaled.mid()), None, condition)


def _missing(vector: Vector, observation: Observation) -> str:
    """The main output, or another one that is judged and given, that is no usable answer."""
    main = METHODS[vector.method].main
    judged = [main, *(name for told in _answers(vector) for name in told["expected"])]
    wanted = (name for name in judged if name == main or name in observation.raw)
    return next((name for name in wanted if name not in observation.outputs), "")


def _answers(vector: Vector) -> Sequence[Told]:
    """The answers that a vector admits, those that it can list."""
    if vector.result == "valid":
        return (vector.told,)
    found: Sequence[Told] = vector.told["set"].get("outcomes", ())
    return found


def clear_error(vector: Vector, observation: Observation) -> float:
    """The scaled error of an answer; infinite where the main output is missing or not finite."""
    if METHODS[vector.method].main not in observation.outputs:
        return float("inf")
    with ctx.workprec(tolerance.BITS):
        return float(error_of(vector, observation.outputs).mid())


def error_of(vector: Vector, outputs: Outputs) -> arb:
    """The scaled error of outputs: on the outcome that they fit best, or off the set."""
    told, unit = vector.told, arb(tolerance.roundoff(vector.dtype))
    if vector.result == "valid":
        return _error(vector.method, told, outputs, unit)
    known = told["set"]
    if "ball" in known:
        return _off(known["ball"], told["bound"], outputs, unit)
    errors = [_error(vector.method, each, outputs, unit) for each in known["outcomes"]]
    return min(errors, key=lambda one: float(one.mid()))


def _error(method: str, told: Told, outputs: Outputs, unit: arb) -> arb:
    """The largest scaled error of the outputs that are judged, row by row."""
    main, worst = METHODS[method].main, arb(0)
    for name, entries in told["expected"].items():
        if name not in outputs:
            continue
        bound = told["bound"] if name == main else told["bounds"][name]
        ranked = len(RESULTS[name].shape) > 1
        rows = zip(
            _rows(outputs[name], ranked=ranked),
            entries if ranked else [entries],
            bound if ranked else [bound],
            strict=True,
        )
        for given, right, size in rows:
            worst = worst.max(_scaled(length(given - row_of(right)), size, unit))
    return worst


def _rows(output: Output, *, ranked: bool) -> list[arb_mat]:
    rows = cast("Sequence[Numbers]", output) if ranked else [cast("Numbers", output)]
    return [exact_row(row) for row in rows]


def row_of(entries: Sequence[Any]) -> arb_mat:
    """Entries of a file as balls (1, d)."""
    return arb_mat([[ball(entry) for entry in entries]])


def _scaled(error: arb, bound: float, unit: arb) -> arb:
    """Error over u B; an answer without error needs no bound."""
    if not error > 0 and error.contains(0):
        return arb(0)
    allowed = unit * arb(bound)
    return error / allowed if allowed > 0 else arb.pos_inf()


def _off(told: Told, bound: float, outputs: Outputs, unit: arb) -> arb:
    """How far a direction lies outside of a ball, or behind a row, in units of u B."""
    given = exact_row(cast("Numbers", outputs["direction"]))
    outside = length(given - row_of(told["centre"])) - ball(told["radius"])
    worst = _scaled(outside.max(arb(0)), bound, unit)
    for row in map(row_of, told["rows"]):
        size = length(row)
        if size > 0:
            behind = -(row * given.transpose())[0, 0] / size
            worst = worst.max(_scaled(behind.max(arb(0)), bound, unit))
    return worst
