"""Hostile backends: each answers mean and PCGrad well until it misbehaves in one named way."""

from conformance.zoo.hostile.table import HOSTILE, Hostile

__all__ = ["HOSTILE", "Hostile"]
