"""Why a claim that holds is searched and not proved: one line for each law."""

from collections.abc import Mapping
from types import MappingProxyType

PROGRAM = "a law of programs (types, memory, errors), no statement about the definition"
RECORD = "compares an answer with the definition itself: every case is checked by its certificate"
DEFINITION = "the definition, told another way: the search compares two computations of it"
DRAWS = "a law of random draws: tested statistically, on backends"
REASONS: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("shape", "deterministic", "invalid-input", "reset"), PROGRAM),
    **dict.fromkeys(("accuracy", "sequence", "metric-definition"), RECORD),
    **dict.fromkeys(
        ("cagrad-fast", "fairgrad-fixed-point", "static-sum", "krum-choice", "gradnorm-force",
         "gradnorm-lengths", "gradvac-layers", "rlw-replay", "recon-select", "conflict-histogram",
         "delta-m", "mean-rank"), DEFINITION),
    **dict.fromkeys(("graddrop-draws", "pcgrad-orders", "rlw-normals"), DRAWS),
    "single-task": "one case of the method's own equation, or of its draw",
    "epo-lp": "its right-hand sides hold logarithms; the optimum of each case is proved by duality"
    " in balls",
    "peltr-bounds": "two steps, a system and a projection, whose result has no conditions of its"
    " own but the steps themselves",
    "peltr-optimal": "a parabola on a segment, with the cases of the two steps: not written down",
    "rotograd-rotation": "the best rotation of each case is proved in balls (rotation.py); a proof"
    " for every size needs the singular values",
})  # fmt: skip


def reason(law: str) -> str:
    """Why a claim under a law is searched only; the law's own line, or what is missing."""
    return REASONS.get(law, "no proof is known here")
