"""What hostile backends say of themselves: each lies in one way, or says it otherwise later."""

from collections.abc import Callable, Mapping
from itertools import count

from conformance.wire import Document

_TOLD = count(1)


def _of_mean(document: Document, **changes: object) -> Document:
    """Change what is said of the mean."""
    methods = document["methods"]
    return document | {"methods": methods | {"mean": methods["mean"] | changes}}


def _changing(document: Document) -> Document:
    return document | {"version": str(next(_TOLD))}


def _path(document: Document) -> Document:
    return document | {"methods": {"../../mean": document["methods"]["mean"]}}


DESCRIPTIONS: Mapping[str, Callable[[Document], Document]] = {
    "changing": _changing,
    "escape-name": lambda document: document | {"name": "\x1b]0;owned\x07\x1b[2J"},
    "future": lambda document: document | {"protocol": 2},
    "markup": lambda document: document | {"name": "<script>alert(1)</script>"},
    "path-name": _path,
    "scale-bomb": lambda document: _of_mean(document, scale="(((9**16)**16)**16)**16"),
    "wrong-scale": lambda document: _of_mean(document, scale="2"),
}
