"""Printed tables as data."""

import pytest

from mtl_reference.tables import TABLES
from mtl_reference.tables.table import read

SMALL = """
id = "x-1"
paper = "X"
number = 1
caption = "c"
benchmark = "b"
baseline = "A"
columns = [{ name = "m", kind = "criterion", direction = "higher", task = "t" }]
rows = [["A", "1.0"]]
"""


def test_every_table_of_the_texts_is_there() -> None:
    """GradOPS 1-4, CAGrad 1-4, Recon 1-16."""
    wanted = {f"gradops-{n}" for n in range(1, 5)} | {f"cagrad-{n}" for n in range(1, 5)}
    assert set(TABLES) == wanted | {f"recon-{n}" for n in range(1, 17)}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"criterion"', '"critter"', "kind of m"),
        ('["A", "1.0"]', '["A", "1.0", "2"]', "must have 1 cells"),
        ('"1.0"', '"1.0*"', "decimal number"),
        ('baseline = "A"', 'baseline = "B"', "no row 'B'"),
    ],
)
def test_a_slip_in_a_table_is_told(old: str, new: str, complaint: str) -> None:
    """A wrong kind, a cell too many, a cell that is no number, a row that is not there."""
    with pytest.raises(ValueError, match=complaint):
        read(SMALL.replace(old, new))


def test_digits_count() -> None:
    """Cells are kept as printed: 0.02 beside 0.0136."""
    table = TABLES["recon-3"]
    assert table.cell("PCGrad", "Abs Err") == "0.02"
    assert table.cell("PCGrad w/ Recon", "Abs Err") == "0.0136"
