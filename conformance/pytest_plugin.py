"""The pytest plugin that runs the properties' jobs on backends: ``pytest properties --backend``.

It registers its options only where the command line names the properties of this installation, so
that it never meets another project's option of that name, and imports nothing heavy until a test
asks for a backend.
"""

from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path, PurePath

import pytest

PROFILES = ("quick", "standard", "exhaustive")
OURS = Path(__file__).resolve().parents[1] / "properties"
OPTIONS = ("--backend", "--mtl-backend")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, object, object]:
    """Register the options, and what gives tests their jobs, unless all is another project's.

    That is done after the project's own conftest.py was read: where it has an option --backend,
    ours is --mtl-backend alone.
    """
    result = yield
    words, places = _places(early_config)
    named, collected = reached(places)
    if named:
        free = _unknown(parser, ["--backend=x"])
        _register(parser, OPTIONS if free else OPTIONS[1:])
    elif any("properties" in PurePath(word).parts for word in words):
        _refuse_stray(parser, args, words)
    if collected:
        early_config.pluginmanager.import_plugin("conformance.pytest_jobs")
    return result


def _places(config: pytest.Config) -> tuple[list[str], list[Path]]:
    """The words that name what is to be collected, and the folders or files that they mean."""
    here, known = config.invocation_params.dir, config.known_args_namespace
    words = list(known.file_or_dir)
    if not words and here == config.rootpath:
        words = list(config.getini("testpaths"))
    found = [_place(word.partition("::")[0], here, pyargs=known.pyargs) for word in words]
    return words, found or [here]


def _place(word: str, here: Path, *, pyargs: bool) -> Path:
    """The folder or file that a word means, with --pyargs perhaps as a module."""
    top, *rest = word.split(".")
    if pyargs and top == "properties":
        spec = find_spec(top)
        if spec is not None and spec.origin is not None:
            return Path(spec.origin).resolve().parent.joinpath(*rest)
    return (here / word).resolve()


def reached(places: list[Path]) -> tuple[bool, bool]:
    """Whether the properties, or tests among them, are named; and whether they are collected."""
    named = any(holds(OURS, place) for place in places)
    return named, named or any(holds(place, OURS) for place in places)


def holds(folder: Path, place: Path) -> bool:
    """Whether a place is the folder, or inside it."""
    return folder == place or folder in place.parents


def _unknown(parser: pytest.Parser, words: list[str]) -> bool:
    """Whether a command line has an option --backend that nobody has registered."""
    try:
        left = parser.parse_known_and_unknown_args(words)[1]
    except pytest.UsageError:  # it is known, and wants another value
        return False
    return any(word.partition("=")[0] in OPTIONS for word in left)


def _refuse_stray(parser: pytest.Parser, args: list[str], words: list[str]) -> None:
    """Say whose folder `properties` is, where --backend is meant to go with ours."""
    if _unknown(parser, args):
        message = f"{' '.join(words)}: these are another project's properties, and --backend goes"
        message += f" with those in {OURS}: try pytest --pyargs properties --backend NAME"
        message += " from a folder that has no properties of its own"
        raise pytest.UsageError(message)


def _register(parser: pytest.Parser, names: tuple[str, ...]) -> None:
    group = parser.getgroup("mtl-conformance")
    group.addoption(
        *names,
        dest="mtl_backends",
        action="append",
        metavar="NAME",
        help="a backend to certify: a name, module:attribute or file.py:attribute (repeatable)",
    )
    group.addoption(
        "--mtl-profile", choices=PROFILES, default="quick", help="how many examples a job takes"
    )
