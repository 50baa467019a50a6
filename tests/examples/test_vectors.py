"""The reader of vectors in JavaScript: it passes what is right and fails what is not."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READER = ROOT / "examples" / "javascript" / "vectors.mjs"
SUMMED = """export const mean = (rows) => ({
  direction: rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0)),
});"""
EVERY_NOTATION = [
    [["3/4", "2"]],
    {"numerator": [["1", "1"], ["1", "5"]], "denominator": [["2", "1"]]},
    {"mid": "-1.0e-3", "rad": "1e-30"},
    f"1/{2**1074}",
]  # fmt: skip


def _read(*words: object) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    command = [node, str(READER), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _vectors(folder: Path, expected: list[object], bound: float) -> Path:
    test = {"id": 1, "comment": "", "flags": [], "dtype": "float64", "params": {}, "random": {},
            "inputs": {"jacobian": [["0x1.8p+1", "-0x0p+0"]]}, "expected": {"direction": expected},
            "bound": bound, "margin": None, "condition": 1.0, "result": "valid"}  # fmt: skip
    file = folder / "made.json"
    file.write_text(json.dumps({"method": "made", "tests": [test]}))
    return file


def _module(folder: Path, *entries: str) -> Path:
    file = folder / "made.mjs"
    file.write_text(f"export const made = () => ({{ direction: [{', '.join(entries)}] }});")
    return file


@pytest.mark.parametrize("method", ["mean", "pcgrad"])
def test_the_example_passes_its_vectors(method: str) -> None:
    """The JavaScript backend's functions keep every frozen vector that states an answer."""
    done = _read(ROOT / "conformance" / "vectors" / f"{method}.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 failed" in done.stdout


def test_a_wrong_function_fails(tmp_path: Path) -> None:
    """A sum where the mean is asked for is told, and the exit status is 1."""
    module = tmp_path / "summed.mjs"
    module.write_text(SUMMED)
    done = _read(ROOT / "conformance" / "vectors" / "mean.json", module)
    assert done.returncode == 1
    assert "failed: mean " in done.stdout


@pytest.mark.parametrize(("off", "status"), [(29, 0), (31, 1)])
def test_every_notation_is_read(tmp_path: Path, off: int, status: int) -> None:
    """Fractions, surds, quotients and balls, to within 30 u times the bound and no more."""
    golden = f"(1 + Math.sqrt(5)) / 2 + {off} * 2 ** -52"
    module = _module(tmp_path, "Math.SQRT2 * 0.75", golden, "-0.001", "2 ** -1074")
    done = _read(_vectors(tmp_path, EVERY_NOTATION, 2.0), module)
    assert done.returncode == status, done.stdout + done.stderr


def test_the_reader_is_short() -> None:
    """It is as long as somebody else's would be: at most 60 lines."""
    assert len(READER.read_text().splitlines()) <= 60
