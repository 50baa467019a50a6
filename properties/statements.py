"""Everything that is said of the methods, one record a statement: claims, conjectures, errata.

A claim is what the table says of a method under a law; a conjecture what an exact search found and
did not refute, some of them theorems by now; an erratum what a text says, with its refutation; a
theorem that speaks of no method over the wire stands for itself. Each has one status, the extent of
its proof or search in words, and a link to what it stands on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from properties.claims import CLAIMS, Claim
from properties.discovery import Conjecture, conjectures, grounds
from properties.discovery.relations import VARIANTS
from properties.errata import ERRATA
from properties.erratum import Erratum
from properties.example import Example
from properties.minimal import minimality
from properties.proofs import INDEX, Entry, reason, standing
from properties.searched import cases

STATUSES = ("proved", "searched", "refuted", "conjecture", "open", "not-applicable")
KINDS = ("claim", "theorem", "conjecture", "erratum")
EVERY = "every T"
LIMITED = re.compile(r"T (<=|=) \d")  # a claim on few tasks is proved for no more


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: of whom, under which name, when, how it stands, and on what.

    ``extent`` is the status in words, with how far the proof or the search goes. ``link`` is an
    anchor of docs/theorems.md (what it stands on), ``file`` where it is proved, pinned or searched.
    ``reason`` says why a claim that holds has no proof.
    """

    kind: str
    name: str
    methods: tuple[str, ...]
    when: str
    status: str
    extent: str
    source: str
    ground: str
    links: tuple[str, ...]
    file: str
    reason: str = ""
    claim: Claim | None = None


def statements() -> Iterator[Statement]:
    """All of them: the claims in the order of the laws, then theorems, conjectures and errata."""
    yield from map(_of_claim, CLAIMS)
    yield from (_of_theorem(entry) for entry in INDEX.values() if not entry.methods)
    yield from map(_of_conjecture, conjectures())
    yield from map(_of_erratum, ERRATA)


def extent(claim: Claim) -> str:
    """How a claim stands, in words: proved for all T or for some, searched in how many cases."""
    status, theorems = standing(claim)
    if status == "proved":
        told = LIMITED.search(claim.when)
        return f"proved for {told[0]}" if told else _proved({entry.tasks for entry in theorems})
    if status == "searched":
        count = cases(claim)
        return f"searched, {count} cases" if count else "tested on draws"
    return f"refuted, {minimality(claim)}" if status == "refuted" else status


def _proved(tasks: set[str]) -> str:
    if EVERY in tasks or not tasks:
        return "proved for all T"
    most = max(int(each.rpartition(" ")[2]) for each in tasks)
    return f"proved for T = {most}"


def _of_claim(claim: Claim) -> Statement:
    status, theorems = standing(claim)
    files = {entry.file for entry in theorems} or {f"properties/claims/{claim.method}.py"}
    why = reason(claim.law) if status == "searched" else ""
    links = tuple(entry.id for entry in theorems) or (claim.law,)
    return Statement("claim", claim.law, (claim.method,), claim.when, status, extent(claim),
                     claim.source, ground(claim), links, ", ".join(sorted(files)), why,
                     claim)  # fmt: skip


def _of_theorem(entry: Entry) -> Statement:
    return Statement("theorem", entry.id, (), entry.statement, "proved", _proved({entry.tasks}),
                     entry.source, f"theorem {entry.id}", (entry.id,), entry.file)  # fmt: skip


def _of_conjecture(one: Conjecture) -> Statement:
    found = grounds(one)
    status = "proved" if found.proved else "conjecture"
    told = "proved" if found.proved else f"conjecture, {one.cases} cases"
    partly = not found.proved and found.open != one.members
    left = f"; open for {_told(found.open)}" if partly else ""
    base = f"theorem {_told(found.theorems)}" if found.theorems else "exact search"
    links = tuple(each for each in found.theorems if each in INDEX) or ("conjectures",)
    return Statement("conjecture", one.relation, methods_of(one.members), telling(one), status,
                     told, "found by properties.discovery", base + left, links,
                     "properties/discovery/conjectures.toml")  # fmt: skip


def telling(one: Conjecture) -> str:
    """A conjecture as a sentence."""
    return f"{one.configuration}: {one.words()}"


def methods_of(members: tuple[str, ...]) -> tuple[str, ...]:
    """The methods of a conjecture's variants; of a chain, the method whose parameter it is."""
    chains = {"c": "cagrad", "alpha": "gradops"}
    named = [chains.get(name) or VARIANTS.get(name, ("",))[0] for name in members]
    return tuple(dict.fromkeys(name for name in named if name))


def _of_erratum(each: Erratum) -> Statement:
    return Statement("erratum", each.id, each.methods, each.says, "refuted", "refuted", each.place,
                     f"{each.truth}: {each.case}", ("errata",), "properties/errata.py")  # fmt: skip


def _told(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def ground(claim: Claim) -> str:
    """What a claim stands on, in one line: counterexample, theorems or source."""
    if claim.counterexample is not None:
        return f"{told_example(claim.counterexample)}; {claim.source}"
    theorems = ", ".join(f"{each.id} ({each.tasks})" for each in standing(claim)[1])
    return f"theorem {theorems}" if theorems else claim.source


def told_example(found: Example) -> str:
    """A counterexample in one line: its rows, its other inputs, its parameters."""
    told = {name: value for name, value in found.extra.items() if name in TOLD}
    every = {**found.inputs, **found.random, **found.params, **told}
    given = [f"{name} = {_plain(value)}" for name, value in every.items()]
    steps = "; ".join(_rows(step.rows) for step in found.earlier)
    before = f" after {steps}" if steps else ""
    shown = _rows(found.rows) if found.rows else "no rows"
    return shown + before + (f" with {', '.join(given)}" if given else "")


TOLD = ("factors", "moved", "matrix", "factor", "exponent", "scale")


def _rows(rows: tuple[tuple[float, ...], ...]) -> str:
    return ", ".join(f"({', '.join(f'{entry:g}' for entry in row)})" for row in rows)


def _plain(value: object) -> str:
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_plain, value))})"
    return f"{value:g}" if isinstance(value, float) else str(value)
