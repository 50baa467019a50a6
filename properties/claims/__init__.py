"""The claims: which law holds of which method, when, and by which source or counterexample.

A claim that holds is searched for failures on the exact reference; one that fails carries its
smallest known counterexample, which must fail. Laws outside a method's domain have a row that says
so. `CLAIMS` is complete: every law has at least one row for every method.
"""

from properties.claims.claim import STATUSES, Claim, Params
from properties.claims.table import CLAIMS, SHEETS, Sheet, claims_of, holding

__all__ = ["CLAIMS", "SHEETS", "STATUSES", "Claim", "Params", "Sheet", "claims_of", "holding"]
