"""The command line: exit codes, sentences for trouble, and one JSON document on stdout."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from conformance.cli import main
from conformance.cli.trouble import Exit


@pytest.fixture
def matrix(tmp_path: Path) -> Path:
    """Two conflicting gradients as JSON."""
    path = tmp_path / "matrix.json"
    path.write_text('[[1, 0], ["-1/2", "0x1p+0"]]')
    return path


def answer(path: Path, *words: str) -> int:
    """Run ``answer mgda`` on a file."""
    return main(["answer", "mgda", "--jacobian", str(path), *words])


def spoiled(tmp_path: Path, name: str, text: str) -> Path:
    """A file that holds ``text``."""
    path = tmp_path / name
    path.write_text(text)
    return path


def test_answer_prints_fractions(matrix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exact answer is printed with its certificate, and nothing on stderr."""
    assert answer(matrix) == Exit.OK
    out, err = capsys.readouterr()
    assert "4/13" in out
    assert "✗" not in out
    assert err == ""


def test_answer_fits_the_terminal(matrix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No line is wider than 80 columns where nobody says how wide the terminal is."""
    matrix.write_text("[[0.1, 0.7, 1e-30], [-0.3, 0.2, 1e9]]")
    assert answer(matrix) == Exit.OK
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_answer_as_json(matrix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--json`` prints one document: exact text, correctly rounded floats, a certificate."""
    assert answer(matrix, "--json") == Exit.OK
    found = json.loads(capsys.readouterr().out)
    first = found["outputs"]["direction"][0]
    assert (first["exact"], first["float64"]) == ("4/13", 4 / 13)
    assert all(each["holds"] for each in found["certificate"])


def test_decimals_are_floats_and_fractions_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0.1 is the float64 next to one tenth; "1/10" is one tenth."""
    path = spoiled(tmp_path, "m.csv", "# a comment\n0.1,1/10\n")
    assert answer(path, "--json") == Exit.OK
    near, tenth = json.loads(capsys.readouterr().out)["outputs"]["direction"]
    assert (near["exact"], tenth["exact"]) == ("3602879701896397/36028797018963968", "1/10")


def test_npy_is_read_exactly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A float32 array stands for the rationals that it holds."""
    path = tmp_path / "m.npy"
    np.save(path, np.array([[0.1, 2]], np.float32))
    assert answer(path, "--json") == Exit.OK
    direction = json.loads(capsys.readouterr().out)["outputs"]["direction"]
    assert direction[0]["exact"] == "13421773/134217728"


def test_pickles_are_not_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An .npy file that holds objects is refused unread."""
    path = tmp_path / "m.npy"
    np.save(path, np.array([[{"a": 1}]], object), allow_pickle=True)
    assert answer(path) == Exit.USAGE
    assert "not a plain .npy array" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("m.json", "[[1, 2], [3, NaN]]", "jacobian[1, 1] is nan"),
        ("m.json", "[[1, -Infinity]]", "jacobian[0, 1] is -inf"),
        ("m.csv", "1,2\n3,inf\n", "jacobian[1, 1] is inf"),
        ("m.json", "[[1, 2],\n [3]]", "row 0 has 2, row 1 1"),
        ("m.json", "[[1, 2],\n [3,]]", "line 2, column"),
        ("m.json", "[]", "at least one row"),
        ("m.json", '{"rows": [[1]]}', '"jacobian"'),
        ("m.json", "[[true]]", "jacobian[0, 0] is true"),
        ("m.csv", "1,2\n3,four\n", "line 2, field 2: 'four' is not a number"),
        ("m.csv", "1/0\n", "line 1, field 1"),
        ("m.txt", "1", "'.txt'"),
    ],
)
def test_a_bad_file_is_told_by_name_and_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    """A malformed file: exit 2 and one sentence that names file, place and rule."""
    path = spoiled(tmp_path, name, text)
    assert answer(path) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert str(path) in err
    assert told in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["anwser"], "did you mean answer?"),
        (["answer", "mgad", "--jacobian", "x"], "did you mean mgda, "),
        (["answer", "cagrad", "--jacobian", "x", "--param", "k=1"], "there are c"),
        (["answer", "cagrad", "--jacobian", "x", "--param", "c=-1"], "at least"),
        (["answer", "mgda", "--jacobian", "missing.json"], "no such file"),
        (["answer", "mgda"], "--jacobian"),
        (["certify", "torchj"], "did you mean torch"),
        (["certify"], "list backends"),
        (["certify", "reference", "--methods", "pcgard"], "did you mean pcgrad"),
        (["certify", "reference", "--laws", "homogenous"], "homogeneous"),
        (["certify", "reference", "--dtypes", "float46"], "float64"),
        (["certify", "reference", "--shard", "3/2"], "i/n"),
        (["certify", "reference", "--timeout", "nan"], "seconds"),
        (["claims", "--law", "non-conflit"], "non-conflict"),
        (["reproduce", "nowhere/case.json"], "no such file"),
        (["report", "."], "no results"),
        (["data", "multi-fashion"], "multi-fashion-mnist"),
        (["list", "method"], "methods"),
    ],
)
def test_trouble_is_one_sentence(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Wrong usage: exit 2, nothing on stdout, one line on stderr that says what to try."""
    monkeypatch.chdir(tmp_path)
    assert main(words) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_debug_shows_the_traceback(matrix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With ``--debug`` an error brings its traceback, and keeps its exit status."""
    matrix.write_text("[[NaN]]")
    assert answer(matrix, "--debug") == Exit.USAGE
    assert "Traceback" in capsys.readouterr().err


def test_interruption_is_a_broken_run(
    matrix: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends a command with exit 3 and a word, not a traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("conformance.cli.matrix.read", interrupt)
    assert answer(matrix) == Exit.BROKEN
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["methods", "laws", "backends", "benchmarks"])
def test_lists(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each list has one line an entry, at most 80 columns, and the same ids as JSON."""
    assert main(["list", kind]) == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    assert main(["list", kind, "--json"]) == Exit.OK
    entries = json.loads(capsys.readouterr().out)
    assert [line.split()[0] for line in lines] == [entry["id"] for entry in entries]
    assert max(map(len, lines)) <= 80


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    """The overview names every command, and each explains its options."""
    assert main(["--help"]) == Exit.OK
    commands = [line.split()[0] for line in capsys.readouterr().out.splitlines()[4:14]]
    assert len(commands) == 10
    for command in commands:
        assert main([command, "--help"]) == Exit.OK
        assert "--json" in capsys.readouterr().out


def test_a_program_that_dies_breaks_smoke(capsys: pytest.CaptureFixture[str]) -> None:
    """A program that gives no description: exit 3 and a sentence."""
    assert main(["smoke", "--command", f"{sys.executable} -c pass"]) == Exit.BROKEN
    assert "no description" in capsys.readouterr().err


def test_smoke_of_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    """The reference works, and says so in a sentence."""
    assert main(["smoke", "reference", "--methods", "mgda"]) == Exit.OK
    out = capsys.readouterr().out
    assert "4/13 6/13" in out
    assert "reference works" in out


def test_claims_are_filtered(capsys: pytest.CaptureFixture[str]) -> None:
    """Filters leave only what was asked for; a claim that fails has its counterexample."""
    assert main(["claims", "--method", "pcgrad", "--status", "fails", "--json"]) == Exit.OK
    claims = json.loads(capsys.readouterr().out)
    assert {(each["method"], each["status"]) for each in claims} == {("pcgrad", "fails")}
    assert all(each["counterexample"]["rows"] for each in claims)
