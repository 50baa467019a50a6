"""Ways in which angle errors go wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import angle_errors as sound
from conformance.zoo.transcription.shapes import Outputs


def by_batches(predicted_normals: Array, *, true_normals: Array, degrees: float = 11.25) -> Outputs:
    """Average the figures of batches of two pixels."""
    found = sound.angles(predicted_normals, true_normals)
    batches = [found[place : place + 2] for place in range(0, len(found), 2)]
    return {
        "mean": np.asarray(np.mean([batch.mean() for batch in batches])),
        "median": np.asarray(np.mean([np.median(batch) for batch in batches])),
        "within": np.asarray(np.mean([(batch < degrees).mean() for batch in batches])),
    }


def lower_middle(
    predicted_normals: Array, *, true_normals: Array, degrees: float = 11.25
) -> Outputs:
    """Take the lower of the middle two, as torch.median does."""
    found = sound.answer(predicted_normals, true_normals=true_normals, degrees=degrees)
    angles = np.sort(sound.angles(predicted_normals, true_normals))
    return {**found, "median": np.asarray(angles[(len(angles) - 1) // 2])}


def unmasked(predicted_normals: Array, *, true_normals: Array, degrees: float = 11.25) -> Outputs:
    """Give a pixel without a normal the angle of a product of 0."""
    sound.angles(predicted_normals, true_normals)  # refuses what is undefined
    products = np.clip((predicted_normals * true_normals).sum(axis=1), -1, 1)
    found = np.degrees(np.arccos(products))
    return {
        "mean": np.asarray(found.mean()),
        "median": np.asarray(np.median(found)),
        "within": np.asarray((found < degrees).mean()),
    }


FAULTS = (
    Fault("angle_errors_by_batches", "angle_errors", "Averages each batch and then the batches, as"
          " the released code does.", ("metric-definition",), by_batches),
    Fault("angle_errors_lower_middle", "angle_errors", "Takes the lower of the middle two angles.",
          ("metric-definition",), lower_middle),
    Fault("angle_errors_unmasked", "angle_errors", "Counts pixels without a normal as 90 degrees.",
          ("metric-definition",), unmasked),
)  # fmt: skip
