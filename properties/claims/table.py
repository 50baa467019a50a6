"""The table of claims, put together from the methods' files: complete, sorted by law.

Each method has a file of its own name in this folder. It holds CLAIMS, and where there is more than
the default to say GRID (parameters to try) with MAIN (how many of them every law is tried on),
``inputs`` (a strategy of the other inputs and of the randomness for given rows), EDGES (pinned
examples), ``single_task`` (what one task gives) and ``degree`` (of homogeneity, where it hangs on
the parameters). A law of which a file says nothing is not applicable to its method.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any

from flint import fmpq
from hypothesis.strategies import SearchStrategy

from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.rational import RationalVector
from properties.claims.claim import Claim, Covers, Params
from properties.example import Example, Rows
from properties.jacobians import natural_orders
from properties.laws import LAWS, Law

FILES = frozenset(each.name for each in iter_modules([str(Path(__file__).parent)]))

Draw = Callable[[Rows, str], SearchStrategy[Mapping[str, Any]]]


def _its_gradient(row: RationalVector, _params: Params) -> Vector:
    return tuple(row)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one file says of its method.

    ``grid`` are parameters to try, of which the first ``main`` are tried under every law.
    ``inputs`` draws for given rows, in a dtype, the other inputs and the randomness but for orders;
    a method without a jacobian is given rows all the same, for their number. ``edges`` are pinned
    examples, ``single_task`` what one task gives, ``degree`` the degree of homogeneity where it
    hangs on the parameters.
    """

    claims: tuple[Claim, ...]
    grid: tuple[Params, ...] = ({},)
    main: int = 1
    inputs: Draw | None = None
    edges: tuple[Example, ...] = ()
    single_task: Callable[[RationalVector, Params], Vector] = _its_gradient
    degree: Callable[[Params], fmpq] | None = None


def _sheet(method: str) -> Sheet:
    """What the method's file says; nothing where there is none (test_claims.py asks for each)."""
    if method not in FILES:
        return Sheet(())
    module = import_module(f"properties.claims.{method}")
    names = {"GRID": "grid", "MAIN": "main"}
    names |= {name: name for name in ("inputs", "single_task", "degree")}
    said = {
        ours: getattr(module, theirs) for theirs, ours in names.items() if theirs in dir(module)
    }
    stated = {claim.law for claim in module.CLAIMS}
    own = [claim for claim in _of_a_state(method) if claim.law not in stated]
    claims = tuple(_filled(claim, method) for claim in (*module.CLAIMS, *own))
    return Sheet(claims, **said, edges=_edges(module, method))


def _of_a_state(method: str) -> tuple[Claim, ...]:
    """The rows that every method with a state has, unless its file says otherwise."""
    source, when = "follows from the definition", "the steps before have answers"
    names = ("reset", "sequence") if METHODS[method].stateful else ()
    return tuple(Claim("", law, "holds", when, source) for law in names)


def _edges(module: ModuleType, method: str) -> tuple[Example, ...]:
    return tuple(_named(example, method) for example in getattr(module, "EDGES", ()))


def _filled(claim: Claim, method: str) -> Claim:
    """A claim with the file's name for its method, and defaults for parameters not given."""
    pinned = claim.counterexample
    named = _named(pinned, method) if pinned is not None else None
    covers = _with_defaults(claim.covers, method)
    return replace(claim, method=method, covers=covers, counterexample=named)


def _with_defaults(covers: Covers, method: str) -> Covers:
    defaults = {each.name: each.default for each in METHODS[method].parameters}
    return lambda tasks, params: covers(tasks, defaults | {**params})


def _named(example: Example, method: str) -> Example:
    orders = example.orders
    if orders is None and "orders" in METHODS[method].randomness:
        orders = natural_orders(example.tasks)
    return replace(example, method=method, orders=orders)


SHEETS: Mapping[str, Sheet] = MappingProxyType({method: _sheet(method) for method in METHODS})

OUTSIDE: Mapping[str, str] = MappingProxyType({
    "any-weights": "a law of GradOPS",
    "pcgrad-is-gradops": "a relation of GradOPS and PCGrad",
    "cagrad-fast": "a law of CAGrad-Fast, which samples tasks",
    "reset": "the method keeps no state",
    "sequence": "the method keeps no state",
    "mgda-ub": "a theorem on MGDA-UB; it fails, and test_special_cases.py pins where",
})  # fmt: skip
MISSING: Mapping[str, str] = MappingProxyType({
    "task_gradients": "the method gives no modified gradient for each task",
})  # fmt: skip


def _outside(law: Law, method: str) -> str:
    """Why a law does not speak of a method."""
    if law.section in {"A", "G"}:
        if law.id in OUTSIDE:
            return OUTSIDE[law.id]
        missing = [output for output in law.needs if output not in METHODS[method].outputs]
        silent = "the definition does not promise it"
        return MISSING.get(missing[0], f"the method gives no {missing[0]}") if missing else silent
    return OUTSIDE.get(law.id, f"a law of {law.id.partition('-')[0]}")


def _table() -> tuple[Claim, ...]:
    rows = [claim for sheet in SHEETS.values() for claim in sheet.claims]
    known = {(row.method, row.law) for row in rows}
    rows += [
        Claim(method, law.id, "not-applicable", "never", _outside(law, method))
        for law in LAWS.values()
        for method in SHEETS
        if (method, law.id) not in known
    ]
    places = {law: place for place, law in enumerate(LAWS)}
    return tuple(sorted(rows, key=lambda row: (places[row.law], row.method, row.status)))


CLAIMS: tuple[Claim, ...] = _table()


@lru_cache(maxsize=1)
def _by_pair() -> Mapping[tuple[str, str], tuple[Claim, ...]]:
    """The rows of each method and law, so that planning need not look through all of them."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for row in CLAIMS:
        found.setdefault((row.method, row.law), []).append(row)
    return {pair: tuple(rows) for pair, rows in found.items()}


def claims_of(method: str, law: str) -> tuple[Claim, ...]:
    """The rows of one method under one law."""
    return _by_pair().get((method, law), ())


def holding(method: str, law: str, *, floats: bool) -> tuple[Claim, ...]:
    """The rows that say that the law holds, and that floats can be judged by where asked."""
    rows = claims_of(method, law)
    return tuple(row for row in rows if row.status == "holds" and (row.floats or not floats))
