"""What a backend says of itself: the answer to describe, checked member by member."""

import math
from collections.abc import Mapping
from typing import Any

from conformance import scale
from conformance.arrays import NAME, STORAGE, Document, ProtocolError, refuse
from conformance.wire import PROTOCOL

RANDOMNESS = ("none", "injected", "seeded", "uncontrolled")
MEMBERS = ("protocol", "name", "version", "language", "artifact", "methods")
METHOD_MEMBERS = ("params", "dtypes", "scale", "randomness", "stateful", "outputs", "accuracy")
TEXT = 200


def read_description(ok: Document) -> Document:
    """Return the description once it is seen to be valid; ProtocolError names what is not."""
    _exactly("describe", ok, MEMBERS)
    if type(ok["protocol"]) is not int or ok["protocol"] != PROTOCOL:
        refuse("protocol", str(PROTOCOL), ok["protocol"])
    for name in ("name", "version", "language"):
        _text(name, ok[name])
    if ok["artifact"] is not None:
        _text("artifact", ok["artifact"])
    if type(ok["methods"]) is not dict:
        refuse("methods", "an object", ok["methods"])
    for identity, method in ok["methods"].items():
        _identity("methods", identity)
        _method(f"methods.{identity}", method)
    return ok


def _method(name: str, method: Any) -> None:  # noqa: ANN401  (JSON)
    _exactly(name, method, METHOD_MEMBERS)
    _params(f"{name}.params", method["params"])
    _names(f"{name}.dtypes", method["dtypes"], STORAGE)
    _scale(f"{name}.scale", method["scale"], method["params"])
    if method["randomness"] not in RANDOMNESS:
        refuse(f"{name}.randomness", f"one of {', '.join(RANDOMNESS)}", method["randomness"])
    if type(method["stateful"]) is not bool:
        refuse(f"{name}.stateful", "true or false", method["stateful"])
    _names(f"{name}.outputs", method["outputs"], None)
    accuracy = method["accuracy"]
    if accuracy is not None and not (_number(accuracy) and accuracy > 0):
        refuse(f"{name}.accuracy", "null or a positive number", accuracy)


def _params(name: str, params: Any) -> None:  # noqa: ANN401  (JSON)
    if type(params) is not dict:
        refuse(name, "an object", params)
    for key, default in params.items():
        _identity(name, key)
        if key == "T":
            refuse(name, "without T, which is the number of tasks", key)
        if type(default) is str and default:
            _text(f"{name}.{key}", default)
            continue
        several = default if type(default) is list else [default]
        if not (default in (None, "") or all(map(_number, several))):
            refuse(f"{name}.{key}", "a number, a text, a list of numbers or null", default)


def _scale(name: str, text: Any, params: Mapping[str, Any]) -> None:  # noqa: ANN401  (JSON)
    _text(name, text)
    try:
        names = scale.parse(text).names
    except ValueError as error:
        message = f"{name}: {error}"
        raise ProtocolError(message) from None
    if unknown := names - {"T"} - params.keys():
        refuse(name, "an expression in T and the method's parameters", sorted(unknown))


def _names(name: str, values: Any, among: Mapping[str, Any] | None) -> None:  # noqa: ANN401  (JSON)
    if type(values) is not list or not values:
        refuse(name, "a list that is not empty", values)
    for value in values:
        _identity(name, value)
        if among is not None and value not in among:
            refuse(name, f"among {', '.join(among)}", value)
    if len(set(values)) != len(values):
        refuse(name, "without repetitions", values)


def _identity(name: str, value: Any) -> None:  # noqa: ANN401  (JSON)
    if type(value) is not str or not NAME.fullmatch(value):
        refuse(name, "named in at most 64 lower case letters, digits and underscores", value)


def _text(name: str, value: Any) -> None:  # noqa: ANN401  (JSON)
    if type(value) is not str or not value.isprintable() or not 0 < len(value) <= TEXT:
        refuse(name, f"a printable text of at most {TEXT} characters", value)


def _number(value: object) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _exactly(name: str, body: Any, members: tuple[str, ...]) -> None:  # noqa: ANN401  (JSON)
    if type(body) is not dict:
        refuse(name, "an object", body)
    if missing := [member for member in members if member not in body]:
        refuse(name, f"an object with {', '.join(members)}", f"no {', '.join(missing)}")
    if unknown := sorted(body.keys() - set(members)):
        refuse(name, f"an object of {', '.join(members)}", f"{', '.join(unknown)} beside them")
