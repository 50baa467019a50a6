"""A user's checkout of code that has no package: where it lies, and what of it is run.

The variable MTL_CHECKOUT names its folder; ``mtl-conformance certify NAME@FOLDER`` sets it, and
so does ``--env MTL_CHECKOUT=FOLDER``. Nothing of such code is part of this project.
"""

import hashlib
import os
from pathlib import Path
from types import ModuleType

from conformance.registry import CHECKOUT


def folder(repository: str, wanted: str) -> str:
    """The checkout's folder; FileNotFoundError says what is wanted where."""
    place = os.environ.get(CHECKOUT, "")
    if not (Path(place) / wanted).is_file() or not place:
        found = f"no {wanted} in {place!r}" if place else "it is not set"
        message = (
            f"{CHECKOUT} must name a checkout of {repository}, a folder that holds {wanted} "
            f"({found}): try --env {CHECKOUT}=/path/to/checkout"
        )
        raise FileNotFoundError(message)
    return str(Path(place).resolve())


def version(repository: str, *wanted: str) -> str:
    """The first digits of the sha256 over the files that are run."""
    place = Path(folder(repository, wanted[0]))
    files = [place / name for name in wanted if (place / name).is_file()]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return f"sha256:{digest[:12]}"


def module(file: str) -> ModuleType:
    """A file of a checkout as a module; what lies beside it can be imported by it."""
    import importlib.util
    import sys
    from pathlib import Path

    path = Path(file)
    spec = importlib.util.spec_from_file_location(f"checkout_{path.stem}_{path.parent.name}", path)
    if spec is None or spec.loader is None:
        message = f"{path} is no Python source"
        raise ImportError(message)
    found = importlib.util.module_from_spec(spec)
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(found)
    return found
