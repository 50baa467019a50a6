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
    parser.add_argument("--resume", action="store_true", help="go on with what --out holds")
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
    places = _places(found, arguments.out)
    statements = {}
    for spec, place in zip(found, places, strict=True):
        statements[spec.name] = _certified(spec, place, arguments)
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
    if len(found) == 1:
        return [out]
    names = [runs.folder_name(spec.name) for spec in found]
    for name in names:
        if names.count(name) > 1:
            message = f"two backends would write to {out / name}; run them with two --out"
            raise Trouble(message)
    return [out / name for name in names]


def _certified(spec: "BackendSpec", place: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """The certificate of one backend, as a statement."""
    from conformance import campaign
    from conformance.in_training import CaptureError
    from conformance.journal import FolderInUseError
    from conformance.resumption import ResumeRefused
    from conformance.supervisor import BrokenBackendError

    try:
        with progress(spec.name, quiet=False) as tell:
            certificate = campaign.run(spec, _options(place, arguments), tell, _noticed)
    except KeyboardInterrupt:
        print(f"interrupted: what was judged so far lies in {place} (partial)", file=sys.stderr)
        print("go on with the same command and --resume", file=sys.stderr)
        _reported([place], place)
        raise
    except (ResumeRefused, FolderInUseError) as error:
        raise Trouble(str(error)) from error
    except (BrokenBackendError, CaptureError) as error:
        raise Trouble(str(error), Exit.BROKEN) from error
    return dict(certificate.statement)


def _noticed(sentence: str) -> None:
    """Tell what is out of the ordinary, beside the progress."""
    print(f"mtl-conformance: {sentence}", file=sys.stderr)


def _options(place: Path, arguments: argparse.Namespace) -> Any:  # noqa: ANN401  (campaign.Options)
    """The settings of a run; limits that were not given keep their defaults."""
    from conformance import campaign

    wanted = {
        "methods": arguments.methods,
        "laws": arguments.laws,
        "dtypes": arguments.dtypes,
        "timeout": arguments.timeout,
        "memory": arguments.memory,
        "shard": arguments.shard and (arguments.shard[0] - 1, arguments.shard[1]),
        "in_training": arguments.in_training,
        "data": arguments.data,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return campaign.Options(
        out=place,
        profile=arguments.profile,
        seed=arguments.seed,
        jobs=arguments.jobs,
        resume=arguments.resume,
        env=runs.variables(arguments),
        **given,
    )


def _reported(places: list[Path], out: Path) -> Path:
    """Write the report on what the folders hold; return the page."""
    from conformance.report import write

    return write(places, out)[0]
