"""The theorems of all files of this folder, by id."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from properties.proofs.theorem import Theorem


def _modules() -> dict[str, tuple[Theorem, ...]]:
    files = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    names = [file.stem for file in files if not file.stem.startswith("test_")]
    return {
        name: import_module(f"properties.proofs.{name}").PROVED
        for name in names
        if name not in {"__main__", "index", "reasons", "theorem", "theorems"}
    }


MODULES = _modules()
THEOREMS: Mapping[str, Theorem] = MappingProxyType(
    {theorem.id: theorem for theorems in MODULES.values() for theorem in theorems}
)


def file_of(theorem: str) -> str:
    """The file that proves a theorem, below the project's root."""
    name = next(n for n, theorems in MODULES.items() if any(t.id == theorem for t in theorems))
    return f"properties/proofs/{name}.py"
