"""The laws as predicates that yield margins, each with its definition and whether it gates.

Every file of this folder that binds LAWS is a chapter; the chapters stand in the order of their
sections, A, B, C and so on, and within one in the order of their names.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from properties.laws.law import Law, UnansweredError


def _chapters() -> Iterator[tuple[Law, ...]]:
    modules = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    return (module.LAWS for module in modules if hasattr(module, "LAWS"))


LAWS: Mapping[str, Law] = MappingProxyType(
    {
        law.id: law
        for chapter in sorted(_chapters(), key=lambda laws: laws[0].section)
        for law in chapter
    }
)

__all__ = ["LAWS", "Law", "UnansweredError"]
