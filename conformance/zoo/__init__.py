"""Backends to test the harness with: good ones, and ones that are wrong in one named way each."""

__all__: list[str] = []
