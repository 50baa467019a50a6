"""``vectors``: the frozen test vectors, for readers in any language.

export DIR copies the files with their schema and a README; check computes every expected value
and bound again; lint holds files to the schema and to their canonical form.
"""

import argparse
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from conformance.cli import console, options, runs
from conformance.cli.trouble import Exit, Trouble

ACTIONS = {
    "export": "copy the files into a folder",
    "check": "compute them again; 1 where something differs",
    "lint": "hold them to their schema and form; 1 where something is wrong",
}


def declare(parser: argparse.ArgumentParser) -> None:
    """Add what is done, and to which files."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, sentence in ACTIONS.items():
        own = actions.add_parser(name, help=sentence, description=sentence, allow_abbrev=False)
        own.add_argument(
            "places", nargs="*", type=Path, metavar="DIR" if name == "export" else "PLACE",
            help="the folder to write" if name == "export"
            else "files or folders (default: those that come with the suite)",
        )  # fmt: skip
        own.add_argument("--methods", type=options.names, metavar="a,b", help="only these methods")
        if name == "lint":
            own.add_argument("--fix", action="store_true", help="write the canonical form")
        for common in ("--json", "--debug"):  # after the action too
            own.add_argument(
                common, action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
            )


def run(arguments: argparse.Namespace) -> int:
    """Do it; 1 where something is not as it should be."""
    runs.check_names(arguments)
    if arguments.action == "export":
        return _export(arguments)
    paths = list(_chosen(arguments))
    return _told(arguments, paths, _checked if arguments.action == "check" else _linted)


def _export(arguments: argparse.Namespace) -> int:
    """Copy files, schema and README into one folder."""
    from conformance import schemas, vectors

    if len(arguments.places) != 1:
        message = "export takes one folder to write (mtl-conformance vectors export DIR)"
        raise Trouble(message)
    place: Path = arguments.places[0]
    try:
        place.mkdir(parents=True, exist_ok=True)
        copied = [shutil.copy(path, place) for path in _selected(vectors.bundled(), arguments)]
        shutil.copy(Path(vectors.__file__).with_name("README.md"), place)
        shutil.copy(Path(schemas.__file__).with_name("vectors.schema.json"), place)
    except OSError as error:
        message = f"{place} cannot be written ({error.strerror}): give a folder that can"
        raise Trouble(message) from error
    if arguments.json:
        console.emit({"folder": str(place), "files": sorted(Path(each).name for each in copied)})
    else:
        print(f"{len(copied)} files of vectors, README.md and vectors.schema.json in {place}")
    return Exit.OK


def _chosen(arguments: argparse.Namespace) -> Iterator[Path]:
    """The files that are meant: those given, those in folders given, or the bundled ones."""
    from conformance import vectors

    for place in arguments.places or [None]:
        if place is None or place.is_dir():
            own = vectors.bundled() if place is None else sorted(place.glob("*.json"))
            found = [path for path in own if not path.name.endswith(".schema.json")]
            yield from _selected(found, arguments)
            if not found:
                message = f"{place} holds no file of vectors (METHOD.json)"
                raise Trouble(message)
        elif place.is_file():
            yield place
        else:
            message = f"{place}: no such file; give a file of vectors, or a folder of them"
            raise Trouble(message)


def _selected(paths: Iterable[Path], arguments: argparse.Namespace) -> Iterator[Path]:
    wanted = arguments.methods
    return (path for path in paths if wanted is None or path.stem in wanted)


def _told(
    arguments: argparse.Namespace,
    paths: list[Path],
    look: Callable[[Path, argparse.Namespace], Iterable[str]],
) -> int:
    """Look at each file, and tell what is wrong with it."""
    from conformance.document import DocumentError

    wrong: dict[str, list[str]] = {}
    for path in paths:
        try:
            wrong[str(path)] = list(look(path, arguments))
        except DocumentError as error:
            wrong[str(path)] = [str(error)]
    total = sum(map(len, wrong.values()))
    if arguments.json:
        console.emit({"files": len(paths), "faults": wrong})
    else:
        for name, sentences in wrong.items():
            print("".join(f"{name}: {sentence}\n" for sentence in sentences), end="")
        print(f"{len(paths)} files, {total or 'no'} faults")
    return Exit.NOT_CERTIFIED if total else Exit.OK


def _checked(path: Path, arguments: argparse.Namespace) -> Iterator[str]:
    """What the reference says otherwise."""
    from conformance import vectors
    from conformance.vectors.check import differences

    del arguments
    yield from differences(vectors.read(path))


def _linted(path: Path, arguments: argparse.Namespace) -> Iterator[str]:
    """What is wrong with the form."""
    from conformance.vectors.lint import faults, fixed

    if arguments.fix and fixed(path) and not arguments.json:
        print(f"{path}: written in canonical form")
    yield from faults(path)
