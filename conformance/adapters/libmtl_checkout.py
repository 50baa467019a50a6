"""LibMTL's main branch as a backend, from a checkout of median-research-group/LibMTL.

It is driven as the published package is (``conformance.adapters.libmtl``), and documents the same
conventions; it has more weightings, and names some keywords otherwise. Nash-MTL clips its length
to ``max_norm``; Aligned-MTL's weights are for a preference of 1 a task, so its direction is T
times the reference's, which prefers each by 1/T; UPGrad prefers each by 1/T. Only the file of the
weighting in question is imported: others may want packages that are not here.
"""

import os
from collections.abc import Mapping
from typing import Any

from conformance.adapters import checkout
from conformance.adapters.adapter import Adapter, Offer
from conformance.adapters.libmtl import Mixed, offer

REPOSITORY, FILE = "median-research-group/LibMTL", "LibMTL/weighting/abstract_weighting.py"


def _folder() -> str:
    return os.path.join(checkout.folder(REPOSITORY, FILE), "LibMTL")  # noqa: PTH118  (a text)


def _offer(
    name: str,
    arguments: Mapping[str, str | float] | None = None,
    *,
    rep_grad: bool = False,
    **declared: Any,  # noqa: ANN401  (fields of Offer)
) -> Offer:
    return offer(Mixed(name, arguments or {}, rep_grad, _folder), **declared)


_CAGRAD: Mapping[str, str | float] = {"calpha": "c", "rescale": 1}
_WEIGHTS = ("weights",)
_EPSILONS = {"UPGrad_norm_eps": 0.0001, "UPGrad_reg_eps": 0.0001}
_NASH: Mapping[str, str | float] = {
    "update_weights_every": "update_every",
    "optim_niter": 20,
    "max_norm": "max_norm",
}
_GRADVAC: Mapping[str, str | float] = {"GradVac_beta": "beta", "GradVac_group_type": 0}

backend = Adapter(
    "libmtl-checkout",
    REPOSITORY,
    {
        "aligned_mtl": _offer("Aligned_MTL", scale="T"),
        "cagrad": _offer("CAGrad", _CAGRAD, params={"c": 0.5}, scale="1/(1+c**2)"),
        "dwa": _offer("DWA", {"T": "temperature"}, params={"temperature": 2.0}, outputs=_WEIGHTS),
        "fairgrad": _offer("FairGrad", {"FairGrad_alpha": "alpha"}, params={"alpha": 1.0}),
        "geometric_mean": _offer("GLS", outputs=_WEIGHTS),
        "graddrop": _offer(
            "GradDrop", {"leak": "leak"}, rep_grad=True, params={"leak": 0.0}, randomness="seeded"
        ),
        "gradvac": _offer(
            "GradVac",
            _GRADVAC,
            params={"beta": 0.5},
            randomness="seeded",
            stateful=True,
            lacks=("layers",),
        ),
        "imtl": _offer("IMTL", params={"scales": "given"}, choices={"scales": ("given",)}),
        "imtl_g": _offer("IMTL"),
        "mean": _offer("EW"),
        "mgda": _offer("MGDA", {"mgda_gn": "normalization"}, params={"normalization": "none"}),
        "nash_mtl": _offer(
            "Nash_MTL", _NASH, params={"max_norm": 1.0, "update_every": 1}, stateful=True
        ),
        "pcgrad": _offer("PCGrad", randomness="seeded"),
        "random_weighting": _offer(
            "RLW", {"dist": "Normal"}, outputs=_WEIGHTS, randomness="seeded"
        ),
        "uncertainty_weighting": _offer("UW", outputs=_WEIGHTS),
        "uniform": _offer("EW", outputs=_WEIGHTS, scale="1/T"),
        "upgrad": _offer("UPGrad", _EPSILONS),
    },
    version=lambda: checkout.version(REPOSITORY, FILE),
)
