"""``verify``: is a certificate what it says, and do its cases come out the same again.

CERTIFICATE is a certificate.json, the folder that holds it, or an envelope (certificate.dsse.json).
Checked are the schema, the digest of results.jsonl beside it, every verdict and count folded again
from those results, the artifact if it is installed here, and the signature.

Exit 0: verified; 1: a check failed, or a case came out differently; 2: a file that cannot be read;
3: something that a check needs is not here (results.jsonl, its footer, the suite, the backend).
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import console, options, runs
from conformance.cli.trouble import Exit, Trouble
from conformance.printable import printable

if TYPE_CHECKING:
    from conformance.backend import BackendSpec
    from conformance.rerun import Again
    from conformance.verification import Verification

TONES = {
    "ok": ("✓", "good"),
    "failed": ("✗", "bad"),
    "unchecked": ("?", "warn"),
    "absent": ("·", "dim"),
}


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the certificate, the key, and how many of its cases to run again."""
    parser.add_argument("certificate", type=Path, metavar="CERTIFICATE")
    parser.add_argument("--key", type=Path, metavar="PUBLIC", help="the key that must have signed")
    group = parser.add_argument_group("running cases again")
    group.add_argument(
        "--rerun", type=options.positive, metavar="N", help="run N jobs again, drawn at random"
    )
    group.add_argument("--seed", type=options.whole, default=0, metavar="N", help="of the draw")
    group.add_argument("--backend", help="the backend, where no bundled name tells it")
    options.running(parser)
    group.add_argument(
        "--command", metavar='"PROGRAM ARGS"', dest="program", help="the backend as a program"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the certificate, run cases again if that was asked for, and tell."""
    from conformance.document import DocumentError
    from conformance.signing import SigningError
    from conformance.verification import verified

    spec = _named(arguments)
    try:
        found = verified(arguments.certificate, key=arguments.key, backend=spec)
    except DocumentError as error:
        message = f"{error}; give a certificate.json, its folder, or an envelope"
        raise Trouble(message) from error
    except SigningError as error:
        raise Trouble(str(error)) from error
    again = [] if not arguments.rerun or found.failed else _again(arguments, found, spec)
    differ = [each for each in again if not each.same]
    if arguments.json:
        console.emit(_document(arguments.certificate, found, again))
    else:
        print("\n".join(_lines(found, again)))
    if found.failed or differ:
        return Exit.NOT_CERTIFIED
    return Exit.OK if found.verified else Exit.BROKEN


def _named(arguments: argparse.Namespace) -> "BackendSpec | None":
    """The backend that the command line names."""
    from conformance.backend import UnknownBackendError, resolve

    if arguments.backend is None and arguments.program is None:
        return None
    try:
        return resolve(arguments.backend, command=arguments.program)
    except UnknownBackendError as error:
        raise Trouble(str(error)) from error
    except ModuleNotFoundError as error:
        raise Trouble(str(error), Exit.BROKEN) from error


def _again(
    arguments: argparse.Namespace, found: "Verification", spec: "BackendSpec | None"
) -> "list[Again]":
    """The jobs that were run again. Only a bundled backend is run on a certificate's word."""
    from conformance.registry import BACKENDS
    from conformance.rerun import RerunRefusedError, rerun
    from conformance.supervisor import BrokenBackendError
    from conformance.verification import located

    name = str(found.results.header["backend"]) if found.results else ""
    spec = spec or (located(found.results) if name in BACKENDS else None)
    if spec is None:
        message = f"which backend is {printable(name)!r}? Name it with --backend or --command"
        raise Trouble(message)
    limits = {"timeout": arguments.timeout, "memory": arguments.memory}
    given: dict[str, Any] = {key: value for key, value in limits.items() if value is not None}
    given["variables"] = runs.variables(arguments)
    try:
        return list(rerun(found, spec, arguments.rerun, seed=arguments.seed, limits=given))
    except (RerunRefusedError, BrokenBackendError) as error:
        raise Trouble(str(error), Exit.BROKEN) from error


def _document(path: Path, found: "Verification", again: "Sequence[Again]") -> dict[str, Any]:
    return {
        "certificate": str(path),
        "verified": found.verified and all(each.same for each in again),
        "checks": [{**asdict(check), "status": str(check.status)} for check in found.checks],
        "rerun": [asdict(each) for each in again],
    }


def _lines(found: "Verification", again: "Sequence[Again]") -> list[str]:
    rows: list[list[console.Cell]] = [
        [TONES[check.status], check.name, printable(check.message)] for check in found.checks
    ]
    differ = [each for each in again if not each.same]
    rows += [[TONES["failed"], "rerun", printable(f"{e.id}: {e.message}")] for e in differ]
    if again:
        told = f"{len(again) - len(differ)} of {len(again)} jobs came out the same, byte for byte"
        rows.append([TONES["failed" if differ else "ok"], "rerun", told])
    table = console.table(["", "check", "what was seen"], rows, align="llw")
    return [*table, "", _verdict(found, failed=found.failed or bool(differ))]


def _verdict(found: "Verification", *, failed: bool) -> str:
    if failed:
        return "Not verified."
    return "Verified." if found.verified else "Nothing was found wrong, but not all was checked."
