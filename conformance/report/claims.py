"""The section of a report on what is true of its methods: proved, searched, refuted, open."""

from collections.abc import Collection

from conformance.report.markup import Markup, element
from conformance.theorems import ground
from properties.claims import CLAIMS
from properties.proofs import standing

SIGNS = {"proved": "∎ proved", "searched": "✓ searched", "refuted": "✗ refuted", "open": "? open"}
NOTE = (
    "What the exact reference says of these methods, whoever implements them: proved by machine, "
    "searched with no tolerance at every run of the suite, or refuted by a pinned counterexample."
)


def section(methods: Collection[str]) -> Markup:
    """The section, folded: one row a claim on the methods of the report."""
    rows = [
        element(
            "tr",
            element("td", claim.method), element("td", claim.law), element("td", claim.when),
            element("td", SIGNS[standing(claim)[0]]), element("td", ground(claim)),
        )
        for claim in CLAIMS
        if claim.method in methods and claim.status != "not-applicable"
    ]  # fmt: skip
    heads = ("method", "law", "when", "status", "proof, counterexample or source")
    head = element("thead", element("tr", *(element("th", each) for each in heads)))
    table = element("table", head, element("tbody", *rows))
    return element(
        "section",
        element("h2", "What is true of the methods"),
        element(
            "details",
            element("summary", element("b", f"{len(rows)} claims")),
            element("p", NOTE, class_="note"),
            element("div", table, class_="scroll"),
        ),
        class_="reading",
    )
