"""The files that a run's own folder gets for other programs: JUnit, CTRF and the badge."""

import json
from pathlib import Path

from conformance.report import badge, ctrf, junit
from conformance.report.outcomes import told
from conformance.verification import verified


def write_own(folder: Path) -> list[Path]:
    """Write junit.xml, ctrf.json and, if the certificate is verified, badge.json into ``folder``.

    ValueError where the folder holds no run that can be read. A badge that is not earned any more
    is taken away.
    """
    run = told(folder)
    texts = {junit.FILE: junit.document(run), ctrf.FILE: _json(ctrf.document(run))}
    earned = badge.document(verified(folder))
    if earned is None:
        (folder / badge.FILE).unlink(missing_ok=True)
    else:
        texts[badge.FILE] = _json(earned)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
