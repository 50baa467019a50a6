"""The command ``vectors``: what is exported is whole, what is changed is noticed."""

import json
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.document import DocumentError
from conformance.vectors import of, read
from conformance.vectors.record import HERE


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    """A copy of the vectors of the sum."""
    assert main(["vectors", "export", str(tmp_path), "--methods", "sum"]) == 0
    return tmp_path / "sum.json"


def changed(path: Path, place: int, **members: object) -> None:
    """Change one test of a file, and keep the canonical form."""
    document = json.loads(path.read_text())
    document["tests"][place] |= members
    path.write_text(json.dumps(document))
    main(["vectors", "lint", "--fix", str(path)])


def test_export_copies_what_a_reader_needs(sums: Path, tmp_path: Path) -> None:
    """The file as it is, the schema and the README, and nothing else."""
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"README.md", "sum.json", "vectors.schema.json"}
    assert sums.read_bytes() == (HERE / "sum.json").read_bytes()


def test_a_sound_file_passes(sums: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of vectors is linted and checked, its schema left alone."""
    assert main(["vectors", "lint", str(sums.parent)]) == 0
    capsys.readouterr()
    assert main(["vectors", "check", "--json", str(sums)]) == 0
    assert json.loads(capsys.readouterr().out) == {"files": 1, "faults": {str(sums): []}}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"bound": 1e9}, "bound"),
        ({"margin": 3.0}, "margin"),
        ({"expected": {"direction": ["7"]}}, "expected direction"),
    ],
)
def test_check_notices_a_change(
    sums: Path, capsys: pytest.CaptureFixture[str], members: dict[str, object], said: str
) -> None:
    """Another bound, margin or right answer ends with 1 and names the test."""
    changed(sums, 2, **members)
    assert main(["vectors", "check", str(sums)]) == 1
    assert f"test 3: {said}" in capsys.readouterr().out


def test_an_answer_may_be_written_otherwise(sums: Path) -> None:
    """A fraction that is not in lowest terms is the same number."""
    tests = of("sum").tests
    found = ((place, test["expected"]) for place, test in enumerate(tests) if "expected" in test)
    place, value = next(each for each in found if "/" not in each[1]["direction"][0])
    first, *others = value["direction"]
    changed(sums, place, expected={"direction": [f"{2 * int(first)}/2", *others]})
    assert main(["vectors", "check", str(sums)]) == 0


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"id": 9}, "ids must be 1 to"),
        ({"flags": ["Nameless"]}, "the flag Nameless has no note"),
        ({"flags": []}, "it has no flag"),
        ({"params": {"beta": 1}}, "params must be among none"),
        ({"dtype": "float32", "inputs": {"jacobian": [["0x1.0000000001p+0"]]}}, "be a float32"),
    ],
)
def test_lint_notices(
    sums: Path, capsys: pytest.CaptureFixture[str], members: dict[str, object], said: str
) -> None:
    """A number given twice, a flag without a note, a float that the dtype does not hold."""
    changed(sums, 0, **members)
    capsys.readouterr()
    assert main(["vectors", "lint", str(sums)]) == 1
    assert said in capsys.readouterr().out


def test_fix_writes_the_canonical_form(sums: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Other spaces and longer floats are put right, and nothing else is."""
    text = sums.read_text()
    sums.write_text(json.dumps(json.loads(text), indent=3).replace('"0x1p+0"', '"0x1.000p+0"'))
    assert main(["vectors", "lint", str(sums)]) == 1
    assert "canonical form" in capsys.readouterr().out
    assert main(["vectors", "lint", "--fix", str(sums)]) == 0
    assert sums.read_text() == text


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"schema": "vectors-v1"}', '{"tests": NaN}', "[" * 100_000, "\ud800"],
)
def test_what_is_no_file_of_vectors_is_told(tmp_path: Path, text: str) -> None:
    """Any other content is one clear error."""
    path = tmp_path / "sum.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(DocumentError, match=r"sum\.json"):
        read(path)
    assert main(["vectors", "lint", str(path)]) == 1


@pytest.mark.parametrize(
    "words", [["export"], ["check", "nowhere.json"], ["check", "--fix"], ["lint", "."]]
)
def test_usage_is_told(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing folder, a missing file, an option of another action, an empty folder: status 2."""
    monkeypatch.chdir(tmp_path)
    assert main(["vectors", *words]) == 2
