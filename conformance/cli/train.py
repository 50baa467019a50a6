"""``train``: train a benchmark with the bundled torch runner."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import console, options
from conformance.cli.answer import params_of
from conformance.cli.data import known_benchmark, require_torch
from conformance.cli.trouble import Exit, Trouble, unknown
from conformance.progress import progress

if TYPE_CHECKING:
    from conformance.torch_runner.recon.training import Outcome
    from conformance.torch_runner.train import Progress


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the benchmark, the method and the settings of a run."""
    parser.add_argument("benchmark", metavar="BENCHMARK", help="a name from 'list benchmarks'")
    parser.add_argument("--method", default="mean", help="a name from 'list methods'")
    parser.add_argument(
        "--param", type=options.assignment, action="append", default=[], metavar="NAME=VALUE",
        help="a parameter of the method; may be repeated (--alpha -1 and --c 0.4 are short forms)",
    )  # fmt: skip
    parser.add_argument("--alpha", help=argparse.SUPPRESS)
    parser.add_argument("--c", help=argparse.SUPPRESS)
    parser.add_argument("--model", metavar="NAME", help="the model and its settings (resnet18)")
    parser.add_argument("--epochs", type=options.positive, metavar="N", help="default: the paper's")
    parser.add_argument("--steps", type=options.positive, metavar="N", help="stop after N steps")
    parser.add_argument("--batch-size", type=options.positive, metavar="N")
    parser.add_argument("--seed", type=options.whole, default=0, metavar="N")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--data", type=Path, metavar="DIR", help="default: MTL_DATA, else a cache")
    parser.add_argument("--resume", action="store_true", help="go on from --out's checkpoint")
    group = parser.add_argument_group("Recon: score layers, make some task-specific, train again")
    group.add_argument("--recon", type=options.positive, metavar="K", help="turn K layers")
    group.add_argument("--severity", type=float, default=0.0, metavar="S", help="-1 < S <= 0")
    group.add_argument(
        "--scored", type=options.positive, metavar="N",
        help="epochs that are scored (default: the first quarter)",
    )  # fmt: skip
    options.folder(parser, "out/train")


def run(arguments: argparse.Namespace) -> int:
    """Train, with a bar; print the metrics of each epoch."""
    known_benchmark(arguments.benchmark)
    from mtl_reference import METHODS

    if arguments.method not in METHODS:
        unknown("method", arguments.method, METHODS)
    short = [(name, getattr(arguments, name)) for name in ("alpha", "c")]
    given = [*arguments.param, *((name, value) for name, value in short if value is not None)]
    params = params_of(METHODS[arguments.method], given)
    require_torch()
    given_params = {name: _plain(value) for name, value in params.items()}
    if arguments.recon is not None:
        return _reconned(arguments, given_params)
    records = _trained(arguments, given_params)
    if arguments.json:
        console.emit(records)
    else:
        print("\n".join(_lines(records)))
        print(f"metrics and checkpoint: {arguments.out}")
    return Exit.OK


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """What both kinds of training are given."""
    return {
        "recipe": arguments.model,
        "epochs": arguments.epochs,
        "batch_size": arguments.batch_size,
        "seed": arguments.seed,
        "data": arguments.data,
        "steps": arguments.steps,
        "device": arguments.device,
    }


@contextmanager
def _errors() -> Iterator[None]:
    """Turn what training refuses into a sentence."""
    from conformance.torch_runner.benchmarks.data import DataError

    try:
        yield
    except DataError as error:
        raise Trouble(str(error), Exit.BROKEN) from error
    except ValueError as error:
        raise Trouble(str(error)) from error


def _trained(arguments: argparse.Namespace, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The epochs' metrics."""
    from conformance.torch_runner import train

    title = f"{arguments.benchmark}, {arguments.method}"
    with _errors(), progress(title) as tell:
        return train.run(
            arguments.benchmark,
            arguments.method,
            params,
            out=arguments.out,
            resume=arguments.resume,
            progress=lambda at: tell(*_place(at, arguments.steps)),
            **_settings(arguments),
        )


def _reconned(arguments: argparse.Namespace, params: dict[str, Any]) -> int:
    """Train plain, select, convert, train again; print what became of it."""
    from conformance.report import histogram
    from conformance.torch_runner.recon import training

    if arguments.resume:
        message = "--recon trains twice from scratch and cannot --resume"
        raise Trouble(message)
    title = f"{arguments.benchmark}, {arguments.method}, Recon"

    def tell_phase(phase: str, at: "Progress") -> None:
        done, total, label = _place(at, arguments.steps)
        tell(done + (total if phase == "Recon" else 0), 2 * total, f"{phase} {label}")

    with _errors(), progress(title) as tell:
        found = training.run(
            arguments.benchmark, arguments.method, params, k=arguments.recon,
            severity=arguments.severity, scored=arguments.scored, out=arguments.out,
            progress=tell_phase, **_settings(arguments),
        )  # fmt: skip
    if histogram.available():
        path = arguments.out / "histogram.svg"
        histogram.draw(path, found.edges, found.before, found.after, title)
    if arguments.json:
        console.emit(asdict(found))
    else:
        print("\n".join(_told(found)))
        print(f"results, picture and checkpoints: {arguments.out}")
    return Exit.OK


def _told(found: "Outcome") -> Iterator[str]:
    """Layers, histograms and accuracies as tables."""
    from conformance.report.histogram import intervals

    chosen = set(found.turned)
    yield from console.table(
        ["layer", f"score at S = {found.severity:g}", ""],
        [
            [layer, str(score), "turned" if layer in chosen else ""]
            for layer, score in zip(found.layers, found.scores, strict=True)
        ],
        align="lrl",
    )
    yield ""
    shares = zip(intervals(found.edges), found.before, found.after, strict=True)
    yield from console.table(
        ["cosine in", "plain %", "Recon %"],
        [[name, f"{100 * before:.2f}", f"{100 * after:.2f}"] for name, before, after in shares],
        align="lrr",
    )
    if found.reduction is not None:
        yield f"  beyond {found.edges[1]:g}: reduced by {found.reduction:.1f} %"
    yield ""
    yield from console.table(
        ["", "plain", "Recon"],
        [
            ["parameters", *(f"{count:,}" for count in found.parameters)],
            *(
                [f"test {task}", f"{value:.4f}", f"{found.accuracy_after[task]:.4f}"]
                for task, value in found.accuracy_before.items()
            ),
        ],
        align="lrr",
    )


def _place(at: "Progress", steps: int | None) -> tuple[int, int, str]:
    """How far a run is: steps done, steps in all, and the losses."""
    done = (at.epoch - 1) * at.steps_per_epoch + at.step
    whole = at.epochs * at.steps_per_epoch
    total = whole if steps is None else min(whole, steps)
    losses = " ".join(f"{loss:.3f}" for loss in at.losses)
    return done, total, f"loss {losses}"


def _plain(value: object) -> Any:  # noqa: ANN401  (a number, a text or a list of numbers)
    """A parameter as the runner takes it."""
    if isinstance(value, tuple | list):
        return tuple(float(each) for each in value)
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]


def _lines(records: list[dict[str, Any]]) -> list[str]:
    """The metrics as a table."""
    if not records:
        return ["nothing was left to do"]
    tasks = list(records[0]["test_accuracy"])
    rows = [
        [
            str(each["epoch"]),
            str(each["steps"]),
            f"{each['conflicts']:.3f}",
            *(f"{each['train_loss'][task]:.4f}" for task in tasks),
            *(f"{each['test_accuracy'][task]:.4f}" for task in tasks),
        ]
        for each in records
    ]
    heads = ["epoch", "steps", "conflicts"]
    heads += [f"loss {task}" for task in tasks] + [f"test {task}" for task in tasks]
    return console.table(heads, rows, align="r" * len(heads))
