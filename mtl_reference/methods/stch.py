"""Smooth Tchebycheff scalarization: a smooth stand-in for the largest of the weighed losses.

[LZYLWZ24] X. Lin, X. Zhang, Z. Yang, F. Liu, Z. Wang, Q. Zhang, Smooth Tchebycheff Scalarization
for Multi-Objective Optimization, 2024, equation (7). From general knowledge of the paper, which was
not re-read.

With x_i = preference_i (L_i - z_i), z the ideal losses, the value is mu log sum_i e^(x_i / mu). It
lies between the largest x_i and mu log T above it. The weights are its derivatives by the losses,
preference_i softmax(x / mu)_i. Both are balls, refined on demand; exact for one task.

*Departures*
1. ``form="log"``: x_i = preference_i log(L_i / z_i), z the nadir, i.e. the losses after a warm-up,
   as LibMTL has it (which also multiplies by T); the weights then hold another factor 1 / L_i.
2. The preference need not lie on the simplex.

*Undefined* in the form "log" where a loss or a reference is not positive.
"""

from typing import Final

from flint import fmpq

from mtl_reference.enclosure import Number
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen
from mtl_reference.pairing import added
from mtl_reference.transcendental import exponential, logarithm, softmax
from mtl_reference.weighting import Values, first, for_each_task, losses_of, positive

FORMS: Final = ("linear", "log")

METHOD = Method(
    id="stch",
    paper="[LZYLWZ24] Lin et al.: Smooth Tchebycheff Scalarization (2024), (7)",
    number_field="balls; Q for one task",
    parameters=(
        Parameter("mu", 1.0, "how smooth: the largest loss alone counts as it falls to 0", 0.0),
        Parameter("form", "linear", "losses less ideal ones, or logarithms of ratios", None, FORMS),
    ),
    inputs=("losses", "preference", "reference_losses"),
    outputs=("weights", "value"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(
    losses: Values,
    *,
    preference: Values,
    reference_losses: Values,
    mu: float = 1.0,
    form: str = "linear",
) -> Answer:
    """Weights (T,) and value from losses, a preference and reference losses (T,).

    ValueError for numbers that are not finite, unequal lengths, a mu <= 0 and an unknown form.

    >>> given = {"preference": ["1/2", "1/2"], "reference_losses": [0, 0]}
    >>> weights([3, 3], **given).outputs["weights"]
    (1/4, 1/4)
    """
    chosen("form", form, FORMS)
    smoothness = positive("mu", mu)
    now = losses_of(losses)
    shares = for_each_task("preference", preference, len(now))
    reference = for_each_task("reference_losses", reference_losses, len(now))
    steps: list[Number] = [loss - ideal for loss, ideal in zip(now, reference, strict=True)]
    slopes = list(shares)
    if form == "log":
        for name, values in (("losses", now), ("reference_losses", reference)):
            task = first(values, fmpq(0))
            if task is not None:
                reason = f"{name}[{task}] is not positive and has no logarithm"
                return Answer(Kind.UNDEFINED, reason=reason)
        steps = [logarithm(loss / nadir) for loss, nadir in zip(now, reference, strict=True)]
        slopes = [share / loss for share, loss in zip(shares, now, strict=True)]
    heights = [share * step for share, step in zip(shares, steps, strict=True)]
    top = max(heights)
    whole = added([exponential((height - top) / smoothness) for height in heights])
    value = top + smoothness * logarithm(whole)
    parts = softmax([height / smoothness for height in heights])
    found = tuple(slope * part for slope, part in zip(slopes, parts, strict=True))
    return Answer(Kind.EXACT, {"weights": found, "value": (value,)})
