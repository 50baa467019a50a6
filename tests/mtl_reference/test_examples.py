"""Every example in a docstring of the reference runs and prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

import mtl_reference

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(mtl_reference.__path__, "mtl_reference.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name: str) -> None:
    """No example of the module fails."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
