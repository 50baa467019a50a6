"""badge.json: what a verified certificate says, in the form of a shields.io endpoint badge."""

from typing import Any

from conformance.certificate import Certificate
from conformance.verdict import Standing
from conformance.verification import Verification

FILE = "badge.json"
LABEL = "mtl-conformance"


def document(found: Verification) -> dict[str, Any] | None:
    """The badge of a certificate that was verified; None for any other, and where none was judged.

    Green: every supported method is certified; yellow: what is not is expected; orange: some are
    certified; red: none is.
    """
    if found.statement is None or not found.verified:
        return None
    certificate = Certificate(found.statement)
    verdicts = [facts["verdict"] for facts in certificate.methods.values()]
    judged = [verdict for verdict in verdicts if verdict != Standing.UNSUPPORTED]
    if not judged:
        return None
    kept = judged.count(Standing.CERTIFIED)
    message = f"{kept} of {len(judged)} certified"
    return {
        "schemaVersion": 1,
        "label": LABEL,
        "message": message,
        "color": _colour(certificate, kept),
    }


def _colour(certificate: Certificate, kept: int) -> str:
    if certificate.certified:
        return "brightgreen"
    if certificate.excused:
        return "yellow"
    return "orange" if kept else "red"
