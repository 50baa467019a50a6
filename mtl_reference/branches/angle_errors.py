"""Angle errors in balls, its clamps and bounds frozen.

Decisions: "below i", whether the angle of pixel i is below the bound; the value is how much the
inner product exceeds the bound's cosine. Clamping and the middle of the order join continuously.
"""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Decision, Trace


def trace(
    inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool], *, degrees: float = 11.25
) -> Trace:
    """Mean, median and share; ZeroDivisionError where no pixel has a true normal."""
    found, exact = inputs["predicted_normals"], inputs["true_normals"]
    pixels = [i for i in range(exact.nrows()) if _sum(exact, i).mid() != 0]
    if not pixels:
        message = "no pixel has a normal"
        raise ZeroDivisionError(message)
    products = [sum((found[i, k] * exact[i, k] for k in range(3)), arb(0)) for i in pixels]
    cosine = (arb(degrees) * arb.pi() / 180).cos()
    decisions = []
    for pixel, product in zip(pixels, products, strict=True):
        name, value = f"below {pixel}", product - cosine
        decisions.append(Decision(name, value, outcome.get(name, bool(value.mid() > 0))))
    angles = sorted((_angle(product) for product in products), key=lambda ball: float(ball.mid()))
    count = len(angles)
    hits = sum(decision.outcome for decision in decisions)
    outputs = {
        "mean": (sum(angles, arb(0)) / count,),
        "median": ((angles[(count - 1) // 2] + angles[count // 2]) / 2,),
        "within": (arb(hits) / count,),
    }
    return Trace(outputs=outputs, decisions=tuple(decisions))


def _sum(normals: arb_mat, row: int) -> arb:
    return sum((normals[row, k] for k in range(3)), arb(0))


def _angle(product: arb) -> arb:
    """Degrees, with the product clamped where its midpoint is beyond [-1, 1]."""
    if product.mid() >= 1 or product.mid() <= -1:
        return arb(0 if product.mid() >= 1 else 180)
    return product.acos() * 180 / arb.pi()
