"""The printed tables of the papers as data, and their audit."""

from mtl_reference.tables.audit import Cell, Finding, Trial, audit
from mtl_reference.tables.interval import Interval, printed
from mtl_reference.tables.sayings import Remark, echoes, remarks, sizes
from mtl_reference.tables.table import TABLES, Column, Table

__all__ = [
    "TABLES",
    "Cell",
    "Column",
    "Finding",
    "Interval",
    "Remark",
    "Table",
    "Trial",
    "audit",
    "echoes",
    "printed",
    "remarks",
    "sizes",
]
