"""Adapters to published libraries: one library, one file, imported when it is called."""

__all__: list[str] = []
