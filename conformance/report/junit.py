"""junit.xml: a run as JUnit's XML, in the form that Jenkins, GitLab and the like read.

One suite for each method, one case for each job, classname METHOD.LAW. What is expected to fail,
was not asked, or does not gate is skipped with its reason; no reader turns red for it.
"""

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from conformance.printable import printable
from conformance.report.outcomes import CERTIFIED, Outcome, Told

FILE = "junit.xml"
ELEMENTS = {"failed": "failure", "error": "error", "skipped": "skipped", "told": "skipped"}


def document(run: Told) -> str:
    """The whole file."""
    counts = _counts(run.outcomes, "failed error")
    root = ET.Element("testsuites", {"name": "mtl-conformance", **counts})
    for method, cases in groupby(sorted(run.outcomes, key=_method), key=_method):
        root.append(_suite(run, method, list(cases)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _method(outcome: Outcome) -> str:
    return outcome.method


def _counts(outcomes: Iterable[Outcome], wanted: str) -> dict[str, str]:
    """The attributes that count: tests, failures, errors, skipped, and the time together."""
    cases = list(outcomes)
    ended = [ELEMENTS.get(case.status) for case in cases]
    names = {"failed": ("failures", "failure"), "error": ("errors", "error")}
    names |= {"skipped": ("skipped", "skipped")}
    chosen = (names[word] for word in wanted.split())
    counts = {plural: str(ended.count(single)) for plural, single in chosen}
    seconds = sum(case.seconds for case in cases)
    return {"tests": str(len(cases)), **counts, "time": f"{seconds:.3f}"}


def _suite(run: Told, method: str, cases: list[Outcome]) -> ET.Element:
    counts = _counts(cases, "failed error skipped")
    names = {"name": printable(method), "package": printable(run.backend)}
    suite = ET.Element("testsuite", {**names, **counts})
    properties = ET.SubElement(suite, "properties")
    statement = run.certificate.statement
    predicate = statement["predicate"]
    facts = {
        "subject": statement["subject"][0]["name"],
        "suite": predicate["suite"]["version"],
        "profile": predicate["profile"],
        "seed": predicate["seed"],
    }
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=printable(str(value)))
    suite.extend(map(_case, cases))
    return suite


def _case(outcome: Outcome) -> ET.Element:
    classname = printable(f"{outcome.method}.{outcome.law}")
    name = CERTIFIED if outcome.law == CERTIFIED else printable(outcome.name)
    case = ET.Element("testcase", classname=classname, name=name, time=f"{outcome.seconds:.3f}")
    if (tag := ELEMENTS.get(outcome.status)) is not None:
        found = ET.SubElement(case, tag, type=printable(outcome.verdict), message=outcome.said)
        if outcome.case is not None:
            found.text = printable(f"failures/{outcome.case}/case.json")
    return case
