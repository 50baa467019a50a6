"""Resolving what a user calls a backend: names, modules, files, commands, and their digests."""

import hashlib
import os
import pickle
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from conformance.backend import (
    MissingLibraryError,
    UnknownBackendError,
    _registered,
    resolve,
)
from conformance.registry import BACKENDS, Entry
from conformance.supervisor import BrokenBackendError, Supervisor

HERE = Path(__file__).parent
EXAMPLE = HERE / "example_backend.py"
CHECKOUTS = {name for name, entry in BACKENDS.items() if entry.files}


def test_a_file_is_its_own_artifact(tmp_path: Path) -> None:
    """The digest is that of the listing which sha256sum prints, and changes with the file."""
    file = tmp_path / "mean.py"
    file.write_bytes(b"backend = None\n")
    spec = resolve(f"{file}:backend")
    listing = f"{hashlib.sha256(file.read_bytes()).hexdigest()}  mean.py\n"
    assert spec.digest == hashlib.sha256(listing.encode()).hexdigest()
    assert (spec.name, spec.subject) == ("mean.py:backend", "pkg:generic/mean.py")
    file.write_bytes(b"backend = 0\n")
    assert resolve(f"{file}:backend").digest != spec.digest


def test_a_spec_travels_between_processes() -> None:
    """It is a record of plain values."""
    spec = resolve(f"{EXAMPLE}:Example")
    assert pickle.loads(pickle.dumps(spec)) == spec  # noqa: S301  (our own bytes)


@pytest.mark.parametrize("name", sorted(set(BACKENDS) - CHECKOUTS))
def test_registered_backends_resolve(name: str) -> None:
    """Each registered name has files, and a subject that pins a version."""
    library = BACKENDS[name].library
    if library is not None:
        try:
            metadata.version(library)
        except metadata.PackageNotFoundError:
            pytest.skip(f"{library} is not installed")
    spec = resolve(name)
    assert spec.name == name
    assert spec.artifact
    assert spec.subject.startswith("pkg:pypi/")
    assert spec.argv[1:] == ("-m", "conformance.host", BACKENDS[name].target)


def test_an_adapter_is_the_library_and_the_adapter() -> None:
    """TorchJD's subject is TorchJD; its digest covers the adapter too, and no bytecode."""
    pytest.importorskip("torchjd")
    spec = resolve("torchjd")
    assert spec.subject == f"pkg:pypi/torchjd@{metadata.version('torchjd')}"
    assert "conformance/adapters/torchjd.py" in spec.artifact
    assert "torchjd/__init__.py" in spec.artifact
    assert not any("__pycache__" in file or file.endswith("RECORD") for file in spec.artifact)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("torhc", "did you mean torch"),
        ("xyzzy", "there are cagrad-official, conflictfree, golden-pendulum"),
        ("nowhere.py:backend", "no file nowhere.py"),
        ("no.such.module:backend", "no module no.such.module"),
        ("json.nothing:backend", "no module json.nothing"),
        (":backend", "module:attribute"),
    ],
)
def test_unknown_names_tell_what_there_is(name: str, hint: str) -> None:
    """The nearest names come first; a wrong file or module says that it was looked for."""
    with pytest.raises(UnknownBackendError, match=hint):
        resolve(name)


def test_a_missing_library_names_the_extra() -> None:
    """It is told before any process is started."""
    module = "conformance.adapters.torchjd"
    entry = Entry(f"{module}:backend", "", (module,), library="not-there", extra="peers")
    with pytest.raises(MissingLibraryError, match=r"pip install 'mtl-reference\[peers\]'"):
        _registered("torchjd", entry, "")


def test_a_bundled_backend_may_want_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without torch, the torch backend is missing (so pytest skips it), not broken."""
    monkeypatch.setattr("conformance.backend.util.find_spec", lambda _: None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'mtl-reference\[torch\]'"):
        resolve("torch")


def test_a_module_beside_the_user_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module in the current folder is not imported here, and the child can import it."""
    package = tmp_path / "mine_of_test"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "backend.py").write_text("")
    monkeypatch.chdir(tmp_path)
    spec = resolve("mine_of_test.backend:backend")
    assert spec.variables == (("PYTHONPATH", str(tmp_path.resolve())),)
    assert spec.artifact == ("mine_of_test/__init__.py", "mine_of_test/backend.py")
    with Supervisor(spec) as supervisor, pytest.raises(BrokenBackendError, match="imported"):
        supervisor.describe()


def test_an_installed_module_is_its_distribution() -> None:
    """A module of a wheel stands for the whole wheel."""
    spec = resolve("hypothesis.strategies:backend")
    assert spec.subject == f"pkg:pypi/hypothesis@{metadata.version('hypothesis')}"
    assert "hypothesis/__init__.py" in spec.artifact
    assert spec.variables == ()


def test_a_command_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Program and files are made absolute; quotes are read as a shell would, without a shell."""
    (tmp_path / "my backend.py").write_text("")
    monkeypatch.chdir(tmp_path)
    spec = resolve(command=f"{sys.executable} 'my backend.py' --flag $HOME")
    assert spec.argv == (
        sys.executable,
        str(tmp_path / "my backend.py"),
        "--flag",
        "$HOME",
    )
    assert "my backend.py" in spec.artifact


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (f"{sys.executable} serve.py --flag x", "serve.py"),
        (f"{sys.executable} -m serve", "serve"),
        ("env serve.py", "serve.py"),
        ("./serve.py settings.json", "serve.py"),
    ],
)
def test_a_command_is_called_by_what_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str
) -> None:
    """Not by the interpreter that runs it, nor by a file that it reads."""
    for file in ("serve.py", "settings.json"):
        (tmp_path / file).touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    assert resolve(command=command).name == name


def test_a_command_may_serve_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """FILE.py:ATTRIBUTE in a command is found from the scratch folder and hashed."""
    monkeypatch.chdir(HERE)
    spec = resolve(command=f"{sys.executable} -m conformance.host example_backend.py:Example")
    assert spec.name == "example_backend.py:Example"
    assert "example_backend.py" in spec.artifact
    with Supervisor(spec) as supervisor:
        assert supervisor.describe()["name"] == "example"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("", "no program"),
        ("no-such-program-at-all --x", "no program"),
        ("sh 'x", "No closing quotation"),
    ],
)
def test_a_command_must_exist(command: str, reason: str) -> None:
    """An empty, unknown or torn command is told at once; a word may be longer than a path."""
    with pytest.raises(UnknownBackendError, match=reason):
        resolve(command=command)
    assert resolve(command=f"{sys.executable} -c {'x' * 9999}").argv[2] == "x" * 9999


def test_the_digest_does_not_depend_on_the_folder() -> None:
    """Two processes in two folders get the same spec."""
    code = "from conformance.backend import resolve; print(resolve('numpy').digest)"
    command = [sys.executable, "-c", code]
    digests = {
        subprocess.run(command, cwd=cwd, capture_output=True, check=True).stdout
        for cwd in (HERE, os.sep)
    }
    assert digests == {f"{resolve('numpy').digest}\n".encode()}
