"""Ways in which mean ranks go wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import mean_rank as sound
from conformance.zoo.transcription.shapes import Outputs


def dense(values: Array, *, ties: str = "ordinal", **given: Any) -> Outputs:  # noqa: ANN401
    """Let equal figures share a rank and leave none out."""
    return sound.answer(values, ties="dense" if ties == "ordinal" else ties, **given)


def sideless(values: Array, *, lower_is_better: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Take lower for better in every criterion."""
    return sound.answer(values, lower_is_better=np.ones(len(lower_is_better), dtype=bool), **given)


def from_zero(values: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Count from 0, as an argsort of an argsort does."""
    return {"ranks": sound.answer(values, **given)["ranks"] - 1}


FAULTS = (
    Fault("mean_rank_dense", "mean_rank", "Ranks ties densely where their order is asked for.",
          ("mean-rank",), dense),
    Fault("mean_rank_sideless", "mean_rank", "Forgets that some criteria are better when higher.",
          ("mean-rank",), sideless),
    Fault("mean_rank_from_zero", "mean_rank", "Counts ranks from 0.", ("mean-rank",), from_zero),
)  # fmt: skip
