"""The transcriptions as a backend, and the checks of what it is given."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from conformance.bundled import Bundled, Request, State, modules
from mtl_reference import METHODS, QUANTITIES
from mtl_reference.method import LISTED

DTYPES: Final = ("float64",)


def checked(asked: Request) -> Request:
    """The request; ValueError names the input that is wrong, and what is."""
    for name, found in asked.inputs.items():
        quantity = QUANTITIES[name]
        shape = quantity.shape
        if len(shape) == LISTED:
            if not isinstance(found, list) or not found:
                message = f"{name} must be a list of one matrix or more (got {type(found)})"
                raise ValueError(message)
            for place, each in enumerate(found):
                _check(f"{name}[{place}]", each, shape[1:])
        else:
            _check(name, found, shape, flat=quantity.flat)
    return asked


def _check(name: str, found: Any, shape: Sequence[str], *, flat: bool = False) -> None:  # noqa: ANN401
    """Raise ValueError for another shape than this, no rows, NaN and infinities."""
    ranks = {len(shape), 1 if flat else len(shape)}
    if isinstance(found, list) or found.ndim not in ranks or (shape and not found.shape[0]):
        rule = f"have shape ({', '.join(shape)}) and at least one row"
        told = "a list" if isinstance(found, list) else f"shape {found.shape}"
        message = f"{name} must {rule} (got {told})"
        raise ValueError(message)
    for place in np.argwhere(~np.isfinite(found))[:1]:
        message = f"{name}[{', '.join(map(str, place))}] is {found[tuple(place)]}"
        raise ValueError(message)


def called(function: Any, asked: Request) -> tuple[Mapping[str, NDArray[Any]], State | None]:  # noqa: ANN401
    """What a transcription answers, and the next state of one that has a state."""
    given = {**asked.others, **asked.random, **asked.params, **asked.kept}
    found = function(checked(asked).first, **given)
    return found if METHODS[asked.method].stateful else (found, None)


@final
class Transcription(Bundled):
    """The backend ``numpy``."""

    def answer(self, asked: Request) -> tuple[Mapping[str, NDArray[Any]], State | None]:
        """The outputs of a method in float64."""
        return called(self.functions[asked.method], asked)

    def snippet(self, method: str, params: Mapping[str, Any]) -> str:
        """Plain source that sets ``outputs`` from ``inputs``, ``random`` and ``params``."""
        del params  # the source reads them
        return (
            "from conformance.zoo.transcription import backend\n"
            "\n"
            f"outputs = backend.evaluate({method!r}, inputs, params, random, 0)\n"
        )


FUNCTIONS = {
    name: module.answer for name, module in modules("conformance.zoo.transcription").items()
}
backend = Transcription("numpy", np.__version__, FUNCTIONS, DTYPES)
