"""Faulty backends, each the numpy transcription with one mistake that real code makes.

Every fault is a backend of its own name: ``conformance.zoo.faults:pcgrad_self_projection``. They
stand in the file of their method, as ``FAULTS``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from conformance.bundled import modules as _modules
from conformance.zoo.faults.fault import Fault, Faulty

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for module in _modules(__name__).values() for fault in module.FAULTS}
)

__all__ = ["FAULTS", "Fault", "Faulty"]


def __getattr__(name: str) -> Faulty:
    """The backend of a fault, by the fault's name."""
    if name not in FAULTS:
        message = f"no fault is called {name} (there are {', '.join(FAULTS)})"
        raise AttributeError(message)
    return Faulty(FAULTS[name])
