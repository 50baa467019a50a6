"""The pytest plugin that runs the properties' jobs on backends: ``pytest properties --backend``."""

from pathlib import PurePath
from typing import Any

import pytest

PROFILES = ("quick", "standard", "exhaustive")


def _names_properties(arguments: list[str]) -> bool:
    """Whether a command line names the properties, as a folder or (--pyargs) as a package."""
    places = [word.partition("::")[0] for word in arguments]
    return any(
        "properties" in PurePath(place).parts or place.partition(".")[0] == "properties"
        for place in places
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str], parser: pytest.Parser) -> None:
    """Register the options, unless the command line is another project's."""
    if not _names_properties(args):
        return
    group = parser.getgroup("mtl-conformance")
    group.addoption(
        "--backend",
        action="append",
        metavar="NAME",
        help="a backend to certify: a name, module:attribute or file.py:attribute (repeatable)",
    )
    group.addoption(
        "--mtl-profile", choices=PROFILES, default="quick", help="how many examples a job takes"
    )


def _option(config: pytest.Config, name: str, default: Any) -> Any:  # noqa: ANN401  (pytest's own type)
    """Value of an option that may not be registered."""
    chosen = config.getoption(name, default=None)
    return default if chosen is None else chosen
