"""What a run depends on beside the backend: the suite's own digest, and the environment."""

import hashlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata, util
from pathlib import Path

DISTRIBUTION = "mtl-reference"
ROOMS = ("conformance", "mtl_reference", "properties")
SUFFIXES = (".json", ".py", ".toml")  # what a verdict may depend on
ENGINE = ("python-flint",)
PLACES, SEVERAL = ("device", "os"), ("cpu",)  # of the environment; what is neither has a version
LIBRARIES = ("conflictfree", "hypothesis", "numpy", "torch", "torchjd")


@cache
def digest() -> str:
    """The sha256 over the sources and the data of the three rooms, sorted by name."""
    total = hashlib.sha256()
    for name, path in sorted(_sources()):
        total.update(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n".encode())
    return f"sha256:{total.hexdigest()}"


def _sources() -> Iterator[tuple[str, Path]]:
    """Name and path of every source and every file of data; nothing is imported to find them."""
    for room in ROOMS:
        spec = util.find_spec(room)
        for place in spec.submodule_search_locations or () if spec else ():
            for path in Path(place).rglob("*"):
                if path.suffix in SUFFIXES and not _hidden(path.relative_to(place)):
                    yield f"{room}/{path.relative_to(place).as_posix()}", path


def _hidden(path: Path) -> bool:
    """Whether a path lies in what tools leave behind."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def identity() -> dict[str, str]:
    """Version and digest of the suite."""
    return {"version": metadata.version(DISTRIBUTION), "digest": digest()}


def engine() -> dict[str, str]:
    """The libraries that the reference computes with."""
    return _versions(ENGINE)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Where the run takes place: interpreter, system, processor, device, libraries."""
    return {
        "python": platform.python_version(),
        "os": sys.platform,
        "cpu": _processor(),
        "device": variables.get("MTL_DEVICE", os.environ.get("MTL_DEVICE", "cpu")),
        **_versions(LIBRARIES),
    }


def fixed(environment: Mapping[str, str]) -> dict[str, str]:
    """What is the same wherever one run takes place, in words: all but the processor."""
    named = {name: name if name in PLACES else f"version of {name}" for name in environment}
    return {named[name]: environment[name] for name in environment if name not in SEVERAL}


def together(environments: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Several environments as one: what differs is told side by side, sorted."""
    names = {name: None for each in environments for name in each}
    values = {name: {each[name] for each in environments if name in each} for name in names}
    return {name: " | ".join(sorted(values[name])) for name in names}


def _versions(names: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    """The processor's name, where the system tells it."""
    path = Path("/proc/cpuinfo")
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
