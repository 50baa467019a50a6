"""``reproduce``: run one recorded failure again and say whether it is still there."""

import argparse
from pathlib import Path

from conformance.cli import console
from conformance.cli.trouble import Exit, Trouble, unknown


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the case: a file, or an id and where to look for it."""
    parser.add_argument("case", metavar="CASE", help="a case.json, its folder, or an id with --in")
    parser.add_argument("--in", type=Path, dest="place", metavar="DIR", help="a result folder")


def run(arguments: argparse.Namespace) -> int:
    """Run the case again; 0 if it is seen again, 1 if not."""
    import conformance

    case = _file(arguments.case, arguments.place)
    try:
        found = conformance.reproduce(case)
    except (ValueError, KeyError) as error:
        message = f"{case}: not a case that can be run: {error}"
        raise Trouble(message) from error
    if arguments.json:
        shown = {"same": found.same, "verdict": str(found.verdict), "message": found.message}
        console.emit(shown | {"case": str(case)})
    else:
        print(f"{case}: {found.verdict}: {found.message}")
        print("the recorded failure is seen again" if found.same else "it is not seen again")
    return Exit.OK if found.same else Exit.NOT_CERTIFIED


def _file(case: str, place: Path | None) -> Path:
    """The case.json that is meant."""
    if place is not None:
        known = {each.parent.name: each for each in sorted(place.glob("**/failures/*/case.json"))}
        if case not in known:
            unknown(f"case in {place}", case, known)
        return known[case]
    path = Path(case) / "case.json" if Path(case).is_dir() else Path(case)
    if not path.is_file():
        message = f"{path}: no such file; give a case.json, or an id with --in DIR"
        raise Trouble(message)
    return path
