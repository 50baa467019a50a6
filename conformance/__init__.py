"""How near a backend comes: protocol, supervision, tolerance, verdicts, certificates, reports."""
