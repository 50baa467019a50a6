"""Delta m in balls: a smooth map from both methods' figures."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    lower_is_better: Sequence[bool],
    task: Sequence[int],
    convention: str = "flat-drop",
) -> Trace:
    """The change, without decisions; ZeroDivisionError where a baseline is 0.

    Gains may cancel, and so may v and b in one of them: the terms are the sizes of v/b and 1.
    """
    del outcome
    values, baseline = inputs["values"].entries(), inputs["baseline"].entries()
    if any(start.contains(0) for start in baseline):
        message = "a baseline of 0 has no ratio to it"
        raise ZeroDivisionError(message)
    gains = [(v - b) / b for v, b in zip(values, baseline, strict=True)]
    gains = [-gain if lower else gain for gain, lower in zip(gains, lower_is_better, strict=True)]
    size = max((abs(v / b) + 1 for v, b in zip(values, baseline, strict=True)), key=arb.mid)
    terms = {"delta": size}
    if convention == "flat-drop":
        return Trace(outputs={"delta": (-sum(gains, arb(0)) / len(gains),)}, terms=terms)
    tasks = sorted(set(task))
    parts = [[g for g, number in zip(gains, task, strict=True) if number == t] for t in tasks]
    means = [sum(part, arb(0)) / len(part) for part in parts]
    return Trace(outputs={"delta": (sum(means, arb(0)) / len(means),)}, terms=terms)
