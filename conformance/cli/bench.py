"""``bench``: timings side by side with installed peers and the physical limit, in one run.

Every side gets the same matrix in the same dtype, on one thread, in interleaved rounds.
"""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import console, options
from conformance.cli.trouble import Exit, Trouble, unknown
from conformance.progress import progress

if TYPE_CHECKING:
    from conformance.torch_runner.bench import Plan

Record = dict[str, Any]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
MARK = "<!-- what follows is written by:"
FILES = ("bench.json", "bench.md", "bench.svg", "bench.png")


def declare(parser: argparse.ArgumentParser) -> None:
    """Add what to time, and beside what."""
    parser.add_argument("subject", choices=["aggregators"], help="what is timed")
    parser.add_argument(
        "--size", action="append", metavar="TxD", dest="sizes",
        help="a size like 10x1e6; may be repeated (default: the whole grid)",
    )  # fmt: skip
    parser.add_argument("--methods", type=options.names, metavar="a,b", help="only these methods")
    parser.add_argument(
        "--peers", type=options.names, metavar="a,b", help='only these peers; "none" for none'
    )
    parser.add_argument("--rounds", type=options.positive, default=15, metavar="N")
    parser.add_argument("--dtype", choices=options.DTYPES, default="float32")
    parser.add_argument("--device", default="cpu", help="cpu, or a device of torch such as cuda")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write bench.json, .md and plots")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="refresh the figures of a page, and its plot"
    )


def run(arguments: argparse.Namespace) -> int:
    """Time, write and print; 0 even where a target is missed: a slow machine is no error."""
    os.environ.update(dict.fromkeys(THREADS, "1"))  # before numpy and torch are imported
    try:
        from conformance.torch_runner import bench
    except ModuleNotFoundError as error:
        message = f"{error}; the bench wants torch: pip install 'mtl-reference[torch]'"
        raise Trouble(message, Exit.BROKEN) from error
    plan = planned(arguments)
    head = head_of(arguments.page) if arguments.page else ""
    with progress("bench") as tell:
        record = bench.run(plan, tell)
    page = bench.page(record)
    files = written(record, page, arguments.out) if arguments.out else []
    if arguments.page:
        files += refreshed(arguments.page, head, page, record)
    if arguments.json:
        console.emit(record)
    else:
        print("\n".join(summary(record)))
        for each in files:
            print(each)
    return Exit.OK


def planned(arguments: argparse.Namespace) -> "Plan":
    """The plan that the options ask for."""
    from conformance.torch_runner.aggregators import AGGREGATORS
    from conformance.torch_runner.bench import PEERS, SIZES, Plan, gramian_methods, present, size_of

    if not present(arguments.device):
        message = (
            f"torch finds no device '{arguments.device}' here; leave --device away for the CPU"
        )
        raise Trouble(message)
    extra = [name for name in ("graddrop",) if name in AGGREGATORS]
    methods = list(arguments.methods or sorted([*gramian_methods(), *extra]))
    peers = [] if arguments.peers == ("none",) else list(arguments.peers or PEERS)
    for noun, names, known in (("method", methods, AGGREGATORS), ("peer", peers, PEERS)):
        for name in names:
            if name not in known:
                unknown(noun, name, known)
    try:
        sizes = [size_of(text) for text in arguments.sizes or ()] or list(SIZES)
    except ValueError as error:
        raise Trouble(str(error)) from error
    return Plan(sizes, methods, peers, arguments.rounds, arguments.dtype, arguments.device)


def head_of(path: Path) -> str:
    """What a page says above its figures; trouble if it has no place for them."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    head, mark, _ = text.partition(MARK)
    if not mark:
        message = f"{path} has no line '{MARK} ... -->', below which figures could stand"
        raise Trouble(message)
    return head


def refreshed(path: Path, head: str, page: str, record: Record) -> list[Path]:
    """Write the figures below the mark of a page, and the plot beside it."""
    from importlib.util import find_spec

    from conformance.report import timings

    plot = path.with_suffix(".svg")
    drawn = find_spec("matplotlib") is not None
    picture = f"![Time of each method over the limit]({plot.name})\n\n" if drawn else ""
    mark = f"{MARK} mtl-conformance bench aggregators --page {path.name} -->"
    path.write_text(f"{head}{mark}\n\n{picture}{page}", encoding="utf-8")
    if not drawn:
        return [path]
    timings.draw(plot, record)
    return [path, plot]


def written(record: Record, page: str, folder: Path) -> list[Path]:
    """Write the record, the page, and the plots where matplotlib is installed."""
    from importlib.util import find_spec

    from conformance.report import timings

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in FILES]
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    paths[0].write_text(text + "\n", encoding="utf-8")
    paths[1].write_text(f"# Bench of the aggregators\n\n{page}", encoding="utf-8")
    if find_spec("matplotlib") is None:
        return paths[:2]
    for path in paths[2:]:
        timings.draw(path, record)
    return paths


def summary(record: Record) -> list[str]:
    """The targets by kind, then those that are not met."""
    found = record["targets"]
    kinds = list(dict.fromkeys(each["target"] for each in found))
    counts = {kind: [each["met"] for each in found if each["target"] == kind] for kind in kinds}
    rows: list[list[console.Cell]] = [
        [("✓", "good") if all(met) else ("✗", "bad"), kind, f"{sum(met)} of {len(met)}"]
        for kind, met in counts.items()
    ]
    unmet: list[list[console.Cell]] = [
        [each["target"], each["place"], f"{each['measured']:.3g}", f"{each['bound']:.3g}"]
        for each in found
        if not each["met"]
    ]
    lines = console.table(["", "target", "met"], rows, align="llr") if rows else []
    if unmet:
        heads = ["not met", "where", "measured", "bound"]
        lines += ["", *console.table(heads, unmet, align="llrr")]
    if record["machine"]["busy"]:
        lines += ["", "Other work kept the machine busy: ratios are rough."]
    return lines
