"""Faulty backends, each the numpy transcription with one mistake that real code makes.

Every fault is a backend of its own name: ``conformance.zoo.faults:pcgrad_self_projection``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from conformance.zoo.faults.cagrad import FAULTS as _CAGRAD
from conformance.zoo.faults.fault import Fault, Faulty
from conformance.zoo.faults.gradops import FAULTS as _GRADOPS
from conformance.zoo.faults.imtl_g import FAULTS as _IMTL_G
from conformance.zoo.faults.mean import FAULTS as _MEAN
from conformance.zoo.faults.mgda import FAULTS as _MGDA
from conformance.zoo.faults.pcgrad import FAULTS as _PCGRAD
from conformance.zoo.faults.sum import FAULTS as _SUM

_ALL = (*_CAGRAD, *_GRADOPS, *_IMTL_G, *_MEAN, *_MGDA, *_PCGRAD, *_SUM)
FAULTS: Mapping[str, Fault] = MappingProxyType({fault.name: fault for fault in _ALL})

__all__ = ["FAULTS", "Fault", "Faulty"]


def __getattr__(name: str) -> Faulty:
    """The backend of a fault, by the fault's name."""
    if name not in FAULTS:
        message = f"no fault is called {name} (there are {', '.join(FAULTS)})"
        raise AttributeError(message)
    return Faulty(FAULTS[name])
