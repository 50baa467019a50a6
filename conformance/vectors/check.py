"""Vectors computed again: whether what a file tells is what the reference says today."""

from collections.abc import Iterator

from conformance.question import answer_to, question
from conformance.vectors.derivation import NotFrozenError, right
from conformance.vectors.notation import agree
from conformance.vectors.record import Vector, VectorFile
from mtl_reference.method import Kind

FIGURES = ("result", "bound", "bounds", "margin", "condition")


def differences(file: VectorFile) -> Iterator[str]:
    """What differs in a file from what the reference computes, one sentence a test."""
    for vector in file.vectors:
        if found := difference(vector):
            yield f"test {vector.id}: {found}"


def difference(vector: Vector) -> str:
    """How a vector differs from what the reference computes; empty where it does not.

    Expected numbers are compared as numbers, in whatever way they are written.
    """
    try:
        now = right(vector.example, vector.dtype, beyond=not vector.gates)
    except (NotFrozenError, ArithmeticError) as error:
        return f"the reference cannot freeze it: {error}"
    for name in FIGURES:
        if vector.told.get(name) != now.get(name):
            return f"{name} is {vector.told.get(name)}, and must be {now.get(name)}"
    if "expected" in now:
        return _outputs(vector)
    told = vector.told.get("set")
    return "" if told == now.get("set") else f"set is {told}, and must be {now.get('set')}"


def _outputs(vector: Vector) -> str:
    """How the exact outputs differ."""
    answer = answer_to(question(vector.example, injected=True))
    told = vector.told.get("expected") or {}
    if answer.kind is not Kind.EXACT or not set(told) <= set(answer.outputs):
        return f"expected must be outputs of the method (got {', '.join(told)})"
    for name, entries in told.items():
        if not agree(entries, answer.outputs[name]):
            return f"expected {name} is not what the reference computes"
    return ""
