"""``expected``: a file for --expected that expects what failed in a finished run.

It goes to stdout: mtl-conformance expected DIR > expected.toml. The reasons are what the jobs said;
say there why it is known, and give an issue.
"""

import argparse
from pathlib import Path

from conformance.cli import console
from conformance.cli.trouble import Exit, Trouble


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the run."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="results of certify")


def run(arguments: argparse.Namespace) -> int:
    """Print the file; with --json its entries."""
    import tomllib

    from conformance import journal
    from conformance.expected import written

    path = arguments.folder / journal.RESULTS
    if not path.is_file():
        message = f"{path}: no such file; give a folder that certify wrote with --out"
        raise Trouble(message)
    try:
        text = written(journal.lines_of(path))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{path}: not the results of a run ({error})"
        raise Trouble(message) from error
    if arguments.json:
        console.emit({"expect": [], **tomllib.loads(text)})
    else:
        print(text, end="")
    return Exit.OK
