"""The long fuzz: damaged lines by the million through every reader, counted.

    python tests/fuzz/soak.py [--lines 1000000] [--seed 0] [--guided 0] [--only TARGET]

``--guided N`` adds N lines for each target that atheris steers by the branches they reach. Exit
status 1 if a reader was broken; each finding is shown with the line that did it.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from mutation import mutants
from targets import TARGETS, fault

SHOWN = 300
EACH = 5  # findings that are shown of one target
SLOW = 2.0  # seconds of this process for one line
GUIDE = Path(__file__).with_name("guided.py")


def main() -> int:
    """Fuzz all targets, or one; print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--guided", type=int, default=0)
    parser.add_argument("--only", choices=TARGETS)
    asked = parser.parse_args()
    names = [asked.only] if asked.only else list(TARGETS)
    total = sum(TARGETS[name].share for name in names)
    broken = 0
    for name in names:
        lines = asked.lines * TARGETS[name].share // total
        broken += fuzzed(name, lines, asked.seed)
    if asked.guided:
        broken += sum(guided(name, asked.guided) for name in names)
    say(f"{asked.lines} lines, {broken} faults")
    return 1 if broken else 0


def fuzzed(name: str, lines: int, seed: int) -> int:
    """Put damaged lines through a target; how many broke it."""
    target, started, found = TARGETS[name], time.monotonic(), 0
    for line, wrong in findings(name, lines, seed):
        found += 1
        if found <= EACH:
            say(f"{name}: {wrong}\n    {line[:SHOWN]!r}")
    seconds = time.monotonic() - started
    told = f"{lines} lines from {len(target.seeds())} seeds, {found} faults"
    say(f"{name}: {told}, {seconds:.0f} s")
    return found


def findings(name: str, lines: int, seed: int) -> Iterator[tuple[bytes, str]]:
    """The lines that a target does not take as it must, and what is wrong."""
    target = TARGETS[name]
    for line in mutants(target.seeds(), lines, seed):
        started = time.process_time()
        wrong = fault(target, line)
        seconds = time.process_time() - started
        if wrong or seconds > SLOW:
            yield line, wrong or f"took {seconds:.1f} s"


def guided(name: str, lines: int) -> int:
    """Run atheris on a target in a process of its own; 1 if it finds something."""
    if find_spec("atheris") is None:
        say("the part steered by branches needs atheris: pip install atheris")
        return 0
    command = [sys.executable, str(GUIDE), name, str(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    say(f"{name}: {lines} lines steered by atheris, status {done.returncode}")
    if done.returncode:
        say(done.stderr[-2000:])
    return int(done.returncode != 0)


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201  (a command line prints)


if __name__ == "__main__":
    sys.exit(main())
