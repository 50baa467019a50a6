"""The conjectures on file: a sample of cases again, what is false refuted, and the file itself."""

import pytest

from properties.discovery import Conjecture, broken, conjectures, grounds
from properties.discovery.configurations import CASES, CONFIGURATIONS, cases
from properties.discovery.conjecture import FILE, written
from properties.discovery.grounds import DEFINITION, EQUALITIES, LENGTHS, MEMBERSHIPS, WHOLES
from properties.discovery.orders import predicted, single
from properties.discovery.relations import CHAINS, CONES, MEASURES, VARIANTS
from properties.proofs import INDEX

ON_FILE = conjectures()


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_no_case_of_a_sample_refutes_a_conjecture(configuration: str) -> None:
    """The first cases of each configuration, exact; the search asked them all."""
    for conjecture in ON_FILE:
        if conjecture.configuration == configuration:
            assert broken(conjecture) is None, conjecture.words()


@pytest.mark.parametrize(
    ("relation", "members", "configuration"),
    [
        ("equal", ("mean", "sum"), "two independent"),
        ("parallel", ("GradOPS(-2)", "MGDA"), "three independent, all conflicting"),
        ("parallel", ("GradOPS(0)", "UPGrad"), "three independent"),
        ("gains", ("PCGrad",), "three independent"),
        ("gains", ("IMTL-G",), "three independent"),
        ("falls", ("c", "least gain"), "three independent"),
        ("implies", ("span+", "gains"), "three independent"),
    ],
)
def test_the_search_refutes_what_is_false(
    relation: str, members: tuple[str, ...], configuration: str
) -> None:
    """Statements that the claims or the papers know to fail do not survive it."""
    assert broken(Conjecture(relation, members, configuration, CASES), CASES) is not None


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_cases_are_what_they_promise(configuration: str) -> None:
    """Whole matrices of the shape and the Gramian asked for; fewer are the first of more."""
    from mtl_reference import jacobian

    found = cases(configuration, 6)
    kind = CONFIGURATIONS[configuration]
    assert all(len(rows) == kind.tasks and len(rows[0]) == kind.width for rows in found)
    assert all(kind.holds(jacobian(rows).gramian()) for rows in found)
    assert cases(configuration, 3) == found[:3]


def test_pcgrads_orders_matter_where_a_projection_makes_a_conflict() -> None:
    """(2, 0), (-1, 1), (1, -2): projecting the first off the second turns it from the third."""
    rows = ((2, 0), (-1, 1), (1, -2))
    assert not single(rows)
    assert not predicted(rows)
    assert single(((1, 0, 0), (-1, 1, 0), (0, 0, 1)))


def test_the_file_is_what_the_search_writes() -> None:
    """Read and written again it is the same, and names no configuration that there is not."""
    assert FILE.read_text(encoding="utf-8") == written(ON_FILE)
    assert {one.configuration for one in ON_FILE} <= set(CONFIGURATIONS)
    assert all(one.words() for one in ON_FILE)


def test_what_is_proved_is_proved_by_theorems_that_there_are() -> None:
    """Each rule names members that are searched, and a theorem of the index or the definition."""
    for rule in (*EQUALITIES, *MEMBERSHIPS, *WHOLES, *LENGTHS):
        assert set(rule.theorem.split(", ")) <= {*INDEX, DEFINITION}
        assert set(rule.members) <= {*VARIANTS, *CHAINS, *CONES, *MEASURES}


def test_a_conjecture_is_proved_only_if_all_its_members_are() -> None:
    """UPGrad = GradOPS(0) in direction where all conflict is a theorem, not on any three rows."""
    members, rows = ("GradOPS(0)", "UPGrad"), "three independent"
    proved = grounds(Conjecture("parallel", members, f"{rows}, all conflicting", CASES))
    assert proved.theorems == ("upgrad-is-gradops",)
    assert proved.proved
    assert not grounds(Conjecture("parallel", members, rows, CASES)).proved
    three = (*members, "IMTL-G")
    assert grounds(Conjecture("parallel", three, "two independent", CASES)).open == ("IMTL-G",)
