"""Recon's Algorithm 1 on a benchmark: score, select, convert, train again from scratch.

[RECON] Shi et al., 2023. The plain network is trained first; its layers are scored over the first
epochs of that training, and the histogram of cosines is taken over all of it. Then the converted
network is trained with the same settings and the same seed, and its histogram is taken too.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from conformance.torch_runner import train
from conformance.torch_runner.benchmarks import BENCHMARKS
from conformance.torch_runner.checkpoint import Run
from conformance.torch_runner.recon.recorder import ConflictRecorder
from mtl_reference.recon import ranking, selection

QUARTER = 4
"""The part of the epochs that are scored, unless it is said: the first 25 %, as in the paper."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the layers and their scores, histograms, reduction, accuracies.

    ``before`` and ``after`` are the fractions of pairs of whole shared gradients whose cosine lies
    in [1, e0], (e0, e1], ..., (e_last, -1]. ``reduction`` is in per cent, of the mass beyond the
    second edge; None where none lay there. Parameters are counts.
    """

    benchmark: str
    method: str
    recipe: str
    severity: float
    layers: tuple[str, ...]
    scores: tuple[int, ...]
    turned: tuple[str, ...]
    edges: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    reduction: float | None
    parameters: tuple[int, int]
    accuracy_before: Mapping[str, float]
    accuracy_after: Mapping[str, float]


def run(
    benchmark: str,
    method: str,
    params: Mapping[str, Any],
    *,
    k: int,
    severity: float = 0.0,
    scored: int | None = None,
    out: Path,
    progress: Callable[[str, train.Progress], None] | None = None,
    **settings: Any,  # noqa: ANN401  (those of `train.run`)
) -> Outcome:
    """Run Algorithm 1, with results in OUT/plain, OUT/recon and OUT/recon.json.

    ``k`` layers are turned; ``scored`` epochs are scored (default: the first quarter); what else
    is given goes to `train.run`. ValueError for more layers than there are, DataError where the
    data is missing.
    """
    watch = _Watch(severity, scored)
    told = None if progress is None else _named(progress, "plain")
    plain = train.run(
        benchmark, method, params, out=out / "plain", observe=watch, progress=told, **settings
    )
    layers, scores = watch.recorder.layers, watch.scores.tolist()
    turned = tuple(layers[place] for place in sorted(selection(scores, k)))
    again = _Watch(severity, 0)
    told = None if progress is None else _named(progress, "Recon")
    converted = train.run(
        benchmark, method, params, turned=turned, out=out / "recon", observe=again,
        progress=told, **settings,
    )  # fmt: skip
    outcome = Outcome(
        benchmark, method, watch.recipe, severity,
        tuple(layers[place] for place in ranking(scores)),
        tuple(scores[place] for place in ranking(scores)),
        turned, tuple(watch.recorder.edges),
        tuple(watch.recorder.shares()), tuple(again.recorder.shares()),
        _reduction(watch.recorder.histogram, again.recorder.histogram),
        (watch.parameters, again.parameters),
        plain[-1]["test_accuracy"], converted[-1]["test_accuracy"],
    )  # fmt: skip
    (out / "recon.json").write_text(json.dumps(asdict(outcome), indent=2) + "\n")
    return outcome


def _named(
    progress: Callable[[str, train.Progress], None], phase: str
) -> Callable[[train.Progress], None]:
    def told(at: train.Progress) -> None:
        progress(phase, at)

    return told


def _reduction(before: Tensor, after: Tensor) -> float | None:
    """100 (J - M) / J in per cent, of the shares beyond the second edge."""
    masses = [int(each[2:].sum()) / max(int(each.sum()), 1) for each in (before, after)]
    return None if not masses[0] else 100 * (masses[0] - masses[1]) / masses[0]


class _Watch:
    """Records every step; scores only those of the first epochs."""

    recorder: ConflictRecorder
    scores: Tensor

    def __init__(self, severity: float, scored: int | None) -> None:
        self.severity, self.scored = severity, scored
        self.recipe, self.parameters = "", 0

    def __call__(self, state: Run, step: train.Step) -> None:
        """See one step."""
        if not self.parameters:
            self._begin(state)
        self.recorder.record(step.jacobian)
        epochs = state.settings.epochs
        scored = max(1, epochs // QUARTER) if self.scored is None else self.scored
        if state.epoch < scored:
            self.scores = self.recorder.scores.clone()

    def _begin(self, state: Run) -> None:
        edges = BENCHMARKS[state.settings.benchmark].edges
        shared = state.shared()
        self.recorder = ConflictRecorder(state.plain, shared, severity=self.severity, edges=edges)
        self.scores = self.recorder.scores.clone()
        self.recipe = state.settings.recipe
        self.parameters = sum(each.numel() for each in state.model.parameters())
