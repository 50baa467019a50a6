"""The bundled torch backend: aggregators on the Gramian, and training on the papers' benchmarks."""

__all__: list[str] = []
