"""The methods in balls with their decisions frozen, one file each, for perturbation analysis."""
