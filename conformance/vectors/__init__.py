"""Frozen cases of every method, one file a method, that any language can read; and their judge.

The data lie beside this file; README.md tells the format. `conformance.vectors.drafting` adds to
them.
"""

from conformance.vectors.jobs import BEYOND, LAW, LAWS, apart, judged, planned, reexamined
from conformance.vectors.record import Vector, VectorFile, bundled, of, read

__all__ = [
    "BEYOND",
    "LAW",
    "LAWS",
    "Vector",
    "VectorFile",
    "apart",
    "bundled",
    "judged",
    "of",
    "planned",
    "read",
    "reexamined",
]
