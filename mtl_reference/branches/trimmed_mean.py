"""The trimmed mean in balls: a continuous map of the entries, with nothing to decide."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace, finite


def trace(
    inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool], *, trim_number: float = 0.0
) -> Trace:
    """The direction (d,) for the jacobian (T, d); which entries are left out is no decision."""
    del outcome
    table = inputs["jacobian"]
    tasks = table.nrows()
    trimmed = int(finite("trim_number", trim_number).p)
    entries = []
    for column in range(table.ncols()):
        values = sorted((table[task, column] for task in range(tasks)), key=lambda x: x.mid())
        kept = values[trimmed : tasks - trimmed]
        entries.append(sum(kept, arb(0)) / len(kept))
    return Trace(outputs={"direction": tuple(entries)})
