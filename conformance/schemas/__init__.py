"""The JSON Schemas of everything that leaves the program, and validators that know them all."""

import json
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types
from referencing import Registry, Resource

__all__ = ["schema", "validator"]

SUFFIX = ".schema.json"


@cache
def schema(name: str) -> dict[str, Any]:
    """Return the schema by the stem of its file (array, describe, request, reply, …)."""
    text = resources.files(__name__).joinpath(name + SUFFIX).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def validator(name: str) -> Draft202012Validator:
    """Return the validator of one schema, with every other schema at hand for its references.

    "NAME#/$defs/PART" is the validator of a part of it.
    """
    stem, _, part = name.partition("#")
    found = {"$ref": f"{schema(stem)['$id']}#{part}"} if part else schema(stem)
    return Draft202012Validator(found, registry=_registry())


@cache
def _registry() -> Registry[Any]:
    files = resources.files(__name__).iterdir()
    names = [file.name.removesuffix(SUFFIX) for file in files if file.name.endswith(SUFFIX)]
    documents = [Resource.from_contents(schema(name)) for name in names]
    return Registry[Any]().with_resources((str(document.id()), document) for document in documents)
