"""Machine-checked proofs: one lemma, one query; each with its hypotheses named and removable."""

from properties.proofs.theorem import Finding, Lemma, Outcome, Theorem
from properties.proofs.theorems import THEOREMS

__all__ = ["THEOREMS", "Finding", "Lemma", "Outcome", "Theorem"]
