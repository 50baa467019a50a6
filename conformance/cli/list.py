"""``list``: the methods, laws, backends and benchmarks that there are, one line each."""

import argparse
import ast
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from conformance.cli import console
from conformance.cli.trouble import Exit

Entry = dict[str, object]


def declare(parser: argparse.ArgumentParser) -> None:
    """Add what to list."""
    parser.add_argument("kind", nargs="?", choices=sorted(LISTS), metavar="|".join(sorted(LISTS)))


def run(arguments: argparse.Namespace) -> int:
    """Print one list, or all of them."""
    kinds = [arguments.kind] if arguments.kind else list(LISTS)
    found = {kind: LISTS[kind]() for kind in kinds}
    if arguments.json:
        console.emit(found[arguments.kind] if arguments.kind else found)
        return Exit.OK
    for kind, entries in found.items():
        if not arguments.kind:
            print(console.paint(kind, "strong"))
        _print(entries)
    return Exit.OK


def methods() -> list[Entry]:
    """Every method with its parameters, inputs, outputs, state and randomness."""
    from mtl_reference import METHODS, QUANTITIES

    entries: list[Entry] = []
    for method in METHODS.values():
        facts = asdict(method)
        named = (*method.inputs, *method.outputs, *method.randomness)
        facts["quantities"] = {name: asdict(QUANTITIES[name]) for name in named}
        called = ", ".join(f"{each.name}={each.default}" for each in method.parameters)
        entries.append(facts | {"says": f"{called or '—':<28} {method.paper}"})
    return entries


def laws() -> list[Entry]:
    """Every law with its statement and whether it gates."""
    from properties.laws import LAWS

    return [
        {
            "id": law.id,
            "section": law.section,
            "gates": law.gates,
            "kinds": law.kinds,
            "statement": law.statement,
            "hypotheses": law.hypotheses,
            "says": f"{'' if law.gates else '(informs) '}{law.statement}",
        }
        for law in LAWS.values()
    ]


def backends() -> list[Entry]:
    """Every backend that has a name, and where it lives."""
    from conformance.registry import BACKENDS

    return [
        {"id": name, "target": entry.target, "extra": entry.extra, "says": entry.meaning}
        for name, entry in BACKENDS.items()
    ]


def benchmarks() -> list[Entry]:
    """Every benchmark of the torch runner, told without importing torch."""
    spec = find_spec("conformance.torch_runner.benchmarks")
    places = list(spec.submodule_search_locations or ()) if spec else []
    files = sorted(file for place in places for file in Path(place).glob("[a-z]*.py"))
    trees = [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in files]
    return [
        {"id": file.stem.replace("_", "-"), "says": _sentence(tree)}
        for file, tree in trees
        if _is_benchmark(tree)
    ]


LISTS: dict[str, Callable[[], list[Entry]]] = {
    "methods": methods,
    "laws": laws,
    "backends": backends,
    "benchmarks": benchmarks,
}


def _is_benchmark(tree: ast.Module) -> bool:
    """Whether a module binds BENCHMARK."""
    names: list[ast.expr] = [each.target for each in tree.body if isinstance(each, ast.AnnAssign)]
    names += [each.targets[0] for each in tree.body if isinstance(each, ast.Assign)]
    return any(isinstance(name, ast.Name) and name.id == "BENCHMARK" for name in names)


def _sentence(tree: ast.Module) -> str:
    """The first line of a module's docstring, read and not run."""
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def _print(entries: list[Entry]) -> None:
    """One line for each entry, within the terminal's width."""
    span = max((len(str(entry["id"])) for entry in entries), default=0)
    for entry in entries:
        room = console.width() - span - 4
        says = str(entry["says"])
        line = says if len(says) <= room else says[: room - 1] + "…"
        print(f"  {console.paint(str(entry['id']).ljust(span), 'strong')}  {line}")
