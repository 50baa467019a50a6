"""The methods, one file each: definition, departures, degenerate cases, and the exact answer."""
