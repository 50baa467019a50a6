"""The options that several commands share, and how their values are read."""

import argparse
import math
from fractions import Fraction
from pathlib import Path

PROFILES = ("quick", "standard", "exhaustive")
DTYPES = ("bfloat16", "float32", "float64")


def names(text: str) -> tuple[str, ...]:
    """Read "a,b" as a tuple of names."""
    found = tuple(word.strip() for word in text.split(",") if word.strip())
    if not found:
        message = "a list of names separated by commas is wanted"
        raise argparse.ArgumentTypeError(message)
    return found


def shard(text: str) -> tuple[int, int]:
    """Read "i/n", 1 <= i <= n."""
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count)):
        message = f"'{text}' is not i/n with 1 <= i <= n"
        raise argparse.ArgumentTypeError(message)
    return int(index), int(count)


def assignment(text: str) -> tuple[str, str]:
    """Read "NAME=VALUE"."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        message = f"'{text}' is not NAME=VALUE"
        raise argparse.ArgumentTypeError(message)
    return name, value


def positive(text: str) -> int:
    """Read a whole number above zero."""
    if not text.isdecimal() or int(text) < 1:
        message = f"'{text}' is not a whole number above zero"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def whole(text: str) -> int:
    """Read a whole number, zero included."""
    if not text.isdecimal():
        message = f"'{text}' is not a whole number"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def seconds(text: str) -> float:
    """Read a finite time above zero."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        message = f"'{text}' is not a number of seconds above zero"
        raise argparse.ArgumentTypeError(message)
    return value


def number(text: str) -> float | None:
    """Read a decimal number or a fraction "p/q"; None if the text is neither."""
    try:
        return float(Fraction(text)) if "/" in text else float(text)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def common(parser: argparse.ArgumentParser) -> None:
    """Add what every command understands."""
    parser.add_argument("--json", action="store_true", help="print one JSON document and no more")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")


def selecting(parser: argparse.ArgumentParser) -> None:
    """Add what narrows a run."""
    group = parser.add_argument_group("what to run")
    group.add_argument("--methods", type=names, metavar="a,b", help="only these methods")
    group.add_argument("--laws", type=names, metavar="a,b", help="only these laws")
    group.add_argument("--dtypes", type=names, metavar="a,b", help="only these dtypes")
    group.add_argument("--profile", choices=PROFILES, default="quick", help="counts of examples")
    group.add_argument("--seed", type=whole, default=0, metavar="N", help="seed of the search")
    group.add_argument("--shard", type=shard, metavar="i/n", help="only the i-th of n parts")


def running(parser: argparse.ArgumentParser) -> None:
    """Add how a backend is run."""
    group = parser.add_argument_group("how to run it")
    group.add_argument("--jobs", type=positive, default=1, metavar="N", help="processes at once")
    group.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="run on the Dask cluster at ADDRESS; 'local' is one of --jobs processes",
    )  # fmt: skip
    group.add_argument(
        "--timeout", type=seconds, default=10.0, metavar="SECONDS", help="limit of one request"
    )
    group.add_argument(
        "--memory", type=positive, metavar="MB", help="limit of the backend's memory"
    )
    group.add_argument("--device", default="cpu", help="where the backend is to compute")
    group.add_argument(
        "--env", type=assignment, action="append", default=[], metavar="NAME=VALUE",
        help="environment of the backend; may be repeated",
    )  # fmt: skip


def backends(parser: argparse.ArgumentParser) -> None:
    """Add the backend or backends that a command is about."""
    parser.add_argument(
        "backends", nargs="*", metavar="BACKEND",
        help="a name from 'list backends', module:attribute or file.py:attribute",
    )  # fmt: skip
    parser.add_argument(
        "--command", action="append", default=[], metavar='"PROGRAM ARGS"', dest="programs",
        help="a program that speaks the wire protocol; may be repeated",
    )  # fmt: skip


def folder(parser: argparse.ArgumentParser, default: str) -> None:
    """Add where results are written."""
    parser.add_argument(
        "--out", type=Path, default=Path(default), metavar="DIR",
        help=f"where results are written (default: {default})",
    )  # fmt: skip
