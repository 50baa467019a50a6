"""``claims``: which law holds of which method and when, with its proof, source or counterexample.

A claim that holds is proved by machine (for the T and the hypotheses that its theorem tells) or
searched exactly at every run of the suite; one that fails is refuted by its counterexample.
"""

import argparse
from typing import TYPE_CHECKING, Any

from conformance.cli import console
from conformance.cli.trouble import Exit, unknown

if TYPE_CHECKING:
    from properties.claims import Claim

STANDINGS = {
    "proved": ("∎", "good"),
    "searched": ("✓", "good"),
    "refuted": ("✗", "bad"),
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
    parser.add_argument("--markdown", action="store_true", help="the page of the documentation")


def run(arguments: argparse.Namespace) -> int:
    """Print the claims that pass the filters."""
    from mtl_reference import METHODS
    from properties.claims import CLAIMS
    from properties.laws import LAWS
    from properties.proofs import standing

    for noun, word, known in (("method", arguments.method, METHODS), ("law", arguments.law, LAWS)):
        if word is not None and word not in known:
            unknown(noun, word, known)
    wanted = {"method": arguments.method, "law": arguments.law}
    statuses = STATUSES.get(arguments.status, (arguments.status,))
    kept = [
        claim
        for claim in CLAIMS
        if _kept(claim, wanted) and (arguments.status is None or standing(claim)[0] in statuses)
    ]
    if arguments.markdown:
        from conformance.theorems import markdown

        print(markdown(), end="")
    elif arguments.json:
        console.emit([_record(claim) for claim in kept])
    else:
        print("\n".join(_lines(kept, everything=arguments.status is not None)))
    return Exit.OK


def _kept(claim: "Claim", wanted: dict[str, str | None]) -> bool:
    """Whether a claim is what was asked for."""
    return all(value is None or str(getattr(claim, key)) == value for key, value in wanted.items())


def _record(claim: "Claim") -> dict[str, Any]:
    """A claim as JSON."""
    from properties.proofs import standing

    found: dict[str, Any] = {
        name: str(getattr(claim, name)) for name in ("method", "law", "when", "status", "source")
    }
    word, theorems = standing(claim)
    found |= {"standing": word, "theorems": [_plain(each) for each in theorems]}
    return found | {"counterexample": _plain(claim.counterexample)}


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


def _lines(claims: "list[Claim]", *, everything: bool) -> list[str]:
    """One row a claim; what does not apply is only counted, unless everything is wanted."""
    from conformance.theorems import ground
    from properties.proofs import standing

    shown = [c for c in claims if everything or c.status != "not-applicable"]
    rows: list[list[console.Cell]] = [
        [STANDINGS[standing(claim)[0]], claim.method, claim.law, claim.when, ground(claim)]
        for claim in shown
    ]
    heads = ["", "method", "law", "when", "proof, counterexample or source"]
    words = [standing(claim)[0] for claim in claims]
    counts = [
        f"{mark} {words.count(name)} {name.replace('-', ' ')}"
        for name, (mark, _) in STANDINGS.items()
    ]
    hidden = len(claims) - len(shown)
    hint = ["--status not-applicable shows those as well."] if hidden else []
    return [
        *(console.table(heads, rows, align="lllww") if rows else []),
        *(_detail(shown[0]) if len(shown) == 1 else []),
        "",
        "  ".join(counts),
        *hint,
    ]


def _detail(claim: "Claim") -> list[str]:
    """The counterexample of a claim that stands alone."""
    found = claim.counterexample
    if found is None:
        return []
    extra = {"orders": found.orders, **found.params, **found.extra}
    told = ", ".join(f"{name} = {value}" for name, value in extra.items() if value is not None)
    rows = [f"    {list(row)}" for row in found.rows]
    return ["", f"  counterexample{f' ({told})' if told else ''}:", *rows]
