"""``claims``: what is true of the methods, under which law and when, and what shows it.

A claim that holds is proved by machine (for all T, or for those that its theorem tells) or searched
exactly at every run of the suite; one that fails is refuted by its counterexample. Conjectures are
what an exact search did not refute, errata what the papers or their code say wrongly.
"""

import argparse
import textwrap
from typing import TYPE_CHECKING, Any

from conformance.cli import console
from conformance.cli.trouble import Exit, unknown

if TYPE_CHECKING:
    from properties.statements import Statement

STANDINGS = {
    "proved": ("∎", "good"),
    "searched": ("✓", "good"),
    "refuted": ("✗", "bad"),
    "conjecture": ("~", "warn"),
    "open": ("?", "warn"),
    "not-applicable": ("·", "dim"),
}
STATUSES = {"holds": ("proved", "searched"), "fails": ("refuted",)}


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the filters."""
    parser.add_argument("--method", metavar="NAME", help="only this method")
    parser.add_argument("--law", metavar="NAME", help="only this law")
    parser.add_argument(
        "--status", choices=[*STANDINGS, *STATUSES], help="only this status (holds: either way)"
    )
    parser.add_argument("--source", metavar="TEXT", help="only what rests on a source so named")
    kinds = ("claim", "theorem", "conjecture", "erratum")
    parser.add_argument(
        "--kind", choices=kinds, help="only claims, theorems, conjectures or errata"
    )
    parser.add_argument("--markdown", action="store_true", help="the page of the documentation")


def run(arguments: argparse.Namespace) -> int:
    """Print the statements that pass the filters."""
    from mtl_reference import METHODS
    from properties.laws import LAWS
    from properties.statements import statements

    for noun, word, known in (("method", arguments.method, METHODS), ("law", arguments.law, LAWS)):
        if word is not None and word not in known:
            unknown(noun, word, known)
    if arguments.markdown:
        from conformance.theorems import markdown

        print(markdown(), end="")
        return Exit.OK
    kept = [one for one in statements() if _kept(one, arguments)]
    if arguments.json:
        console.emit([_record(one) for one in kept])
    else:
        print("\n".join(_lines(kept, everything=arguments.status is not None)))
    return Exit.OK


def _kept(one: "Statement", asked: argparse.Namespace) -> bool:
    """Whether a statement is what was asked for."""
    wanted = STATUSES.get(asked.status, (asked.status,))
    return (
        (asked.method is None or asked.method in one.methods)
        and (asked.law is None or (one.kind == "claim" and one.name == asked.law))
        and (asked.status is None or one.status in wanted)
        and (asked.status not in STATUSES or one.kind == "claim")
        and (asked.source is None or asked.source.casefold() in one.source.casefold())
        and (asked.kind is None or one.kind == asked.kind)
    )


def _record(one: "Statement") -> dict[str, Any]:
    """A statement as JSON; what is no claim has no method and law of its own, nor rows."""
    from properties.proofs import INDEX

    found: dict[str, Any] = {
        "kind": one.kind, "name": one.name, "methods": list(one.methods), "when": one.when,
        "standing": one.status, "extent": one.extent, "source": one.source, "ground": one.ground,
        "links": [f"docs/theorems.md#{each}" for each in one.links], "file": one.file,
        "reason": one.reason or None,
        "theorems": [_plain(INDEX[each]) for each in one.links if each in INDEX],
    }  # fmt: skip
    claim = one.claim
    found |= {"method": claim.method if claim else None, "law": one.name if claim else None}
    found |= {"status": claim.status if claim else one.status}
    found |= {"counterexample": _plain(claim.counterexample) if claim else None}
    return found


def _plain(value: object) -> Any:  # noqa: ANN401
    """Nested records, rows and exact numbers as plain JSON values."""
    from dataclasses import fields, is_dataclass

    if value is None or isinstance(value, int | float | str):
        return value
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return str(value)


def _lines(found: "list[Statement]", *, everything: bool) -> list[str]:
    """One row a statement; what does not apply is only counted, unless everything is wanted."""
    shown = [one for one in found if everything or one.status != "not-applicable"]
    rows: list[list[console.Cell]] = [
        [STANDINGS[one.status], _who(one), f"{one.name}: {one.when}", _told(one)] for one in shown
    ]
    heads = ["", "method", "law: when", "how it stands, and on what"]
    words = [one.status for one in found]
    counts = [
        f"{mark} {words.count(name)} {name.replace('-', ' ')}"
        for name, (mark, _) in STANDINGS.items()
    ]
    hidden = len(found) - len(shown)
    hint = ["--status not-applicable shows those as well."] if hidden else []
    return [
        *(console.table(heads, rows, align="llww") if rows else []),
        *(_detail(shown[0]) if len(shown) == 1 else []),
        "",
        *_reasons(shown),
        *textwrap.wrap("  ".join(counts), console.width()),
        *hint,
    ]


def _who(one: "Statement") -> str:
    """The method, or how many there are."""
    alone = one.methods[0] if one.methods else "–"
    return alone if len(one.methods) <= 1 else f"{len(one.methods)} methods"


def _told(one: "Statement") -> str:
    """The extent of a statement, and its theorems or what else it stands on."""
    proved = one.status == "proved" and one.kind == "claim"
    return f"{one.extent}: {', '.join(one.links) if proved else one.ground}"


def _reasons(shown: "list[Statement]") -> list[str]:
    """Why what is searched is not proved, law by law."""
    found: dict[str, list[str]] = {}
    for one in shown:
        if one.reason and one.name not in found.setdefault(one.reason, []):
            found[one.reason].append(one.name)
    told = [f"Not proved ({', '.join(laws)}): {reason}." for reason, laws in found.items()]
    wrapped = [line for each in told for line in textwrap.wrap(each, console.width())]
    return [*wrapped, ""] if wrapped else []


def _detail(one: "Statement") -> list[str]:
    """The counterexample of a claim that stands alone, and where to read on."""
    read = f"  read: docs/theorems.md#{one.links[0]}; {one.file}"
    found = one.claim.counterexample if one.claim is not None else None
    if found is None:
        return ["", read]
    extra = {"orders": found.orders, **found.inputs, **found.params, **found.extra}
    told = ", ".join(f"{name} = {value}" for name, value in extra.items() if value is not None)
    rows = [f"    {list(row)}" for row in found.rows]
    return ["", f"  counterexample{f' ({told})' if told else ''}:", *rows, read]
