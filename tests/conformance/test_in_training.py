"""Training captured as cases: planned once for each setting, judged by accuracy alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conformance import in_training
from conformance.in_training import LAW, CaptureError, Training
from conformance.reply import Reply, Status
from conformance.subject import BackendSubject
from properties.checks import Job

ROWS = ((1.0, 0.0), (-0.5, 1.0))
TRAINING = Training("made", {0: ROWS, 7: ROWS}, "ab")


def described() -> dict[str, Any]:
    """A description of a backend that offers the mean."""
    mean: dict[str, Any] = {
        "params": {},
        "dtypes": ["float32", "bfloat16"],
        "scale": "1",
        "randomness": "none",
    }
    mean |= {"stateful": False, "outputs": ["direction"], "accuracy": None}
    return {"name": "made", "methods": {"mean": mean}}


def planned(laws: tuple[str, ...] | None = None) -> list[Job]:
    """The jobs in training of a made backend."""
    found = in_training.planned(
        TRAINING, described(), laws=laws, suite="s", backend="b", profile="quick"
    )
    return list(found)


class Answering:
    """A stand-in for a supervisor that answers one direction."""

    def __init__(self, direction: tuple[float, ...]) -> None:
        self.direction = np.array(direction, np.float32)

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, Any],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> Reply:
        """Reply with the direction."""
        del method, inputs, params, random, seed
        return Reply(Status.OK, {"direction": self.direction}, {"direction": "float32"})


def test_each_step_is_one_job_for_each_setting() -> None:
    """Blocks of accuracy are not repeated, and dtypes that cannot hold the rows are left out."""
    jobs = planned()
    assert [(job.law, job.dtype, job.block) for job in jobs] == [
        (LAW, "float32", 0),
        (LAW, "float32", 7),
    ]
    assert len({job.key for job in jobs}) == 2


@pytest.mark.parametrize(("laws", "count"), [(("accuracy",), 0), ((LAW,), 2), (None, 2)])
def test_the_law_is_selected_by_its_name(laws: tuple[str, ...] | None, count: int) -> None:
    """``--laws`` without in-training asks nothing of the training."""
    assert len(planned(laws)) == count


@pytest.mark.parametrize(("direction", "verdict"), [((0.25, 0.5), "pass"), ((0.5, 1.0), "fail")])
def test_a_step_is_judged_by_accuracy(direction: tuple[float, ...], verdict: str) -> None:
    """The mean passes; the sum where the mean was asked for fails, and the case is kept."""
    subject = BackendSubject(Answering(direction), described(), "float32")
    record = in_training.judged(planned()[0], subject, TRAINING.steps)
    assert record.verdict == verdict
    assert (record.failure is not None) == (verdict == "fail")


def test_what_was_captured_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resumed run judges the very same numbers and trains no second time."""
    monkeypatch.setattr(in_training, "_run", lambda _: pytest.fail("trained again"))
    name = f"made-quick-0-{in_training.FILE}"
    np.savez(tmp_path / name, allow_pickle=False, **{"20": np.array(ROWS), "3": np.array(ROWS)})
    found = in_training.captured("made", "quick", tmp_path)
    assert list(found.steps.items()) == [(3, ROWS), (20, ROWS)]


def test_a_training_that_fails_is_told(tmp_path: Path) -> None:
    """A benchmark that there is not: the child's sentence, no traceback, nothing left behind."""
    with pytest.raises(CaptureError, match="benchmark"):
        in_training.captured("multi-nothing", "quick", tmp_path)
    assert list(tmp_path.iterdir()) == []
