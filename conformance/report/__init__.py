"""Reports: an HTML page and a Markdown page from result folders, and files for other programs."""

from conformance.report.own import write_own
from conformance.report.write import write

__all__ = ["write", "write_own"]
