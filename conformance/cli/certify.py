"""``certify``: judge one backend or several, write results, certificate and reports."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import console, options, runs, summary
from conformance.cli.data import known_benchmark
from conformance.cli.trouble import Exit, Trouble
from conformance.progress import progress

if TYPE_CHECKING:
    from conformance.backend import BackendSpec


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the backends, what is run, and how."""
    options.backends(parser)
    options.selecting(parser)
    options.running(parser)
    options.folder(parser, "out")
    parser.add_argument(
        "--expected", type=Path, metavar="FILE.toml", help="failures that are expected"
    )
    parser.add_argument(
        "--sign", type=Path, metavar="KEY", help="sign the certificate with this ed25519 key (PEM)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with what --out holds")
    parser.add_argument(
        "--merge", type=Path, nargs="+", default=[], action="extend", metavar="DIR",
        help="go on with what these folders of the same run hold too (name BACKEND before it)",
    )  # fmt: skip
    parser.add_argument(
        "--in-training", metavar="BENCHMARK", help="judge jacobians of a real training too"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the benchmark's data lie")


def run(arguments: argparse.Namespace) -> int:
    """Judge every backend in turn; report on all of them."""
    runs.check_names(arguments)
    if arguments.in_training is not None:
        known_benchmark(arguments.in_training)
    found = runs.specs(arguments)
    if arguments.expected is not None and len(found) > 1:
        message = "--expected speaks of the jobs of one backend: certify them one by one"
        raise Trouble(message)
    places = _places(found, arguments.out)
    statements = {}
    for spec, place in zip(found, places, strict=True):
        merged = [_place(found, spec, each) for each in arguments.merge]
        statements[spec.name] = _certified(spec, place, merged, arguments)
    page = _reported(places, arguments.out)
    if arguments.json:
        console.emit(statements)
    else:
        for spec, place in zip(found, places, strict=True):
            print("\n".join(summary.lines(spec.name, statements[spec.name], place)))
        print(f"report: {page}")
    return max(summary.status(each) for each in statements.values())


def _places(found: "list[BackendSpec]", out: Path) -> list[Path]:
    """Each backend's folder: OUT itself for one, OUT/NAME for several."""
    places = [_place(found, spec, out) for spec in found]
    for place in places:
        if places.count(place) > 1:
            message = f"two backends would write to {place}; run them with two --out"
            raise Trouble(message)
    return places


def _place(found: "list[BackendSpec]", spec: "BackendSpec", out: Path) -> Path:
    """A backend's folder in a place for all."""
    return out if len(found) == 1 else out / runs.folder_name(spec.name)


def _certified(
    spec: "BackendSpec", place: Path, merged: list[Path], arguments: argparse.Namespace
) -> dict[str, Any]:
    """The certificate of one backend, as a statement."""
    from conformance import campaign
    from conformance.cluster import ClusterError
    from conformance.expected import ExpectedError
    from conformance.in_training import CaptureError
    from conformance.journal import FolderInUseError
    from conformance.resumption import ResumeRefused
    from conformance.signing import SigningError
    from conformance.supervisor import BrokenBackendError

    try:
        with progress(spec.name, quiet=False) as tell:
            certificate = campaign.run(spec, _options(place, merged, arguments), tell, _noticed)
    except KeyboardInterrupt:
        print(f"interrupted: what was judged so far lies in {place} (partial)", file=sys.stderr)
        print("go on with the same command and --resume", file=sys.stderr)
        _reported([place], place)
        raise
    except (ResumeRefused, FolderInUseError, ExpectedError, SigningError) as error:
        raise Trouble(str(error)) from error
    except (BrokenBackendError, CaptureError, ClusterError) as error:
        raise Trouble(str(error), Exit.BROKEN) from error
    if arguments.shard is not None and arguments.shard[1] > 1:
        print(_merging(place, arguments), file=sys.stderr)
    return dict(certificate.statement)


def _merging(place: Path, arguments: argparse.Namespace) -> str:
    """What to do with a part of a run."""
    index, count = arguments.shard
    told = f"part {index} of {count} lies in {place}; when all are there:"
    return f"{told} the same command without --shard, --merge DIR DIR ... --out WHOLE"


def _noticed(sentence: str) -> None:
    """Tell what is out of the ordinary, beside the progress."""
    print(f"mtl-conformance: {sentence}", file=sys.stderr)


def _options(place: Path, merged: list[Path], arguments: argparse.Namespace) -> Any:  # noqa: ANN401  (campaign.Options)
    """The settings of a run; limits that were not given keep their defaults."""
    from conformance import campaign

    wanted = {
        "methods": arguments.methods,
        "laws": arguments.laws,
        "dtypes": arguments.dtypes,
        "timeout": arguments.timeout,
        "memory": arguments.memory,
        "shard": arguments.shard and (arguments.shard[0] - 1, arguments.shard[1]),
        "scheduler": arguments.scheduler,
        "in_training": arguments.in_training,
        "data": arguments.data,
        "expected": arguments.expected,
        "sign": arguments.sign,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return campaign.Options(
        out=place,
        profile=arguments.profile,
        seed=arguments.seed,
        jobs=arguments.jobs,
        resume=arguments.resume,
        merge=merged,
        env=runs.variables(arguments),
        **given,
    )


def _reported(places: list[Path], out: Path) -> Path:
    """Write the files of each folder and the report on all of them; return the page."""
    from conformance.certificate import FILE
    from conformance.report import write, write_own

    for place in places:
        if (place / FILE).is_file():  # it is not where a run was interrupted before its first job
            write_own(place)
    return write(places, out)[0]
