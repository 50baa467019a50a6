"""One admissible answer where a definition has many, each in the file of its method's name."""

from collections.abc import Callable, Mapping

from conformance.bundled import modules as _modules
from mtl_reference.method import Outputs as _Outputs

MEMBERS: Mapping[str, Callable[..., _Outputs]] = {
    name: module.member for name, module in _modules(__name__).items()
}

__all__ = ["MEMBERS"]
