"""Machine-checked proofs: one lemma, one query; each with its hypotheses named and removable.

The files that prove import z3 and sympy; `INDEX`, which tells what is proved, needs neither.
"""

from properties.proofs.index import INDEX, Entry, standing
from properties.proofs.reasons import reason

__all__ = ["INDEX", "Entry", "reason", "standing"]
