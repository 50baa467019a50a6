"""The models of the papers' experiments, each in its own file."""

__all__: list[str] = []
