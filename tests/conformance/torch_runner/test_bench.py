"""Tests of the bench: what is timed, what samples say, which targets are met; never a time."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from conformance.cli import main
from conformance.cli.trouble import Exit
from conformance.schemas import validator
from conformance.torch_runner.bench import SIZES, Size, gramian_methods, size_of, targets
from conformance.torch_runner.bench.entries import entry_error
from conformance.torch_runner.bench.memory import measurable, peak
from conformance.torch_runner.bench.own import drawn, made
from conformance.torch_runner.bench.rounds import Timing, interleaved, timing, warmed

TINY = ["bench", "aggregators", "--size", "3x1500", "--rounds", "2"]


def record(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """The one JSON document of a tiny run."""
    assert main([*TINY, "--json", *words]) == Exit.OK
    return json.loads(capsys.readouterr().out)


def test_a_tiny_run_keeps_its_schema(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A whole run with all peers that are there is a valid document, and the files say the same."""
    found = record(capsys, "--methods", "mgda,pcgrad", "--out", str(tmp_path))
    assert list(validator("bench").iter_errors(found)) == []
    assert json.loads((tmp_path / "bench.json").read_text()) == found
    page = (tmp_path / "bench.md").read_text()
    assert "| mgda |" in page
    assert found["machine"]["processor"] in page
    assert (tmp_path / "bench.svg").read_text().count("<svg") == 1


def test_the_figures_of_a_page_are_refreshed(tmp_path: Path) -> None:
    """What stands above the mark stays, what stood below goes, and a plot lies beside."""
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n<!-- what follows is written by: nobody -->\nold")
    assert main([*TINY, "--methods", "mgda", "--peers", "none", "--page", str(page)]) == Exit.OK
    text = page.read_text()
    assert text.startswith("# Title\n\n<!-- what follows is written by: mtl-conformance bench")
    assert "old" not in text
    assert "(page.svg)" in text
    assert (tmp_path / "page.svg").exists()


def test_every_gramian_method_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    """What is not timed is named with its reason; nothing is lost on the way."""
    found = record(capsys, "--peers", "none")
    timed = {each["method"] for each in found["sizes"][0]["methods"]}
    told = {each["method"] for each in found["left_out"]}
    assert timed | told >= set(gramian_methods()) > {"cagrad", "gradops", "imtl_g", "mgda"}
    assert not timed & told
    assert {"mean", "sum"}.isdisjoint(timed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--size", "3"], "tasks x width"),
        (["--size", "0x5"], "tasks x width"),
        (["--methods", "mdga"], "did you mean mgda"),
        (["--peers", "torchdj"], "did you mean torchjd"),
        (["--device", "cuda:77"], "no device 'cuda:77'"),
        (["--page", "README.md"], "README.md has no line"),
    ],
)
def test_trouble_is_a_sentence(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong sizes and unknown names are told, with what was meant."""
    assert main([*TINY, *words]) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_sizes_are_written_as_they_are_read() -> None:
    """Every size of the grid comes back from its text."""
    assert [size_of(str(size)) for size in SIZES] == list(SIZES)
    assert [str(Size(3, 500)), str(Size(10, 10**6)), str(Size(2, 25000))] == [
        "3x500",
        "10x1e6",
        "2x25000",
    ]


def test_quartiles_by_hand() -> None:
    """Of 1, 2, 4, 8 ms: the median is 3, the quartiles are 1.75 and 5."""
    assert timing([0.008, 0.001, 0.004, 0.002]) == Timing(3.0, 1.75, 5.0, 4)
    assert timing([0.25]) == Timing(250.0, 250.0, 250.0, 1)


def test_rounds_are_interleaved_and_rotate() -> None:
    """In every round each call is made once in each burst, and not always in the same order."""
    met: list[str] = []
    calls = {name: (lambda name=name: met.append(name)) for name in "abc"}
    first = dict.fromkeys(calls, 0.0)
    nothing = {"wait": lambda: None, "tell": lambda _label: None}
    found = interleaved(calls, first, rounds=3, burst=2, **nothing)
    assert [sorted(met[at : at + 6]) for at in (0, 6, 12)] == [list("aabbcc")] * 3
    assert len({"".join(met[at : at + 6]) for at in (0, 6, 12)}) == 3
    assert {each.samples for each in found.values()} == {6}


def test_slow_sides_are_asked_in_few_rounds() -> None:
    """A call of a minute is not made fifteen times."""
    calls = {"slow": lambda: None, "fast": lambda: None}
    nothing = {"wait": lambda: None, "tell": lambda _label: None}
    first = {"slow": 60.0, "fast": 0.0}
    found = interleaved(calls, first, rounds=15, burst=1, **nothing)
    assert (found["slow"].samples, found["fast"].samples) == (3, 15)


def test_a_side_that_fails_is_told() -> None:
    """A library's error becomes a reason, and the others are timed."""
    took, refused = warmed({"good": lambda: 1, "bad": lambda: 1 / 0}, lambda: None)
    assert list(took) == ["good"]
    assert refused == {"bad": "ZeroDivisionError: division by zero"}


def test_targets_are_met_up_to_their_bound() -> None:
    """At the bound a target is met, above it is not; peers bound by their own median."""
    size = Size(10, 10**6)
    own = {"method": "mgda", "gramian": True, "ratio": 0.8, "timing": {"median": 3.0}}
    peer = {"peer": "torchjd", "method": "mgda", "timing": {"median": 2.0}}
    found = list(targets.judged(size, {"methods": [own], "peers": [peer]}))
    assert [(each.target, each.bound, each.met) for each in found] == [
        ("ratio to the limit", 0.8, True),
        ("no slower than torchjd", 2.0, False),
    ]


def test_sequential_methods_have_their_own_bound() -> None:
    """PCGrad and GradVac may take longer at forty tasks."""
    cell = [{"method": name, "gramian": True, "ratio": 1.0, "timing": {"median": 1.9}}
            for name in ("mgda", "pcgrad", "gradvac")]  # fmt: skip
    found = targets.judged(Size(40, 10**4), {"methods": cell, "peers": []})
    assert [(each.place, each.met) for each in found] == [
        ("mgda 40x1e4", False),
        ("pcgrad 40x1e4", True),
        ("gradvac 40x1e4", True),
    ]


def test_inputs_that_nobody_knows_are_refused() -> None:
    """Other inputs have the shape of their quantity, and numbers inside (0, 1)."""
    rows, draws = torch.ones((3, 5)), torch.Generator().manual_seed(0)
    losses = drawn("losses", rows, draws)
    assert losses.shape == (3,)
    assert 0 < losses.min() < losses.max() < 1
    with pytest.raises(NotImplementedError, match="layers"):
        drawn("layers", rows, draws)


def test_entry_error_of_a_plain_product_is_seen() -> None:
    """The errors are those of the Gramian in use, and of G @ G.T beside it."""
    found = entry_error(torch.full((3, 100_000), 0.1))
    assert found.own < 1e-7 < found.plain


@pytest.mark.skipif(not measurable(), reason="only Linux tells a process's peak of memory")
def test_memory_beside_the_jacobian_is_less_than_it() -> None:
    """In a process of its own, an aggregator takes far less than the jacobian's 24 MB."""
    assert 0 < peak("mgda", Size(6, 10**6), "float32") < 24 * 10**6


def test_calls_go_to_the_aggregator_itself() -> None:
    """What is timed gives the aggregator's own answer."""
    rows = torch.eye(3)
    assert made("mgda", rows)().direction.tolist() == pytest.approx([1 / 3] * 3)
