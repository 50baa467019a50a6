"""Ways in which Delta m goes wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import delta_m as sound
from conformance.zoo.transcription.shapes import Outputs


def flat(values: Array, *, convention: str = "flat-drop", **given: Any) -> Outputs:  # noqa: ANN401
    """Average over all criteria, whatever their tasks."""
    found = sound.answer(values, **given)["delta"]
    return {"delta": found if convention == "flat-drop" else -found}


def sideless(values: Array, *, lower_is_better: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Take higher for better in every criterion."""
    none = np.zeros(len(lower_is_better), dtype=bool)
    return sound.answer(values, lower_is_better=none, **given)


def per_cent(values: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Multiply by 100."""
    return {"delta": 100 * sound.answer(values, **given)["delta"]}


def by_method(values: Array, *, baseline: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Divide by the method's own figure."""
    if not values.all():
        return sound.answer(values, baseline=baseline, **given)
    return {"delta": -sound.answer(baseline, baseline=values, **given)["delta"]}


FAULTS = (
    Fault("delta_m_flat", "delta_m", "Averages over criteria where it should by task.",
          ("delta-m",), flat),
    Fault("delta_m_sideless", "delta_m", "Forgets that some criteria are better when lower.",
          ("delta-m",), sideless),
    Fault("delta_m_per_cent", "delta_m", "Gives per cent and does not declare the scale.",
          ("delta-m",), per_cent),
    Fault("delta_m_by_method", "delta_m", "Divides by the method's figure, not the baseline's.",
          ("delta-m",), by_method),
)  # fmt: skip
