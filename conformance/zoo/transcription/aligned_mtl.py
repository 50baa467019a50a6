"""Aligned-MTL in numpy, by one-sided rotations of the rows themselves."""

import numpy as np

from conformance.zoo.programs import ROUNDOFF, Array, common
from conformance.zoo.transcription.shapes import Outputs

SWEEPS = 40


def answer(jacobian: Array) -> Outputs:
    """The rows by sqrt(least) V L^(-1/2) V' 1/T over the positive eigenvalues."""
    scaled, exponent = common(jacobian)
    values, vectors = singular(scaled)
    lengths = np.linalg.norm(scaled, axis=1)
    kept = values > 4 * len(values) * ROUNDOFF * (np.abs(vectors) @ lengths)
    weights = np.zeros(len(jacobian))
    if kept.any():
        ratios = values[kept].min() / values[kept]
        weights = vectors[kept].T @ (ratios * vectors[kept].mean(axis=1))
    return {"direction": np.ldexp(weights @ scaled, exponent), "weights": weights}


def singular(rows: Array) -> tuple[Array, Array]:
    """Singular values of the rows and, as rows, what turns the rows into orthogonal ones."""
    rows, vectors = rows.copy(), np.eye(len(rows))
    for _ in range(SWEEPS):
        turned = False
        for i in range(len(rows)):
            for j in range(i + 1, len(rows)):
                a, b, c = rows[i] @ rows[i], rows[j] @ rows[j], rows[i] @ rows[j]
                if abs(c) > ROUNDOFF * np.sqrt(a * b):
                    ratio = (b - a) / (2 * c)
                    tangent = np.copysign(1.0, ratio) / (abs(ratio) + np.hypot(1.0, ratio))
                    cosine = 1 / np.hypot(1.0, tangent)
                    turn = cosine * np.array([[1.0, -tangent], [tangent, 1.0]])
                    rows[[i, j]] = turn @ rows[[i, j]]
                    vectors[[i, j]] = turn @ vectors[[i, j]]
                    turned = True
        if not turned:
            break
    return np.linalg.norm(rows, axis=1), vectors
