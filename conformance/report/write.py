"""Writing the reports of one or many result folders."""

from collections.abc import Sequence
from pathlib import Path

from conformance.report import html, markdown
from conformance.report.reading import read


def write(folders: Sequence[Path], out: Path, *, tables: bool = False) -> tuple[Path, Path]:
    """Write report.html and report.md on the results in ``folders`` below ``out``.

    With ``tables`` the page tells of the papers' printed tables too.
    """
    runs = [read(folder) for folder in folders]
    out.mkdir(parents=True, exist_ok=True)
    page, text = out / "report.html", out / "report.md"
    page.write_text(html.page(runs, out, tables=tables), encoding="utf-8")
    text.write_text(markdown.page(runs), encoding="utf-8")
    return page, text
