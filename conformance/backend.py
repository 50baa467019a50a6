"""What a user may call a backend, resolved to a command line and the digest of its files.

BACKEND is a registered name, ``module:attribute``, ``file.py:attribute``, or a command that
speaks the wire protocol. The digest is the sha256 of a listing as ``sha256sum`` prints it, one
line for each file, sorted by name; it is computed here, never taken from the backend.
"""

import hashlib
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import metadata, util
from importlib.machinery import PathFinder
from pathlib import Path
from typing import final

from conformance.registry import BACKENDS, CHECKOUT, Entry

OURS = "mtl-reference"
UNHASHED = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}


@final
@dataclass(frozen=True, slots=True)
class BackendSpec:
    """A backend: how to start it, and what exactly was started.

    ``subject`` names the artifact, ``digest`` is the sha256 (hex) of the files in ``artifact``;
    ``extra`` is what pip must add to this distribution for the backend to run.
    """

    name: str
    argv: tuple[str, ...]
    subject: str
    digest: str
    artifact: tuple[str, ...]
    extra: str | None = None
    variables: tuple[tuple[str, str], ...] = ()


@final
class UnknownBackendError(ValueError):
    """No backend has this name; the message lists the nearest ones."""


@final
class MissingLibraryError(ModuleNotFoundError):
    """The library that an adapter serves is not installed; the message says which extra has it."""


def resolve(
    backend: str | None = None, *, command: str | None = None, checkout: str | None = None
) -> BackendSpec:
    """Spec of a BACKEND text, or of a command line; UnknownBackendError, MissingLibraryError.

    ``checkout`` is the folder of code without a package, where the text does not tell it (@FOLDER).
    """
    if command is not None:
        return _command(command)
    if backend is None:
        message = "a backend or a command must be given"
        raise UnknownBackendError(message)
    name, _, place = backend.partition("@")
    if name in BACKENDS and (not place or BACKENDS[name].files):
        return _registered(name, BACKENDS[name], place or checkout or os.environ.get(CHECKOUT, ""))
    place, _, attribute = backend.rpartition(":")
    if not place or not attribute:
        raise UnknownBackendError(_nearest(backend))
    return _file(backend, Path(place)) if place.endswith(".py") else _module(backend, place)


def _nearest(name: str) -> str:
    near = get_close_matches(name, BACKENDS, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(BACKENDS)}"
    return f"no backend is called {name!r}: {hint} (or module:attribute, file.py:attribute)"


def _host(target: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "conformance.host", target)


# What a backend's files are ------------------------------------------------------------------


def _registered(name: str, entry: Entry, checkout: str) -> BackendSpec:
    if entry.needs is not None and util.find_spec(entry.needs) is None:
        raise _missing(name, entry.needs, entry)
    files: dict[str, Path] = {}
    for source in entry.sources:
        if (found := _find(source)) is None:
            message = f"backend {name} is not part of this installation (no module {source})"
            raise UnknownBackendError(message)
        files |= _tree(*found)
    place = entry.sources[0].replace(".", "/")
    subject = f"pkg:pypi/{OURS}@{metadata.version(OURS)}#{place}"
    if entry.repository is not None:
        place = _checked_out(name, entry, checkout)
        files |= _matching(Path(place), entry.files)
        subject = f"pkg:github/{entry.repository.lower()}"
        given = ((CHECKOUT, place),)
        named = f"{name}@{place}"
        return _spec(named, _host(entry.target), subject, files, variables=given)
    if entry.library is not None:
        library = _library(name, entry)
        files |= _installed(library)
        subject = f"pkg:pypi/{entry.library}@{library.version}"
    return _spec(name, _host(entry.target), subject, files, extra=entry.extra)


def _checked_out(name: str, entry: Entry, checkout: str) -> str:
    """The folder of a checkout; UnknownBackendError says what is wanted there."""
    if not checkout:
        message = f"backend {name} runs {entry.repository} from a checkout of yours"
        message += f": try {name}@FOLDER or --env {CHECKOUT}=FOLDER"
        raise UnknownBackendError(message)
    place = Path(checkout).expanduser().resolve()
    if not _matching(place, entry.files[:1]):
        message = f"no {entry.files[0]} in {place}, as a checkout of {entry.repository} has it"
        message += f": try {name}@FOLDER with the folder that holds it"
        raise UnknownBackendError(message)
    return str(place)


def _matching(place: Path, patterns: tuple[str, ...]) -> dict[str, Path]:
    """The files of a folder that match, by their names inside it."""
    found = (file for pattern in patterns for file in place.glob(pattern) if file.is_file())
    return {file.relative_to(place).as_posix(): file for file in found}


def _library(name: str, entry: Entry) -> metadata.Distribution:
    try:
        return metadata.distribution(entry.library or "")
    except metadata.PackageNotFoundError:
        raise _missing(name, entry.library or "", entry) from None


def _missing(name: str, library: str, entry: Entry) -> MissingLibraryError:
    message = f"backend {name} needs {library}, which is not installed"
    return MissingLibraryError(f"{message}: pip install '{OURS}[{entry.extra}]'")


def _file(backend: str, path: Path) -> BackendSpec:
    if not path.is_file():
        message = f"no file {path}: a backend is file.py:attribute, relative to this folder"
        raise UnknownBackendError(message)
    attribute = backend.rpartition(":")[2]
    argv = _host(f"{path.resolve()}:{attribute}")
    name = f"{path.name}:{attribute}"
    return _spec(name, argv, f"pkg:generic/{path.name}", {path.name: path})


def _module(backend: str, module: str) -> BackendSpec:
    top = module.partition(".")[0]
    found, package = _find(module), _find(top)
    if found is None or package is None:
        message = f"no module {module}, neither installed nor in this folder ({_nearest(backend)})"
        raise UnknownBackendError(message)
    origin, root = found
    variables = () if _seen_by_a_fresh_python(root) else (("PYTHONPATH", str(root)),)
    subject, files = f"pkg:generic/{module}", _tree(*package)
    if owner := _owner(top, origin):
        subject, files = f"pkg:pypi/{owner.name.lower()}@{owner.version}", _installed(owner)
    return _spec(backend, _host(backend), subject, files, variables=variables)


def _command(command: str) -> BackendSpec:
    words = _words(command)
    program = shutil.which(words[0]) if words else None
    if program is None:
        message = f"no program {' '.join(words[:1])!r}: give a path, or a name on PATH"
        raise UnknownBackendError(message)
    argv = (str(Path(program).absolute()), *map(_absolute, words[1:]))
    named = [file for word in argv if (file := _named_file(word))]
    name = _called(words)
    return _spec(name, argv, f"pkg:generic/{name}", {file.name: file for file in named})


def _called(words: list[str]) -> str:
    """What a command is called: the first file that it gives its program, or the program.

    A program in this folder (./program) is the backend itself, whatever files it is given; of
    python -m MODULE it is the last word.
    """
    program, *rest = words
    files = [word for word in rest if _named_file(word)]
    if files and (Path(program).is_absolute() or "/" not in program):
        return Path(files[0]).name
    python = Path(program).name.startswith("python") and rest
    return Path(rest[-1] if python else program).name


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError as error:
        message = f"the command {command!r} cannot be split into words: {error}"
        raise UnknownBackendError(message) from None


def _named_file(word: str) -> Path | None:
    """File that a word of a command names, by itself or as FILE.py:ATTRIBUTE."""
    place = word.rpartition(":")[0]
    for text in (word, place if place.endswith(".py") else ""):
        with suppress(OSError, ValueError):  # a long word is no path
            if text and Path(text).is_file():
                return Path(text).absolute()
    return None


def _absolute(word: str) -> str:
    """Make the file that a word names (if any) findable from the scratch folder too."""
    file = _named_file(word)
    if file is None:
        return word
    return str(file) if word.endswith(file.name) else f"{file}:{word.rpartition(':')[2]}"


def _find(module: str) -> tuple[Path, Path] | None:
    """Path of a module (of a package: its folder) and the folder to import it from.

    Nothing but the search is done: no module of the backend is imported here.
    """
    top, *rest = module.split(".")
    spec = util.find_spec(top) or PathFinder.find_spec(top, [str(Path.cwd())])
    for count in range(1, len(rest) + 1):
        if spec is None or spec.submodule_search_locations is None:
            return None
        name = ".".join([top, *rest[:count]])
        spec = PathFinder.find_spec(name, list(spec.submodule_search_locations))
    places = [spec.origin, *(spec.submodule_search_locations or ())] if spec else []
    place = next(
        (Path(place).resolve() for place in places if place and Path(place).exists()), None
    )
    if place is None:
        return None  # built in, or nowhere
    place = place.parent if place.name == "__init__.py" else place
    return place, place.parents[len(rest)]


def _seen_by_a_fresh_python(root: Path) -> bool:
    return root.name in {"site-packages", "dist-packages"} or root == Path(__file__).parents[1]


def _owner(top: str, origin: Path) -> metadata.Distribution | None:
    """Distribution whose installed files hold the module; an editable one lists none of them."""
    for name in metadata.packages_distributions().get(top, []):
        distribution = metadata.distribution(name)
        if any(origin in (path, *path.parents) for path in _installed(distribution).values()):
            return distribution
    return None


# Digests -------------------------------------------------------------------------------------


def _tree(path: Path, root: Path) -> dict[str, Path]:
    inside = path.rglob("*") if path.is_dir() else [path]
    kept = (file for file in inside if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(root).as_posix(): file for file in kept}


def _installed(distribution: metadata.Distribution) -> dict[str, Path]:
    """Files of a distribution, without those that tell only when and from where it came."""
    found = {}
    for file in distribution.files or []:
        path = Path(str(file.locate())).resolve()
        inside = ".." not in file.parts and "__pycache__" not in file.parts
        if inside and file.name not in UNHASHED and path.is_file():
            found[file.as_posix()] = path
    return found


def _spec(
    name: str,
    argv: tuple[str, ...],
    subject: str,
    files: Mapping[str, Path],
    *,
    extra: str | None = None,
    variables: tuple[tuple[str, str], ...] = (),
) -> BackendSpec:
    listing = "".join(f"{_sha256(files[file])}  {file}\n" for file in sorted(files))
    digest = hashlib.sha256(listing.encode()).hexdigest()
    return BackendSpec(name, argv, subject, digest, tuple(sorted(files)), extra, variables)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
