"""The wheel: it holds every file of the three rooms, and runs alone where nothing else is."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("conformance", "mtl_reference", "properties")
BESIDE = ("LICENSE", "README.md", "pyproject.toml")
EXAMPLE = ROOT / "examples" / "python" / "ten_lines.py"


def _run(*words: object, folder: Path) -> str:
    """Run a command in a folder, without what this test run has in its environment."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    command = list(map(str, words))
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a wheel is made of, so that building leaves nothing behind here."""
    copy = tmp_path_factory.mktemp("sources")
    left = shutil.ignore_patterns("__pycache__")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=left)
    for file in BESIDE:
        shutil.copy(ROOT / file, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built by the setuptools that is installed."""
    pytest.importorskip("setuptools", minversion="77")
    out = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", out)
    _run(sys.executable, "-m", "pip", "wheel", *options, ".", folder=sources)
    (found,) = out.iterdir()
    return found


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a virtual environment that has the wheel and what it requires, no more."""
    place = tmp_path_factory.mktemp("environment")
    _run(sys.executable, "-m", "venv", "--without-pip", place, folder=place)
    (site,) = place.glob("lib/python*/site-packages")
    for distribution in _closure("mtl-reference"):
        for name, source in _tops(distribution).items():
            (site / name).symlink_to(source)
    options = ("--quiet", "--no-deps", "--no-index")
    pip = (sys.executable, "-m", "pip", "--python", place / "bin" / "python")
    _run(*pip, "install", *options, wheel, folder=place)
    return place / "bin" / "python"


def _closure(name: str, seen: set[str] | None = None) -> Iterator[metadata.Distribution]:
    """What a distribution requires without extras, and what that requires."""
    seen = set() if seen is None else seen
    for requirement in metadata.requires(name) or []:
        wanted = re.split(r"[^\w.-]", requirement)[0].lower()
        if wanted in seen or "extra ==" in requirement:
            continue
        seen.add(wanted)
        try:
            yield metadata.distribution(wanted)
        except metadata.PackageNotFoundError:
            continue  # for another system, or another Python
        yield from _closure(wanted, seen)


def _tops(distribution: metadata.Distribution) -> dict[str, Path]:
    """The files and folders of a distribution right below site-packages."""
    files = [file for file in distribution.files or [] if file.parts[0] != ".."]
    root = Path(str(distribution.locate_file(".")))
    names = {file.parts[0] for file in files} - {"__pycache__"}
    return {name: root / name for name in sorted(names)}


def test_every_file_is_in_it(sources: Path, wheel: Path) -> None:
    """Schemas, styles, vectors, tables: whatever lies in a room is in the wheel, and only that."""
    files = [file for room in ROOMS for file in (sources / room).rglob("*") if file.is_file()]
    laid = {file.relative_to(sources).as_posix() for file in files}
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == laid


def test_it_runs_alone(python: Path, tmp_path: Path) -> None:
    """In an empty folder: the command line, and `pytest --pyargs properties --backend`."""
    told = _run(python.parent / "mtl-conformance", "smoke", f"{EXAMPLE}:Backend", folder=tmp_path)
    assert "ten_lines.py:Backend works" in told
    words = ("--pyargs", "properties", "--backend", f"{EXAMPLE}:Backend", "-rp")
    told = _run(python, "-m", "pytest", *words, "-k", "single-task and float32", folder=tmp_path)
    assert "keeps_the_law[mean/single-task/float32--0]" in told
    assert "proofs are left out without sympy" in told
    assert "warning" not in told
    with pytest.raises(AssertionError, match="No module named 'torch'"):
        _run(python, "-c", "import torch", folder=tmp_path)
