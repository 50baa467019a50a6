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
HEADS = ("method", "law", "when", "status", "proof, counterexample or source")


def section(methods: Collection[str]) -> Markup:
    """The section, folded: one row a claim on the methods of the report."""
    rows = [
        element(
            "tr",
            element("th", claim.method, scope="row"), element("td", claim.law),
            element("td", claim.when), element("td", SIGNS[standing(claim)[0]], class_="whole"),
            element("td", ground(claim)),
            data_m=claim.method, data_l=claim.law,
        )
        for claim in sorted(CLAIMS, key=lambda claim: claim.method)
        if claim.method in methods and claim.status != "not-applicable"
    ]  # fmt: skip
    head = element("thead", element("tr", *(element("th", each, scope="col") for each in HEADS)))
    caption = element("caption", "Claims", class_="unseen")
    table = element("table", caption, head, element("tbody", *rows), class_="plain")
    return element(
        "section",
        element("h2", "What is true of the methods", id="claims"),
        element("p", NOTE, class_="note"),
        element(
            "details",
            element("summary", f"{len(rows)} claims"),
            element("div", table, class_="frame", role="region", aria_label="Claims", tabindex="0"),
        ),
        aria_labelledby="claims",
    )
