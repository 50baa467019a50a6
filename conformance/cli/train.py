"""``train``: train a benchmark with the bundled torch runner."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import console, options
from conformance.cli.answer import params_of
from conformance.cli.data import known_benchmark, require_torch
from conformance.cli.trouble import Exit, Trouble, unknown
from conformance.progress import progress

if TYPE_CHECKING:
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
    parser.add_argument("--epochs", type=options.positive, metavar="N", help="default: the paper's")
    parser.add_argument("--steps", type=options.positive, metavar="N", help="stop after N steps")
    parser.add_argument("--batch-size", type=options.positive, metavar="N")
    parser.add_argument("--seed", type=options.whole, default=0, metavar="N")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--data", type=Path, metavar="DIR", help="default: MTL_DATA, else a cache")
    parser.add_argument("--resume", action="store_true", help="go on from --out's checkpoint")
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
    records = _trained(arguments, {name: _plain(value) for name, value in params.items()})
    if arguments.json:
        console.emit(records)
    else:
        print("\n".join(_lines(records)))
        print(f"metrics and checkpoint: {arguments.out}")
    return Exit.OK


def _trained(arguments: argparse.Namespace, params: dict[str, float | str]) -> list[dict[str, Any]]:
    """The epochs' metrics."""
    from conformance.torch_runner import train
    from conformance.torch_runner.benchmarks.data import DataError

    title = f"{arguments.benchmark}, {arguments.method}"
    try:
        with progress(title) as tell:
            return train.run(
                arguments.benchmark,
                arguments.method,
                params,
                epochs=arguments.epochs,
                batch_size=arguments.batch_size,
                seed=arguments.seed,
                data=arguments.data,
                out=arguments.out,
                resume=arguments.resume,
                steps=arguments.steps,
                device=arguments.device,
                progress=lambda at: tell(*_place(at, arguments.steps)),
            )
    except DataError as error:
        raise Trouble(str(error), Exit.BROKEN) from error
    except ValueError as error:
        raise Trouble(str(error)) from error


def _place(at: "Progress", steps: int | None) -> tuple[int, int, str]:
    """How far a run is: steps done, steps in all, and the losses."""
    done = (at.epoch - 1) * at.steps_per_epoch + at.step
    whole = at.epochs * at.steps_per_epoch
    total = whole if steps is None else min(whole, steps)
    losses = " ".join(f"{loss:.3f}" for loss in at.losses)
    return done, total, f"loss {losses}"


def _plain(value: object) -> float | str:
    """A parameter as the runner takes it."""
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
