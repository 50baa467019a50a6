"""IMTL-L in balls: a smooth map from losses and log-scales to the answer."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    scales: str = "given",
    learning_rate: float = 0.125,
) -> Trace:
    """Weights (T,), value and next log-scales (T,), without decisions.

    ZeroDivisionError at the optimum where a loss is not positive.
    """
    del outcome
    losses, logs = inputs["losses"].entries(), inputs["log_scales"].entries()
    if scales == "optimum":
        if not all(loss > 0 for loss in losses):
            message = "a loss that is not positive has no best scale"
            raise ZeroDivisionError(message)
        logs = [-loss.log() for loss in losses]
        weights = [1 / loss for loss in losses]
        following = logs
    else:
        weights = [log.exp() for log in logs]
        scaled = (weight * loss for weight, loss in zip(weights, losses, strict=True))
        following = [log - learning_rate * (one - 1) for log, one in zip(logs, scaled, strict=True)]
    terms = (w * loss - log for w, loss, log in zip(weights, losses, logs, strict=True))
    value = (sum(terms, arb(0)),)
    outputs = {"weights": tuple(weights), "value": value, "log_scales": tuple(following)}
    return Trace(outputs=outputs)
