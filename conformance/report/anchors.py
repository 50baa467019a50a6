"""The anchors of a page: what links lead to, made of words that may be anything.

A part of an anchor holds letters, digits, hyphens and underscores; parts are joined by points, so
that two places never share an anchor. A word that holds more is cleaned and told by its digest.
"""

import hashlib
import re

PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def anchor(*words: object) -> str:
    """An anchor of some words.

    >>> anchor("m", "mgda", "non-conflict"), anchor("m", "<b>")
    ('m.mgda.non-conflict', 'm._b_-b1dfb35b')
    """
    return ".".join(_part(str(word)) for word in words)


def _part(word: str) -> str:
    if PLAIN.fullmatch(word):
        return word
    told = hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', word)[:40]}-{told}"


def run(at: int) -> str:
    """Where a run is told."""
    return anchor("run", at)


def method(name: str, at: int | None = None) -> str:
    """Where a method is told, or a run's part of it."""
    return anchor("method", name, *([] if at is None else [at]))


def law(name: str, of: str) -> str:
    """Where a law of a method is told."""
    return anchor("law", of, name)


def failure(at: int, name: str) -> str:
    """Where a recorded failure of a run is told."""
    return anchor("failure", at, name)
