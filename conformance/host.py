"""The child process that serves an in-process Python backend over the wire protocol.

    python -m conformance.host MODULE:ATTR
    python -m conformance.host FILE.py:ATTR

The object is a backend (``describe`` and ``evaluate``, perhaps ``open``) or a callable without
arguments that returns one. What it prints goes to stderr, so it cannot break the protocol.
"""

import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, final

import numpy as np

from conformance import wire
from conformance.arrays import is_short
from conformance.wire import FAILED, REFUSED, UNSUPPORTED, Array, Arrays, Document

EXTRAS: Mapping[str, str] = {
    "LibMTL": "peers",
    "conflictfree": "peers",
    "cvxpy": "peers",
    "ecos": "copyleft",
    "golden_pendulum": "peers",
    "gradnorm_pytorch": "peers",
    "jaxtyping": "torch",
    "qpsolvers": "copyleft",
    "quadprog": "copyleft",
    "rotograd": "peers",
    "scipy": "peers",
    "torch": "torch",
    "torchjd": "peers",
}


def main(arguments: list[str]) -> int:
    """Serve the backend that the one argument names until stdin ends or the harness says stop."""
    if len(arguments) != 1 or ":" not in arguments[0]:
        sys.stderr.write("usage: python -m conformance.host MODULE:ATTR | FILE.py:ATTR\n")
        return 2
    requests, replies = _streams()
    Host(arguments[0]).serve(requests, replies)
    return 0


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the protocol's two streams to ourselves: 0 becomes empty, 1 becomes stderr."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    with Path(os.devnull).open("rb") as empty:
        os.dup2(empty.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, replies


def load(target: str) -> Any:  # noqa: ANN401  (whatever the user wrote)
    """Backend that MODULE:ATTR or FILE.py:ATTR names; a callable is called."""
    place, _, attribute = target.rpartition(":")
    module = _from_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    found = attrgetter(attribute)(module)
    return found() if isinstance(found, type) or not hasattr(found, "describe") else found


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        message = f"no such file: {path}"
        raise FileNotFoundError(message)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def explain(error: BaseException) -> str:
    """One line that says what went wrong, and which extra to install if a library is missing."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        library = error.name.partition(".")[0]
        extra = EXTRAS.get(library)
        hint = f": pip install 'mtl-reference[{extra}]'" if extra else ""
        return f"the Python module {error.name} is not installed{hint}"
    return f"{type(error).__name__}: {_line(error)}"


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())


@contextmanager
def _sorted_errors() -> Iterator[None]:
    """Sort what the backend's own code raises into the three kinds of error."""
    try:
        yield
    except NotImplementedError as error:
        raise _Failure(UNSUPPORTED, _line(error)) from error
    except (ValueError, TypeError) as error:
        raise _Failure(REFUSED, _line(error)) from error


def completed(description: Mapping[str, Any]) -> Document:
    """A Python backend's description with the members that it may leave out.

    These are the ones whose value goes without saying for a plain float64 function; whatever is
    written, right or wrong, is passed on as it is.
    """
    whole = {"protocol": wire.PROTOCOL, "language": "python", "artifact": None, **description}
    methods = whole.get("methods")
    if isinstance(methods, Mapping):
        whole["methods"] = {name: _method(offer) for name, offer in methods.items()}
    return whole


def _method(offer: object) -> object:
    plain = {"params": {}, "dtypes": ["float64"], "scale": "1", "randomness": "none",
             "stateful": False, "outputs": ["direction"], "accuracy": None}  # fmt: skip
    return {**plain, **offer} if isinstance(offer, Mapping) else offer


@final
class _Failure(Exception):  # noqa: N818  (an error reply on its way out)
    """An error reply: its kind and message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind, self.message = kind, message


@final
class Host:
    """Answers requests with a backend; a backend that cannot be loaded fails every request."""

    def __init__(self, target: str) -> None:
        self.sessions: dict[int, Any] = {}
        self.opened = 0
        self.backend: Any = None
        self.broken = ""
        try:
            self.backend = load(target)
        except Exception as error:  # noqa: BLE001  (whatever an import may raise)
            self.broken = f"backend {target} cannot be loaded: {explain(error)}"
            self._log(error, self.broken)

    def serve(self, requests: BinaryIO, replies: BinaryIO) -> None:
        """Answer line by line, in order."""
        for line in requests:
            request = wire.loads(line)
            document = {"id": request.get("id"), **self.reply(request)}
            _write(replies, wire.dumps(document))
            if request.get("op") == "stop":
                return

    def reply(self, request: Document) -> Document:
        """Reply to one request, without its id."""
        try:
            return {"ok": self._answer(request)}
        except _Failure as failure:
            return {"error": {"kind": failure.kind, "message": failure.message}}
        except Exception as error:  # noqa: BLE001  (a backend may raise anything)
            self._log(error, "")
            return {"error": {"kind": FAILED, "message": explain(error)}}

    def _answer(self, request: Document) -> Document:
        operations: dict[str, Callable[[Document], Document]] = {
            "describe": self._describe,
            "evaluate": self._evaluate,
            "open": self._open,
            "step": self._step,
            "close": self._close,
            "stop": lambda _: {},
        }
        operation = request.get("op")
        if operation not in operations:
            raise _Failure(UNSUPPORTED, f"operation {operation}")
        if self.broken and operation != "stop":
            raise _Failure(FAILED, self.broken)
        return operations[operation](request)

    def _describe(self, request: Document) -> Document:
        if request.get("protocol") != wire.PROTOCOL:
            raise _Failure(UNSUPPORTED, f"protocol {request.get('protocol')}")
        return completed(self.backend.describe())

    def _evaluate(self, request: Document) -> Document:
        method, params, seed = request["method"], request["params"], request["seed"]

        def call(inputs: Arrays, random: Arrays | None) -> object:
            return self.backend.evaluate(method, inputs, params, random, seed)

        return self._observed(request, call)

    def _observed(
        self, request: Document, call: Callable[[Arrays, Arrays | None], object]
    ) -> Document:
        """Call, and tell the outputs and which inputs were written to."""
        inputs = wire.decode_arrays(request["inputs"], "inputs")
        random = wire.decode_random(request.get("random"))
        given = {name: (value, _raw(value)) for name, value in inputs.items()}
        with _sorted_errors():
            outputs = call(inputs, random)
        mutated = sorted(name for name, (value, raw) in given.items() if _raw(value) != raw)
        device = str(getattr(self.backend, "device", "cpu"))
        short = "bfloat16" in inputs.dtypes.values()
        return {"outputs": _encoded(outputs, short=short), "mutated": mutated, "device": device}

    def _open(self, request: Document) -> Document:
        if not hasattr(self.backend, "open"):
            raise _Failure(UNSUPPORTED, f"sessions of {request['method']}")
        names = ("method", "params", "tasks", "size", "dtype", "seed")
        with _sorted_errors():
            session = self.backend.open(*(request[name] for name in names))
        self.opened += 1
        self.sessions[self.opened] = session
        return {"session": self.opened}

    def _step(self, request: Document) -> Document:
        return self._observed(request, self._session(request).step)

    def _close(self, request: Document) -> Document:
        session = self._session(request)
        del self.sessions[request["session"]]
        session.close()
        return {}

    def _session(self, request: Document) -> Any:  # noqa: ANN401  (the backend's own)
        if request["session"] not in self.sessions:
            raise _Failure(FAILED, f"no session {request['session']} is open")
        return self.sessions[request["session"]]

    @staticmethod
    def _log(error: BaseException, message: str) -> None:
        traceback.print_exception(error, file=sys.stderr)
        sys.stderr.write(message + "\n" if message else "")
        sys.stderr.flush()


def _raw(value: Array | list[Array]) -> bytes:
    return b"".join(map(np.ndarray.tobytes, value)) if isinstance(value, list) else value.tobytes()


def _encoded(outputs: object, *, short: bool) -> Document:
    """Wire form of outputs; to a bfloat16 request, float32 that bfloat16 holds is bfloat16."""
    if not isinstance(outputs, Mapping):
        message = f"evaluate must return a dict of arrays (got {type(outputs).__name__})"
        raise _Failure(FAILED, message)
    try:
        arrays = Arrays({name: np.asarray(value) for name, value in outputs.items()})
        if short:
            arrays.dtypes |= {name: "bfloat16" for name in arrays if is_short(arrays[name])}
        arrays.dtypes |= getattr(outputs, "dtypes", {})
        return wire.encode_arrays(arrays)
    except (ValueError, TypeError) as error:
        raise _Failure(FAILED, f"output {_line(error)}") from error


def _write(stream: BinaryIO, line: bytes) -> None:
    left = memoryview(line)
    while left:
        left = left[stream.write(left) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
