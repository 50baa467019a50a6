"""The entry of the command line: it runs one command and turns trouble into a sentence."""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NoReturn, final

from conformance.cli import options
from conformance.cli.trouble import Exit, Trouble, unknown
from conformance.printable import printable

COMMANDS = {
    "answer": "what is right for one matrix: the exact answer and why",
    "list": "what there is: methods, laws, backends, benchmarks",
    "smoke": "three tiny cases: does an adapter work at all?",
    "certify": "judge one backend or several, and write the reports",
    "verify": "is a certificate what it says? Digests, verdicts, signature",
    "diff": "the regression gate: what changed between two certificates",
    "expected": "a file that expects what failed in a run, for --expected",
    "claims": "what is true of which method: proved, searched or refuted",
    "audit": "recompute every derived figure of the papers' printed tables",
    "bench": "timings beside installed peers and the physical limit, in one run",
    "reproduce": "run one recorded failure again",
    "report": "one page from one result folder or many",
    "vectors": "the frozen test vectors: export, check, lint",
    "selftest": "judge the zoo's good and faulty backends: the kill matrix",
    "data": "fetch and check the data of a benchmark",
    "train": "train a benchmark with the bundled torch runner",
}
EPILOG = """\
exit status:
  0  everything is as it should be
  1  a supported method is not certified
  2  usage: an unknown name, a bad file or option
  3  the harness or an adapter is broken, nothing is supported, or the run is partial

examples:
  mtl-conformance answer mgda --jacobian matrix.json
  mtl-conformance certify torch --profile quick --out out
  mtl-conformance certify my_file.py:backend
"""


@final
class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one sentence with a hint."""

    def error(self, message: str) -> NoReturn:
        """Raise the trouble instead of printing the whole usage."""
        sentence = f"{message} (try: {self.prog} --help)"
        raise Trouble(sentence)


def module_of(command: str) -> ModuleType:
    """The module of a command: ``declare(parser)`` and ``run(arguments) -> status``."""
    return import_module(f"conformance.cli.{command}")


def parser_of(command: str) -> argparse.ArgumentParser:
    """The parser of one command; only that command's module is imported."""
    module = module_of(command)
    parser = Parser(
        prog=f"mtl-conformance {command}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.declare(parser)
    options.common(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in words
    try:
        status = _dispatch(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("mtl-conformance: interrupted", file=sys.stderr)
        return Exit.BROKEN
    except BrokenPipeError:  # the reader of our output has gone: nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.BROKEN
    except Exception as error:  # noqa: BLE001  (the last net: an error becomes a sentence)
        return _told(error, debug=debug)
    return status


def _dispatch(words: list[str]) -> int:
    """Run the command that the words name."""
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return Exit.OK if words else Exit.USAGE
    if words[0] == "--version":
        print(f"mtl-conformance {_version()}")
        return Exit.OK
    command, *rest = words
    if command not in COMMANDS:
        unknown("command", command, COMMANDS)
    try:
        arguments = parser_of(command).parse_args(rest)
    except SystemExit as end:  # argparse leaves by itself after printing help
        return Exit.OK if not end.code else Exit.USAGE
    return int(module_of(command).run(arguments))


def _told(error: Exception, *, debug: bool) -> int:
    """Tell an error in one sentence, with its traceback only if that was asked for."""
    if debug:
        traceback.print_exception(error)
    if isinstance(error, Trouble):
        print(f"mtl-conformance: {printable(str(error))}", file=sys.stderr)
        return error.status
    sentence = printable(" ".join(str(error).split())) or "no message"
    hint = "" if debug else " (--debug shows where)"
    print(f"mtl-conformance: {type(error).__name__}: {sentence}{hint}", file=sys.stderr)
    return Exit.BROKEN


def _overview() -> str:
    """The commands, one line each."""
    lines = [f"  {name:<10} {sentence}" for name, sentence in COMMANDS.items()]
    head = "usage: mtl-conformance COMMAND [OPTIONS]\n\nExact references for multi-task gradient"
    return "\n".join([f"{head} methods, and a judge for implementations.\n", *lines, "", EPILOG])


def _version() -> str:
    """The version of this distribution."""
    from importlib.metadata import version

    return version("mtl-reference")
