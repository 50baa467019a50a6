"""How near a backend comes: protocol, supervision, tolerance, verdicts, certificates, reports."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.certificate import Certificate
    from conformance.faces import certify, checks, parametrize
    from conformance.reproduction import Reproduction, reproduce

_HOMES = {
    "Certificate": "certificate",
    "Reproduction": "reproduction",
    "certify": "faces",
    "checks": "faces",
    "parametrize": "faces",
    "reproduce": "reproduction",
}

__all__ = ["Certificate", "Reproduction", "certify", "checks", "parametrize", "reproduce"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever the name stands for)
    """Import what a name stands for when it is first asked for, so that the package is light."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
