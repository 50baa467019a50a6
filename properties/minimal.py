"""Which counterexamples are the smallest: every smaller whole matrix, asked exactly.

A jacobian is smaller by its number of tasks, then columns, then its largest entry, then the sum of
the sizes of its entries. ``python -m properties.minimal`` asks every smaller one that the claim
speaks of (no more tasks and columns, no larger entries; parameters, orders and other inputs as they
stand) and writes how many were asked; or the one that also fails, which should be pinned instead.
Columns in another order or with another sign are asked once where the method does not mind.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations_with_replacement, product
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mtl_reference import METHODS
from properties.checks import examine
from properties.claims import CLAIMS, Claim, claims_of
from properties.example import Example, Rows
from properties.jacobians import natural_orders
from properties.laws import LAWS
from properties.laws.gradops import all_modified
from properties.reference_subject import ReferenceSubject

FILE = Path(__file__).with_name("minimal.json")
MOST = 150_000  # matrices of one claim
Measure = tuple[int, int, float, float]
Columns = tuple[tuple[int, ...], ...]

# Laws that change with the columns' order or signs only as the method does.
EVEN = frozenset({
    "non-conflict", "strong-non-conflict", "stationary", "row-scaling", "span",
    "pcgrad-is-gradops", "gradops-two-tasks", "gradops-fixed-points",
})  # fmt: skip


def measure(rows: Rows) -> Measure:
    """Tasks, columns, the largest entry, the sum of all sizes."""
    sizes = [abs(entry) for row in rows for entry in row]
    return len(rows), len(rows[0]), max(sizes), sum(sizes)


def smaller(claim: Claim) -> Iterator[Example] | None:
    """Every smaller example that the claim speaks of; None where they cannot be listed."""
    found = claim.counterexample
    if found is None or not _listed(found):
        return None
    limit = measure(found.rows)
    even = claim.law in EVEN and any(c.status == "holds" for c in
                                     claims_of(claim.method, "orthogonal"))  # fmt: skip
    if _number(found.rows, even=even) > MOST:
        return None
    return _asked(claim, found, limit, even=even)


def _listed(found: Example) -> bool:
    """Whether the example is whole rows, and vectors of a number for each task beside them."""
    plain = not found.earlier and not found.random and "moved" not in found.extra
    whole = bool(found.rows) and all(entry == int(entry) for row in found.rows for entry in row)
    flat = all(not isinstance(part, tuple) for value in found.inputs.values() for part in value)
    return plain and whole and flat


def _number(rows: Rows, *, even: bool) -> float:
    tasks, width, most, _ = measure(rows)
    columns = (2 * most + 1) ** tasks
    if not even:
        return columns**width
    chosen = 1.0
    for place in range(width):
        chosen *= (columns / 2 + width - place) / (place + 1)
    return chosen


def _asked(claim: Claim, found: Example, limit: Measure, *, even: bool) -> Iterator[Example]:
    for tasks, width in product(range(1, limit[0] + 1), range(1, limit[1] + 1)):
        if "matrix" in found.extra and width < limit[1]:
            continue  # the law's own matrix has the width of the rows
        for rows in _matrices(tasks, width, int(limit[2]), even=even):
            if any(map(any, rows)) and measure(rows) < limit:
                example = _like(found, rows)
                if claim.predicate(example) and supposed(claim.law, rows):
                    yield example


def supposed(law: str, rows: Rows) -> bool:
    """Whether rows meet what the law itself supposes, beside the row of the table.

    0 is a combination with positive weights if and only if UPGrad is 0: each -g_i then lies in the
    cone of the rows.
    """
    if law == "stationary":
        return not any(METHODS["upgrad"].direction(rows).exact)
    return law != "gradops-two-tasks" or all_modified(Example("gradops", rows))


def _matrices(tasks: int, width: int, most: int, *, even: bool) -> Iterator[Rows]:
    columns = list(product(range(-most, most + 1), repeat=tasks))
    several: Iterator[Columns] = product(columns, repeat=width)
    if even:
        first = [column for column in columns if next((e for e in column if e), 1) > 0]
        several = combinations_with_replacement(first, width)
    for chosen in several:
        yield tuple(tuple(float(column[task]) for column in chosen) for task in range(tasks))


def _like(found: Example, rows: Rows) -> Example:
    """The example with other rows: what has a number for each task is cut to their number."""
    before, tasks = len(found.rows), len(rows)

    def cut(values: Any) -> Any:  # noqa: ANN401  (of any shape)
        sized = isinstance(values, tuple | list) and len(values) == before
        return values[:tasks] if sized else values

    orders = natural_orders(tasks) if found.orders is not None else None
    extra = {name: values if name == "matrix" else cut(values)
             for name, values in found.extra.items()}  # fmt: skip
    inputs = {name: cut(values) for name, values in found.inputs.items()}
    return replace(found, rows=rows, orders=orders, extra=extra, inputs=inputs)


def fails(claim: Claim, example: Example) -> bool:
    """Whether an example breaks the claim's law."""
    return examine(LAWS[claim.law], example, ReferenceSubject())[0].verdict == "fail"


def key(claim: Claim) -> str:
    """A claim in one line, with its counterexample."""
    rows = claim.counterexample.rows if claim.counterexample is not None else ()
    return f"{claim.method}/{claim.law}/{claim.when}/{[list(map(int, row)) for row in rows]}"


def _read() -> Mapping[str, int]:
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


ASKED: Mapping[str, int] = MappingProxyType(dict(_read()))


def minimality(claim: Claim) -> str:
    """Whether the counterexample is known to be the smallest, and by which measure."""
    if key(claim) not in ASKED:
        return "smallest found"
    tasks, width, most, _ = measure(claim.counterexample.rows)  # type: ignore[union-attr]
    return f"minimal (T = {tasks}, d = {width}, entries to {most:g})"


def search() -> Iterator[tuple[Claim, int, Example | None]]:
    """Each refuted claim that can be listed: how many smaller were asked, and one that fails."""
    for claim in CLAIMS:
        listed = smaller(claim) if claim.status == "fails" else None
        if listed is not None:
            count, found = 0, None
            for count, example in enumerate(listed, start=1):  # noqa: B007  (it is the number)
                if fails(claim, example):
                    found = example
                    break
            yield claim, count, found


if __name__ == "__main__":
    asked: dict[str, int] = {}
    for one, number, smallest in search():
        told = f"{number} asked" if smallest is None else f"SMALLER: {smallest}"
        sys.stdout.write(f"{key(one)}: {told}\n")
        sys.stdout.flush()
        if smallest is None:
            asked[key(one)] = number
    FILE.write_text(json.dumps(dict(sorted(asked.items())), indent=1) + "\n", "utf-8")
