"""Reports for people: one self-contained HTML page and a Markdown page from result folders."""

from conformance.report.write import write

__all__ = ["write"]
