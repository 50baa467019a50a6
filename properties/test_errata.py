"""False statements, each refuted exactly."""

import pytest

from properties.errata import ERRATA
from properties.erratum import Erratum


@pytest.mark.parametrize("erratum", ERRATA, ids=[each.id for each in ERRATA])
def test_it_is_refuted(erratum: Erratum) -> None:
    """The case that is told contradicts the statement."""
    assert erratum.refuted()
