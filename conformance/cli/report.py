"""``report``: one self-contained page (and Markdown) from one result folder or many."""

import argparse
from pathlib import Path

from conformance.cli import console
from conformance.cli.trouble import Exit, Trouble


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the folders to read and where to write."""
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="results of certify")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: the first folder")


def run(arguments: argparse.Namespace) -> int:
    """Write report.html and report.md; 3 if one of the runs is partial."""
    from conformance.report import write
    from conformance.report.reading import folders, read

    for place in arguments.folders:
        if not folders([place]):
            message = f"{place}: no results there; give a folder that certify wrote with --out"
            raise Trouble(message)
    found = folders(arguments.folders)
    try:
        page, text = write(found, arguments.out or arguments.folders[0], tables=True)
    except ValueError as error:
        raise Trouble(str(error)) from error
    partial = [run.name for run in map(read, found) if run.partial]
    if arguments.json:
        console.emit({"html": str(page), "markdown": str(text), "partial": partial})
    else:
        print(f"{page}\n{text}")
        if partial:
            print(f"partial: {', '.join(partial)}")
    return Exit.BROKEN if partial else Exit.OK
