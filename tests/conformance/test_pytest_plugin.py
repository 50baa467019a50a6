"""The pytest plugin: its options are the properties' own, and it runs a backend's jobs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from conformance.pytest_plugin import _places, reached

ROOT = Path(__file__).parents[2]
BARE = ("-p", "no:cacheprovider", "-p", "conformance.pytest_plugin")
MEAN = f"{ROOT / 'examples' / 'python' / 'ten_lines.py'}:Backend"
JOBS = ("properties/test_backend.py",)
ONE = ("-k", "mean and single-task and float64")
FOREIGN = """def pytest_addoption(parser):
    parser.addoption("--backend", choices=["theirs"])
"""
LIGHT = """import sys

def test_light(request):
    heavy = {"numpy", "hypothesis", "flint", "torch", "jsonschema", "rich", "mtl_reference"}
    assert "conformance.pytest_plugin" in sys.modules
    assert heavy & sys.modules.keys() == set()
    assert request.config.getoption("--backend", "none") == "none"
"""


PARAMETRIZED = """import conformance

@conformance.parametrize({backend!r}, laws=["accuracy"], dtypes=["float64"])
def test_mine(check):
    check()
"""
SUMMED = """class Backend:
    def describe(self):
        return {"name": "summed", "version": "1", "methods": {"mean": {}}}

    def evaluate(self, method, inputs, params, random, seed):
        return {"direction": inputs["jacobian"].sum(axis=0)}
"""


def _pytest(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run pytest with our plugin and no others, which take seconds to load."""
    command = [sys.executable, "-m", "pytest", "-q", *BARE, *words]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        command, cwd=folder, env=alone, capture_output=True, text=True, check=False
    )


def test_a_backend_runs_by_name() -> None:
    """`pytest properties --backend NAME` runs the jobs under ids method/law/dtype-params-block."""
    done = _pytest(*JOBS, "--backend", MEAN, "-vv", *ONE)
    assert done.returncode == 0, done.stdout
    assert "[mean/single-task/float64--0] PASSED" in done.stdout


def test_an_unknown_backend_is_a_usage_error() -> None:
    """The message is one sentence, and nothing is run."""
    done = _pytest("properties/test_backend.py", "--backend", "refrence")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "did you mean reference" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_broken_backend_is_one_sentence(tmp_path: Path) -> None:
    """What its file raised is told, without our own frames around it."""
    (tmp_path / "broken.py").write_text("raise RuntimeError('boom')")
    words = ("--pyargs", "properties.test_backend", "--backend", "broken.py:backend")
    done = _pytest(*words, folder=tmp_path)
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert "cannot be loaded: RuntimeError: boom" in done.stdout
    assert "pytest_jobs.py" not in done.stdout


def test_the_option_is_unknown_elsewhere() -> None:
    """A command line that does not name the properties has no --backend."""
    done = _pytest("tests/test_house.py", "--backend", "reference")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "unrecognized arguments" in done.stderr


def test_nothing_heavy_is_imported_elsewhere(tmp_path: Path) -> None:
    """Another project's pytest loads the plugin, and neither numpy nor the reference with it."""
    (tmp_path / "test_light.py").write_text(LIGHT)
    done = _pytest(folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_projects_option_stays_its_own(tmp_path: Path) -> None:
    """Where a conftest.py has --backend too, ours is --mtl-backend alone."""
    (tmp_path / "conftest.py").write_text(FOREIGN)
    words = ("--pyargs", "properties.test_backend", "--backend", "theirs", "-vv")
    done = _pytest(*words, "--mtl-backend", MEAN, *ONE, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[mean/single-task/float64--0] PASSED" in done.stdout


def test_another_projects_properties_are_not_ours(tmp_path: Path) -> None:
    """A folder of that name runs untouched, and --backend is told to belong elsewhere."""
    (tmp_path / "properties").mkdir()
    (tmp_path / "properties" / "test_theirs.py").write_text("def test_theirs(): pass\n")
    done = _pytest("properties", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    refused = _pytest("properties", "--backend", "reference", folder=tmp_path)
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    assert "another project's properties" in refused.stderr
    (tmp_path / "conftest.py").write_text(FOREIGN)
    done = _pytest("properties", "--backend", "theirs", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "named", "collected"),
    [
        (["properties"], True, True),
        (["properties/test_backend.py::test_x[a]", "torch"], True, True),
        (["--pyargs", "properties"], True, True),
        (["--pyargs", "properties.test_backend"], True, True),
        ([], True, True),
        (["."], False, True),
        (["tests"], False, False),
    ],
)
def test_the_properties_are_known_by_their_place(
    words: list[str],
    named: bool,  # noqa: FBT001  (a truth value)
    collected: bool,  # noqa: FBT001  (a truth value)
) -> None:
    """As a folder, a file in it, a module, or what pytest collects by itself; or from around."""
    pyargs = "--pyargs" in words
    known = SimpleNamespace(file_or_dir=words[pyargs:], pyargs=pyargs)
    config = SimpleNamespace(
        invocation_params=SimpleNamespace(dir=ROOT), rootpath=ROOT, known_args_namespace=known,
        getini=lambda _: ["tests", "properties"],
    )  # fmt: skip
    assert reached(_places(cast("pytest.Config", config))[1]) == (named, collected)


def test_workers_collect_the_same() -> None:
    """Under pytest-xdist every worker has the same ids in the same order, else it would refuse."""
    words = (*JOBS, "--backend", MEAN, "-p", "xdist", "-n", "2", "-vv")
    done = _pytest(*words, "-k", "float64 and (single-task or shape)")
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.findall(r"PASSED .*\[(mean/[^ ]*)\]", done.stdout)
    assert sorted(passed) == ["mean/shape/float64--0", "mean/single-task/float64--0"]


def test_parametrize_makes_a_test_of_each_job(tmp_path: Path) -> None:
    """In a project's own file each has its job's name, and fails with what refutes it."""
    (tmp_path / "test_right.py").write_text(PARAMETRIZED.format(backend=MEAN))
    (tmp_path / "summed.py").write_text(SUMMED)
    (tmp_path / "test_wrong.py").write_text(PARAMETRIZED.format(backend="summed.py:Backend"))
    done = _pytest("-rfp", folder=tmp_path)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "PASSED test_right.py::test_mine[mean/accuracy/float64--0]" in done.stdout
    assert "FAILED test_wrong.py::test_mine[mean/accuracy/float64--0]" in done.stdout
    assert "fail of mean/accuracy/float64--0: scaled error" in done.stdout
    assert "rows=(" in done.stdout
    assert "PASSED test_wrong.py" not in done.stdout
