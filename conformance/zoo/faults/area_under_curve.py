"""Ways in which the area under the curve goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription.area_under_curve import parted
from conformance.zoo.transcription.shapes import Outputs


def strict(confidences: Array, *, labels: Array) -> Outputs:
    """Count ties as lost."""
    high, low = parted(confidences, labels)  # type: ignore[arg-type]
    return {"figure": np.asarray((high > low).mean())}


def generous(confidences: Array, *, labels: Array) -> Outputs:
    """Count ties as won."""
    high, low = parted(confidences, labels)  # type: ignore[arg-type]
    return {"figure": np.asarray((high >= low).mean())}


def folded(confidences: Array, *, labels: Array) -> Outputs:
    """Give the larger of the area and what it leaves."""
    high, low = parted(confidences, labels)  # type: ignore[arg-type]
    area = float(((high > low).mean() + (high >= low).mean()) / 2)
    return {"figure": np.asarray(max(area, 1 - area))}


FAULTS = (
    Fault("area_under_curve_strict", "area_under_curve", "Counts ties as lost, < for <=.",
          ("metric-definition",), strict),
    Fault("area_under_curve_generous", "area_under_curve", "Counts ties as won, <= for <.",
          ("metric-definition",), generous),
    Fault("area_under_curve_folded", "area_under_curve", "Turns a classifier about that is wrong.",
          ("metric-definition",), folded),
)  # fmt: skip
