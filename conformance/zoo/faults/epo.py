"""Ways in which EPO goes wrong."""

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import epo as sound
from conformance.zoo.transcription.shapes import Outputs


def not_normalised(
    jacobian: Array, *, losses: Array, preference: Array, mode: str, threshold: float
) -> Outputs:
    """Take r l as it is for the parts."""
    return sound.balanced(jacobian, preference * losses, preference, mode, threshold)


def unweighed(
    jacobian: Array, *, losses: Array, preference: Array, mode: str, threshold: float
) -> Outputs:
    """Balance the losses themselves."""
    return sound.balanced(jacobian, losses / losses.sum(), preference, mode, threshold)


def times_tasks(
    jacobian: Array, *, losses: Array, preference: Array, mode: str, threshold: float
) -> Outputs:
    """Multiply the weights by T."""
    outputs = sound.answer(
        jacobian, losses=losses, preference=preference, mode=mode, threshold=threshold
    )
    return {name: array * len(losses) for name, array in outputs.items()}


def never_descending(
    jacobian: Array, *, losses: Array, preference: Array, mode: str, threshold: float
) -> Outputs:
    """Balance whatever the imbalance is."""
    del threshold
    return sound.answer(jacobian, losses=losses, preference=preference, mode=mode, threshold=-1.0)


FAULTS = (
    Fault(
        "epo_not_normalised",
        "epo",
        "Forgets to divide r l by its sum.",
        ("epo-lp",),
        not_normalised,
    ),
    Fault(
        "epo_unweighed",
        "epo",
        "Leaves the preference out of the parts, so that it balances the losses themselves.",
        ("epo-lp",),
        unweighed,
    ),
    Fault(
        "epo_times_tasks",
        "epo",
        "Multiplies the weights by T, as the hypernetwork code does, and declares no scale.",
        ("epo-lp",),
        times_tasks,
    ),
    Fault(
        "epo_never_descending",
        "epo",
        "Never leaves the program that balances.",
        ("accuracy",),
        never_descending,
    ),
)
