"""The generator of jobs: what it asks of whom, how it shrinks, and what it records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest
import rfc8785
from flint import fmpq

from mtl_reference import METHODS
from properties.checks import PROFILES, Job, jobs, run
from properties.claims import SHEETS
from properties.example import Example, Margin, Observation, Ruling
from properties.generation import draw
from properties.inputs import Setting, examples, pinned
from properties.laws import LAWS
from properties.reference_subject import ReferenceSubject

REFERENCE = ReferenceSubject()


def _description(**changes: object) -> dict[str, dict[str, dict[str, object]]]:
    offers = {
        method.id: {
            "params": {parameter.name: parameter.default for parameter in method.parameters},
            "dtypes": ["float64", "float32"],
            "randomness": "injected" if method.randomness else "none",
            "outputs": list(method.outputs),
            "stateful": method.stateful,
            **changes,
        }
        for method in METHODS.values()
    }
    return {"methods": offers}


def _job(method: str, law: str, **params: float | str) -> Job:
    return Job("suite", "backend", method, law, "float64", params)


@dataclass
class Stand:
    """The reference with one thing about its observations changed."""

    asked: list[Example] = field(default_factory=list)
    last: Ruling = field(default_factory=lambda: Ruling("pass"))

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Observe the reference, changed."""
        self.asked.append(example)
        return self.change(REFERENCE.observe(example, repeat=repeat), repeat)

    def change(self, observation: Observation, repeat: int) -> Observation:
        """Change an observation."""
        del repeat
        return observation

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Judge as the reference does."""
        return REFERENCE.judge(law, example, margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Compare as the reference does."""
        return REFERENCE.accuracy(observation)


class Crooked(Stand):
    """Adds 1 to the first coordinate of the direction wherever a row exceeds 1."""

    def change(self, observation: Observation, repeat: int) -> Observation:
        """Change an observation."""
        del repeat
        if not any(abs(entry) > 1 for row in observation.example.rows for entry in row):
            return observation
        if observation.status != "answered":
            return observation
        first, *rest = observation.outputs["direction"]
        outputs = {**observation.outputs, "direction": (first + 1, *rest)}
        return replace(observation, outputs=outputs)


class Crashing(Stand):
    """Crashes on every input of three tasks."""

    def change(self, observation: Observation, repeat: int) -> Observation:
        """Change an observation."""
        del repeat
        crashed = len(observation.example.rows) == 3
        return replace(observation, outputs={}, status="crash") if crashed else observation


class Forgetful(Crooked):
    """Is wrong, and gives other bits when asked again."""

    def change(self, observation: Observation, repeat: int) -> Observation:
        """Change an observation."""
        raw = {"direction": bytes([repeat])}
        return replace(super().change(observation, repeat), raw=raw)


class Vague(Stand):
    """Leaves every question open."""

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Judge as the reference does."""
        del law, example, margins
        return Ruling("undecided")


def test_the_key_is_the_hash_of_canonical_json() -> None:
    """RFC 8785, over the seven fields of a job and nothing else."""
    job = _job("gradops", "accuracy", alpha=-1.0, fallback="mgda")
    document = {"suite": "suite", "backend": "backend", "method": "gradops", "law": "accuracy",
                "dtype": "float64", "params": {"alpha": -1.0, "fallback": "mgda"},
                "block": 0}  # fmt: skip
    assert job.key == sha256(rfc8785.dumps(document)).hexdigest()
    assert replace(job, profile="standard").key == job.key


def test_the_id_reads_method_law_dtype_params_block() -> None:
    """As the contract writes pytest ids."""
    job = _job("gradops", "accuracy", alpha=0.5, fallback="none")
    assert job.id == "gradops/accuracy/float64-alpha=0.5,fallback=none-0"


def test_jobs_are_made_for_what_is_declared() -> None:
    """One method, one dtype, no task gradients: nothing else is asked."""
    offer = {"params": {}, "dtypes": ["float32"], "outputs": ["direction"]}
    found = list(jobs({"methods": {"gradops": offer}}, suite="s", backend="b"))
    assert {job.dtype for job in found} == {"float32"}
    assert {tuple(job.params) for job in found} == {()}
    assert not any("task_gradients" in LAWS[job.law].needs for job in found)


def test_every_gating_law_on_floats_has_a_job() -> None:
    """No law of kind F is left out for a backend that offers everything."""
    asked = {job.law for job in jobs(_description(), suite="s", backend="b")}
    judged = {law.id for law in LAWS.values() if "F" in law.kinds}
    assert judged <= asked


def test_uncontrolled_orders_are_judged_by_statistics() -> None:
    """Replay and determinism are not asked; the test of orders is."""
    offer = {"randomness": "uncontrolled", "outputs": ["direction", "task_gradients"]}
    found = {job.law for job in jobs({"methods": {"pcgrad": offer}}, suite="s", backend="b")}
    assert {"pcgrad-orders", "accuracy", "shape", "span", "non-conflict"} <= found
    assert not found & {"pcgrad-replay", "deterministic"}


def test_admissible_sets_are_asked_up_to_four_tasks() -> None:
    """Without orders, accuracy is membership, which is told by direction for T <= 4."""
    setting = Setting("pcgrad", "accuracy", {}, injected=False, most_tasks=8)
    drawn = draw(examples(setting), examples=30, number=0)
    assert max(len(example.rows) for example in drawn) == 4
    assert all(example.orders is None for example in drawn)


def test_pairs_of_tasks_need_no_orders() -> None:
    """At T = 2 there is one order: symmetries are asked of uncontrolled backends there."""
    setting = Setting("pcgrad", "permutation", {}, injected=False)
    for example in draw(examples(setting), examples=20, number=0):
        assert len(example.rows) <= 2
        assert example.orders is None


@pytest.mark.parametrize("law", ["accuracy", "non-conflict", "homogeneous"])
def test_the_reference_passes(law: str) -> None:
    """The reference keeps the laws exactly, through the same jobs as a backend."""
    record = run(_job("mgda", law), REFERENCE)
    assert record.verdict == "pass"
    assert record.failure is None
    assert sum(record.counts.values()) >= PROFILES["quick"].examples


def test_a_failure_shrinks_to_a_small_input() -> None:
    """What is left of a failure is one small number where one is enough."""
    record = run(_job("mean", "accuracy"), Crooked())
    assert record.verdict == "fail"
    assert record.failure is not None
    rows = record.failure.example.rows
    assert sum(abs(entry) for row in rows for entry in row) <= 4


def test_shrinking_asks_a_bounded_number_of_times() -> None:
    """Beyond the budget nothing new is asked."""
    subject = Crooked()
    run(_job("mean", "homogeneous"), subject, shrinks=20)
    edges = len(pinned(_job("mean", "homogeneous").setting))
    assert len(subject.asked) <= 2 * (PROFILES["quick"].examples + edges + 20 + 2)


def test_the_same_seed_asks_the_same() -> None:
    """A job is a function of its key and the seed; another seed asks something else."""
    first, second, third = Stand(), Stand(), Stand()
    for subject, seed in ((first, 0), (second, 0), (third, 1)):
        run(_job("mean", "permutation"), subject, seed=seed)
    assert first.asked == second.asked != third.asked


def test_a_crash_is_recorded_and_not_shrunk() -> None:
    """Crashes count as met, and the job goes on."""
    subject = Crashing()
    record = run(_job("mean", "accuracy"), subject)
    assert record.verdict == "crash"
    assert record.counts["crash"] > 1
    assert record.counts["pass"] > 1
    assert len(subject.asked) == sum(record.counts.values())


def test_another_reply_on_replay_is_a_failure_of_deterministic() -> None:
    """Both replies are kept."""
    record = run(_job("mean", "accuracy"), Forgetful())
    assert record.failure is not None
    assert record.failure.law == "deterministic"
    assert len(record.failure.observations) == 2


def test_too_many_undecided_fail_as_too_weak() -> None:
    """A job that says nothing does not pass."""
    record = run(_job("mean", "homogeneous"), Vague())
    assert record.verdict == "fail"
    assert "too weak" in record.message


def test_a_wrong_shape_is_a_failure_of_any_law() -> None:
    """A direction of another width is told, not compared."""

    class Short(Stand):
        def change(self, observation: Observation, repeat: int) -> Observation:
            """Change an observation."""
            del repeat
            return replace(observation, outputs={"direction": (fmpq(1),) * 9})

    record = run(_job("mean", "span"), Short())
    assert record.verdict == "fail"
    assert "direction must have shape" in record.message


def test_edge_cases_come_first() -> None:
    """The pinned inputs of accuracy hold each family, in the first block only."""
    asked = pinned(Setting("gradops", "accuracy", SHEETS["gradops"].grid[0]))
    assert pinned(Setting("mean", "orthogonal", {}))[0].extra["matrix"]
    assert {"self_opposing", "zero_row", "near_tie"} <= {e.extra["family"] for e in asked}
    later = Stand()
    run(replace(_job("mean", "accuracy"), block=1), later)
    assert len(later.asked) <= PROFILES["quick"].examples


def test_params_that_are_not_declared_are_not_sent() -> None:
    """A backend without fallback is asked for each alpha once."""
    offer: Mapping[str, object] = {"params": {"alpha": 0.0}, "outputs": ["direction"]}
    found = jobs({"methods": {"gradops": offer}}, suite="s", backend="b", laws=["accuracy"],
                 dtypes=["float64"])  # fmt: skip
    asked = [tuple(job.params.items()) for job in found if job.block == 0]
    assert asked == [(("alpha", alpha),) for alpha in (0.0, -1.0, -2.0, 1.0, 0.5)]


def test_the_range_of_scales_is_told() -> None:
    """A law that does not gate is never shrunk, and says at which scales it holds."""

    class Flushing(Stand):
        def change(self, observation: Observation, repeat: int) -> Observation:
            """Flush small directions to zero."""
            del repeat
            rows = observation.example.rows
            if max(abs(entry) for row in rows for entry in row) > 2.0**-30:
                return observation
            zero = (fmpq(0),) * len(rows[0])
            return replace(observation, outputs={"direction": zero})

    subject = Flushing()
    record = run(replace(_job("mean", "homogeneous-range"), profile="standard"), subject)
    assert record.verdict == "fail"
    assert "holds at" in record.message
    assert "breaks at" in record.message
    assert len(subject.asked) <= 2 * sum(record.counts.values()) + 2


def test_a_weak_job_draws_again() -> None:
    """A few undecided by chance do not condemn: more is asked, a fixed number of times."""

    class Hesitant(Vague):
        """Leaves the first examples open, and no others."""

        def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
            """Rule after six observations."""
            if len(self.asked) <= 6:
                return Ruling("undecided")
            return REFERENCE.judge(law, example, margins)

    record = run(replace(_job("mean", "permutation"), block=1), Hesitant())
    assert record.verdict == "pass"
    assert sum(record.counts.values()) > PROFILES["quick"].examples
