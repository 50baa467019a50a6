"""The backends that bear a name: bundled ones, published libraries, and users' checkouts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

CHECKOUT: Final = "MTL_CHECKOUT"  # the variable that tells an adapter where a checkout lies


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """A registered backend: target, what it is, the modules that are its artifact.

    ``library`` is the distribution that it adapts, ``extra`` what has to be installed. For code
    without a package: ``repository``, and the ``files`` of a checkout that are run (patterns; the
    first must be there). ``needs`` is a module that a bundled backend imports, beyond what this
    distribution always has.
    """

    target: str
    meaning: str
    sources: tuple[str, ...]
    library: str | None = None
    extra: str | None = None
    repository: str | None = None
    files: tuple[str, ...] = ()
    needs: str | None = None


def _adapter(module: str, library: str, meaning: str, *others: str) -> Entry:
    """The entry of a published library."""
    return Entry(
        f"conformance.adapters.{module}:backend",
        f"the published library {meaning}",
        _adapting(module, *others),
        library=library,
        extra="peers",
    )


def _checkout(module: str, repository: str, *files: str, others: tuple[str, ...] = ()) -> Entry:
    """The entry of code that a user has checked out."""
    return Entry(
        f"conformance.adapters.{module}:backend",
        f"a checkout of {repository}, named as NAME@FOLDER",
        _adapting(module, "checkout", *others),
        extra="peers",
        repository=repository,
        files=files,
    )


def _adapting(*modules: str) -> tuple[str, ...]:
    """An adapter's own module and what it is made of."""
    return tuple(f"conformance.adapters.{name}" for name in (*modules, "adapter", "tensors"))


BACKENDS: Mapping[str, Entry] = {
    "cagrad-official": _checkout(
        "cagrad_official",
        "Cranial-XIX/CAGrad",
        "nyuv2/utils.py",
        "cityscapes/utils.py",
        "*/min_norm_solvers.py",
    ),
    "conflictfree": _adapter("conflictfree", "conflictfree", "conflictfree"),
    "golden-pendulum": _adapter("golden_pendulum", "golden-pendulum-mtl", "golden-pendulum-mtl"),
    "gradnorm-pytorch": _adapter("gradnorm_pytorch", "gradnorm-pytorch", "gradnorm-pytorch"),
    "libmtl": _adapter("libmtl", "LibMTL", "LibMTL"),
    "libmtl-checkout": _checkout(
        "libmtl_checkout",
        "median-research-group/LibMTL",
        "LibMTL/weighting/abstract_weighting.py",
        "LibMTL/weighting/*.py",
        others=("libmtl",),
    ),
    "min-norm-solver": _checkout(
        "min_norm_solver",
        "isl-org/MultiObjectiveOptimization",
        "multi_task/min_norm_solvers.py",
    ),
    "nash-mtl": _checkout(
        "nash_mtl_official",
        "AvivNavon/nash-mtl",
        "methods/weight_methods.py",
        "methods/min_norm_solvers.py",
    ),
    "numpy": Entry(
        "conformance.zoo.transcription:backend",
        "a plain transcription of the papers in numpy, float64",
        ("conformance.zoo.transcription", "conformance.zoo.programs", "conformance.bundled"),
    ),
    "pytorch-pcgrad": _checkout("pytorch_pcgrad", "WeiChengTseng/Pytorch-PCGrad", "pcgrad.py"),
    "reference": Entry(
        "conformance.zoo.reference:backend",
        "the exact reference, correctly rounded",
        ("conformance.zoo.reference", "conformance.zoo.members", "mtl_reference"),
    ),
    "rotograd": _adapter("rotograd", "rotograd", "rotograd"),
    "torch": Entry(
        "conformance.torch_runner.backend:backend",
        "the bundled torch runner",
        ("conformance.torch_runner",),
        extra="torch",
        needs="torch",
    ),
    "torchjd": _adapter("torchjd", "torchjd", "TorchJD"),
}
