"""What a run depends on beside the backend: the suite's own digest, and the environment."""

import hashlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata, util
from pathlib import Path

DISTRIBUTION = "mtl-reference"
ROOMS = ("conformance", "mtl_reference", "properties")
ENGINE = ("python-flint",)
LIBRARIES = ("conflictfree", "hypothesis", "numpy", "torch", "torchjd")


@cache
def digest() -> str:
    """The sha256 over the sources of the three rooms, sorted by name."""
    total = hashlib.sha256()
    for name, path in sorted(_sources()):
        total.update(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n".encode())
    return f"sha256:{total.hexdigest()}"


def _sources() -> Iterator[tuple[str, Path]]:
    """Name and path of every source; nothing is imported to find them."""
    for room in ROOMS:
        spec = util.find_spec(room)
        for place in spec.submodule_search_locations or () if spec else ():
            for path in Path(place).rglob("*.py"):
                yield f"{room}/{path.relative_to(place).as_posix()}", path


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
