"""The theorems of all files of this folder, by id."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from properties.proofs.theorem import Theorem


def _found() -> dict[str, Theorem]:
    files = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    names = [file.stem for file in files if not file.stem.startswith("test_")]
    modules = [
        import_module(f"properties.proofs.{name}")
        for name in names
        if name not in {"theorem", "theorems"}
    ]
    return {theorem.id: theorem for module in modules for theorem in module.PROVED}


THEOREMS: Mapping[str, Theorem] = MappingProxyType(_found())
