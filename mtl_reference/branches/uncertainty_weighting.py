"""Uncertainty weighting in balls: a smooth map from losses and log-variances to the answer."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool], *, form: str = "regression"
) -> Trace:
    """Weights (T,) and value, without decisions."""
    del outcome
    losses, logs = inputs["losses"].entries(), inputs["log_variances"].entries()
    parts = 2 if form == "regression" else 1
    weights = tuple((-log).exp() / parts for log in logs)
    terms = (w * loss + log / 2 for w, loss, log in zip(weights, losses, logs, strict=True))
    return Trace(outputs={"weights": weights, "value": (sum(terms, arb(0)),)})
