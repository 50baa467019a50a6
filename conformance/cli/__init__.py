"""The command line ``mtl-conformance``: one file for each command, and the plumbing between."""

from conformance.cli.entry import main

__all__ = ["main"]
