"""The section of a report on what is true of its methods: proved, searched, refuted, open."""

from collections.abc import Collection

from conformance.report.markup import Markup, element
from properties.statements import KINDS, Statement, statements

SIGNS = {"proved": "∎", "searched": "✓", "refuted": "✗", "conjecture": "~", "open": "?"}
NOTE = (
    "What the exact reference says of these methods, whoever implements them: proved by machine, "
    "searched with no tolerance at every run of the suite, or refuted by a pinned counterexample; "
    "what a search has found and nobody has proved is a conjecture."
)
MANY = 3  # methods of one statement that are only counted
HEADS = ("method", "law", "when", "status", "proof, counterexample or source")


def _who(one: Statement) -> str:
    """The methods, or how many there are."""
    return ", ".join(one.methods) if len(one.methods) < MANY else f"{len(one.methods)} methods"


def section(methods: Collection[str]) -> Markup:
    """The section, folded: one row a claim, conjecture or erratum on the methods of the report."""
    found = [one for one in statements() if set(one.methods) & set(methods)]
    told = [one for one in found if one.status != "not-applicable"]
    rows = [
        element(
            "tr",
            element("th", _who(one), scope="row"), element("td", one.name),
            element("td", one.when),
            element("td", f"{SIGNS[one.status]} {one.extent}", title=one.reason),
            element("td", one.ground, title=one.file),
            data_m=one.methods[0], data_l=one.name,
        )
        for one in sorted(told, key=lambda one: (KINDS.index(one.kind), one.methods))
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
            element("summary", f"{len(rows)} claims, conjectures and errata"),
            element("div", table, class_="frame", role="region", aria_label="Claims", tabindex="0"),
        ),
        aria_labelledby="claims",
    )
