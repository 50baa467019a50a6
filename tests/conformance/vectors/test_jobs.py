"""Vectors as jobs: planned in blocks, judged by the file alone, told as any other verdict."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from conformance import failures, vectors, verdict
from conformance.backend import BackendSpec
from conformance.bundled import Bundled
from conformance.case import example_of
from conformance.reply import Reply, Status
from conformance.schemas import validator
from conformance.subject import BackendSubject
from conformance.vectors import BEYOND, LAW
from conformance.vectors.jobs import BLOCK
from conformance.worker import lines_of
from conformance.zoo import faults
from conformance.zoo.transcription import backend as numpy
from properties.checks import Job

SPEC = BackendSpec("made", ("made",), "pkg:generic/made", "", ())


class Here:
    """A stand-in for a supervisor: a bundled backend in this process."""

    def __init__(self, backend: Bundled) -> None:
        self.backend = backend

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, Any],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> Reply:
        """Reply as the host would."""
        try:
            outputs = self.backend.evaluate(method, inputs, params, random, seed)
        except (ValueError, TypeError) as error:
            return Reply(Status.REFUSED, message=str(error))
        except NotImplementedError as error:
            return Reply(Status.UNSUPPORTED, message=str(error))
        return Reply(Status.OK, outputs, outputs.dtypes)


def subject(backend: Bundled, **declared: object) -> BackendSubject:
    """A backend as a subject in float64, perhaps with a description of another kind."""
    told = backend.describe()
    told["methods"] = {name: each | declared for name, each in told["methods"].items()}
    return BackendSubject(Here(backend), told, "float64")  # type: ignore[arg-type]  # no sessions


def planned(of: BackendSubject, method: str, law: str = LAW) -> list[Job]:
    """The jobs of vectors of one method in float64."""
    return list(vectors.planned(of.description, suite="s", backend="b", methods=[method],
                                laws=[law], dtypes=["float64"]))  # fmt: skip


def test_a_block_is_a_job_and_a_vector_is_a_test() -> None:
    """Every vector is in one block; each has the name method/vector/ID."""
    jobs = planned(subject(numpy), "pcgrad")
    names = [alone.id for job in jobs for alone in vectors.apart(job)]
    assert len(names) == len(set(names)) > 40
    assert len({job.key for job in jobs}) == len(jobs) == -(-len(names) // BLOCK)
    alone = next(vectors.apart(jobs[0]))
    assert alone.id == f"pcgrad/vector/{alone.params['vector']}" == names[0]
    assert len(vectors.judged(alone, subject(numpy)).records) == 1


def test_a_sound_backend_passes() -> None:
    """The transcription of PCGrad passes every block, with a scaled error for the grade."""
    records = [vectors.judged(job, subject(numpy)) for job in planned(subject(numpy), "pcgrad")]
    assert {record.verdict for record in records} == {"pass"}
    assert all(each.ruling.scaled_error is not None for each in records[0].records)


def test_a_wrong_answer_fails_and_is_kept() -> None:
    """A fault's first failure becomes a case that validates and names its vector."""
    wrong = subject(faults.Faulty(faults.FAULTS["pcgrad_self_projection"]))
    record = vectors.judged(planned(wrong, "pcgrad")[0], wrong)
    found = failures.of_record(record, SPEC, wrong.description)
    assert record.verdict == "fail"
    assert found is not None
    assert list(validator("case").iter_errors(found.case)) == []
    example = example_of(found.case)
    assert vectors.reexamined(example, "float64", wrong)[0].verdict == "fail"
    assert vectors.reexamined(example, "float64", subject(numpy))[0].verdict == "pass"


def test_lines_keep_the_schema_of_results() -> None:
    """A block leaves one line a vector and one for the job."""
    record = vectors.judged(planned(subject(numpy), "mean")[0], subject(numpy))
    lines = lines_of(record, None)
    assert len(lines) == len(record.records) + 1
    assert all(not list(validator("results").iter_errors(line)) for line in lines)


def test_what_is_beyond_informs() -> None:
    """Invalid input is its own law: refused is a pass, nothing of it is graded or gates."""
    (job,) = planned(subject(numpy), "mgda", BEYOND)
    record = vectors.judged(job, subject(numpy))
    assert any("nan" in repr(each.example) for each in record.records)
    assert {each.ruling.scaled_error for each in record.records} == {None}
    assert not verdict.gates(BEYOND)
    assert verdict.gates(LAW)


def test_a_finite_answer_to_nan_is_told() -> None:
    """A backend that answers whatever it is given fails what informs."""

    class Blind(Here):
        """Answers with zeros."""

        def evaluate(
            self, method: str, inputs: Mapping[str, np.ndarray], *_: object, **__: object
        ) -> Reply:
            """Reply with what nothing asked for."""
            del method
            width = inputs["jacobian"].shape[-1]
            return Reply(Status.OK, {"direction": np.zeros(width)}, {"direction": "float64"})

    blind = replace(subject(numpy), supervisor=Blind(numpy))  # type: ignore[arg-type]  # no sessions
    (job,) = planned(blind, "sum", BEYOND)
    assert vectors.judged(job, blind).counts["fail"] >= 3


def test_a_second_output_of_another_shape_fails() -> None:
    """Task gradients that are given must be as many as there are tasks, however right the sum."""

    class Short(Here):
        """Leaves one task's gradient out."""

        def evaluate(self, *asked: Any, **beside: Any) -> Reply:  # noqa: ANN401  (passed on)
            """Reply with one row too few."""
            reply = super().evaluate(*asked, **beside)
            rows = {name: found[1:] if name == "task_gradients" else found
                    for name, found in reply.outputs.items()}  # fmt: skip
            return replace(reply, outputs=rows)

    short = replace(subject(numpy), supervisor=Short(numpy))  # type: ignore[arg-type]  # no sessions
    record = vectors.judged(planned(short, "pcgrad")[0], short)
    assert record.verdict == "fail"
    assert "task_gradients" in record.message


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"stateful": False}, "the backend keeps no state"),
        ({"params": {}}, "the backend does not offer beta"),
    ],
)
def test_what_is_not_offered_is_skipped(declared: dict[str, Any], said: str) -> None:
    """A vector that a backend cannot take is skipped, and says why."""
    poor = subject(numpy, **declared)
    messages = [each.ruling.message for job in planned(poor, "gradvac")
                for each in vectors.judged(job, poor).records
                if each.verdict == "skipped"]  # fmt: skip
    assert any(said in message for message in messages)


def test_orders_of_ones_own_are_judged_by_membership() -> None:
    """A backend that draws its orders is judged by what some order gives; many tasks are left."""
    fault = faults.Faulty(faults.FAULTS["pcgrad_fixed_order"])
    own = subject(fault)
    counts = [vectors.judged(job, own).counts for job in planned(own, "pcgrad")]
    assert sum(each.get("pass", 0) for each in counts) > 10
    assert sum(each.get("fail", 0) for each in counts) == 0
    wrong = subject(fault, scale="T")
    assert any(vectors.judged(job, wrong).verdict == "fail" for job in planned(wrong, "pcgrad"))
