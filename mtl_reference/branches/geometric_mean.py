"""The geometric mean in balls: a smooth map from the losses to the answer."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool]) -> Trace:
    """Weights (T,) and value, without decisions; ZeroDivisionError off the positive losses."""
    del outcome
    losses = inputs["losses"].entries()
    if len(losses) == 1:
        return Trace(outputs={"weights": (arb(1),), "value": (losses[0],)})
    if not all(loss > 0 for loss in losses):
        message = "losses that are not all positive have no geometric mean with a derivative"
        raise ZeroDivisionError(message)
    mean = (sum((loss.log() for loss in losses), arb(0)) / len(losses)).exp()
    weights = tuple(mean / (len(losses) * loss) for loss in losses)
    return Trace(outputs={"weights": weights, "value": (mean,)})
