"""One run of the bench: every side at every size, then errors and memory; a record of all of it."""

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from conformance.torch_runner.bench import machine, memory, own, peers, targets
from conformance.torch_runner.bench.entries import entry_error
from conformance.torch_runner.bench.grid import SIZES, Size, matrix
from conformance.torch_runner.bench.own import gramian_methods
from conformance.torch_runner.bench.rounds import Call, Timing, interleaved, warmed

Record = dict[str, Any]
Tell = Callable[[int, int, str], None]

HEAVY = 10**7
"""Numbers of the jacobian from which on memory is measured: less drowns in the process's own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to time: at which sizes, which methods, beside which peers, in how many rounds."""

    sizes: Sequence[Size] = SIZES
    methods: Sequence[str] = ()
    peers: Sequence[str] = ()
    rounds: int = 15
    dtype: str = "float32"
    device: str = "cpu"

    @property
    def weighed(self) -> list[Size]:
        """The sizes at which memory is measured: the smallest of those that tell."""
        if self.device != "cpu" or not memory.measurable():
            return []
        return sorted({s for s in self.sizes if s.numbers >= HEAVY}, key=lambda s: s.numbers)[:1]

    @property
    def steps(self) -> int:
        """How much there is to do, for a progress bar."""
        return len(self.sizes) * (self.rounds + 1) + len(self.weighed) * len(self.methods)


def run(plan: Plan, tell: Tell) -> Record:
    """Time all sides, one thread each, and judge the targets."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with warnings.catch_warnings(), redirect_stdout(sys.stderr):  # libraries talk
            warnings.simplefilter("ignore")
            return recorded(plan, counted(plan, tell))
    finally:
        torch.set_num_threads(threads)


def counted(plan: Plan, tell: Tell) -> Callable[[str], None]:
    """A teller that counts by itself."""
    done = iter(range(plan.steps + 1))
    return lambda label: tell(next(done) + 1, plan.steps, label)


def recorded(plan: Plan, tell: Callable[[str], None]) -> Record:
    """The record of a run."""
    before, found = machine.load(), machine.described(plan.device)
    installed, missing = versions(plan.peers)
    cells = [cell(plan, size, sorted(installed), tell) for size in plan.sizes]
    weighed = list(measured(plan, tell))
    loads = {"before": before, "after": machine.load()}
    return {
        "schema": "urn:mtl-reference:bench:v1",
        "machine": found
        | {"load": loads, "busy": machine.busy(loads.values(), found["cores"])}
        | {"bandwidth": None if plan.device == "cpu" else machine.bandwidth(plan.device)},
        "peers": installed,
        "dtype": plan.dtype,
        "rounds": plan.rounds,
        "sizes": cells,
        "memory": weighed,
        "targets": list(map(asdict, judged(cells, weighed))),
        "left_out": [*missing, *(each for at in cells for each in at.pop("left_out"))],
    }


def versions(names: Sequence[str]) -> tuple[dict[str, str], list[Record]]:
    """The versions of the peers that are installed, and what is said of the others."""
    found, missing = {}, []
    for name in names:
        try:
            found[name] = peers.version(name)
        except ImportError as error:
            missing.append({"side": name, "method": None, "size": None, "reason": str(error)})
    return found, missing


def cell(plan: Plan, size: Size, installed: Sequence[str], tell: Callable[[str], None]) -> Record:
    """Everything that is timed at one size."""
    jacobian = matrix(size, plan.dtype, plan.device)
    sides, reasons = made(plan, jacobian, installed)
    wait = partial(machine.wait_for, plan.device)
    first, refused = warmed(sides, wait)
    tell(str(size))
    found = interleaved(
        sides,
        first,
        rounds=plan.rounds,
        burst=size.burst,
        wait=wait,
        tell=lambda label: tell(f"{size} {label}"),
    )
    least, gramian = found["limit both"], set(gramian_methods())
    sweep = found["limit combination"]
    timed = [(name.split(" "), each) for name, each in found.items()]
    return {
        "tasks": size.tasks,
        "width": size.width,
        "limit": {part: asdict(found[f"limit {part}"]) for part in own.LIMIT},
        "methods": [
            {"method": method, "gramian": method in gramian} | compared(each, least, sweep)
            for (side, method), each in timed
            if side == "torch"
        ],
        "peers": [
            {"peer": side, "method": method} | compared(each, least, sweep)
            for (side, method), each in timed
            if side in installed
        ],
        "entries": asdict(entry_error(jacobian)),
        "left_out": [
            dict(zip(("side", "method"), name.split(" "), strict=True))
            | {"size": str(size), "reason": reason}
            for name, reason in (reasons | refused).items()
        ],
    }


def made(
    plan: Plan, jacobian: Tensor, installed: Sequence[str]
) -> tuple[dict[str, Call], dict[str, str]]:
    """The calls of all sides by "side method", and why some cannot be made."""
    makers: dict[str, Callable[[], Call]] = {
        f"torch {method}": partial(own.made, method, jacobian) for method in plan.methods
    }
    for peer in installed if plan.device == "cpu" else ():
        offered = peers.offered(peer, plan.methods, jacobian)
        makers |= {f"{peer} {method}": maker for method, maker in offered.items()}
    calls = {f"limit {part}": call for part, call in own.limit(jacobian).items()}
    reasons = {}
    for name, maker in makers.items():
        try:
            calls[name] = maker()
        except Exception as error:  # noqa: BLE001  (a library may fail in any way: it is told)
            reasons[name] = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return calls, reasons


def compared(found: Timing, least: Timing, sweep: Timing) -> Record:
    """A timing beside the limit, and in passes over the jacobian."""
    return {
        "timing": asdict(found),
        "ratio": found.median / least.median,
        "passes": found.median / sweep.median,
    }


def measured(plan: Plan, tell: Callable[[str], None]) -> Iterator[Record]:
    """The memory that each method takes beside its jacobian."""
    for size in plan.weighed:
        whole = size.numbers * matrix(Size(1, 1), plan.dtype, "cpu").element_size()
        for method in plan.methods:
            found = memory.peak(method, size, plan.dtype)
            tell(f"memory of {method}")
            if found is not None:
                yield {
                    "method": method,
                    "tasks": size.tasks,
                    "width": size.width,
                    "bytes": found,
                    "share": found / whole,
                }


def judged(cells: Sequence[Mapping[str, Any]], weighed: Sequence[Record]) -> Iterator[Any]:
    """All targets that the run says something about."""
    gramian = set(gramian_methods())
    for at in cells:
        size = Size(at["tasks"], at["width"])
        yield from targets.judged(size, at)
        yield targets.accurate(size, at["entries"]["own"])
    for each in weighed:
        if each["method"] in gramian:
            size = Size(each["tasks"], each["width"])
            yield targets.frugal(each["method"], size, each["share"])
