"""The pytest plugin: its options are the properties' own, and it runs a backend's jobs."""

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.pytest_plugin import _names_properties

ROOT = Path(__file__).parents[2]


def _pytest(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["properties"], True),
        (["-q", "properties/test_backend.py::test_x", "--backend", "torch"], True),
        (["--pyargs", "properties"], True),
        (["--pyargs", "properties.test_backend"], True),
        (["tests/conformance"], False),
        (["-k", "property"], False),
        ([], False),
    ],
)
def test_only_the_properties_are_meant(words: list[str], named: bool) -> None:  # noqa: FBT001  (a truth value)
    """Another project's command line never meets the option."""
    assert _names_properties(words) is named


def test_a_backend_runs_by_name() -> None:
    """`pytest properties --backend NAME` runs the jobs under ids method/law/dtype-params-block."""
    done = _pytest("properties/test_backend.py", "--backend", "reference", "-vv",
                   "-k", "mean and single-task and float64")  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "[mean/single-task/float64--0] PASSED" in done.stdout


def test_an_unknown_backend_is_a_usage_error() -> None:
    """The message is one sentence, and nothing is run."""
    done = _pytest("properties/test_backend.py", "--backend", "refrence")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "refrence" in done.stderr + done.stdout


def test_the_option_is_unknown_elsewhere() -> None:
    """A command line that does not name the properties has no --backend."""
    done = _pytest("tests/test_house.py", "--backend", "reference")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "unrecognized arguments" in done.stderr
