"""The power of the laws of states: a leak, a step too many, and a state never begun anew."""

from dataclasses import dataclass, field, replace
from typing import cast

import pytest
from hypothesis.errors import HypothesisException

from mtl_reference.enclosure import Vector
from mtl_reference.vectors import rounded64
from properties.checks import Job, run
from properties.claims import SHEETS
from properties.example import Example, Margin, Observation, Ruling, Session, Step
from properties.generation import draw
from properties.inputs import Setting, examples
from properties.question import answer, state_before
from properties.reference_subject import ReferenceSession, ReferenceSubject
from properties.test_sequences import run as run_machine

REFERENCE = ReferenceSubject()


@dataclass
class Faulty:
    """The reference as a subject with sessions, to be made wrong in one way."""

    kept: dict[int, ReferenceSession] = field(default_factory=dict)

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Take the steps in a session, as a backend does, and return the last answer."""
        del repeat
        session = self.session(example)
        seen = [session.step(step) for step in example.steps]
        bits = repr(rounded64(cast("Vector", seen[-1].outputs["weights"]))).encode()
        return replace(seen[-1], example=example, raw={"weights": bits})

    def session(self, example: Example) -> Session:
        """A session of the reference."""
        return REFERENCE.session(example)

    def judge(self, law: str, example: Example, margins: list[Margin]) -> Ruling:
        """Judge as the reference does."""
        return REFERENCE.judge(law, example, margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Compare as the reference does."""
        return REFERENCE.accuracy(observation)


class Leaky(Faulty):
    """One state for all sessions of as many tasks: the first one's."""

    def session(self, example: Example) -> Session:
        """The session that was opened first, which believes itself fresh."""
        session = self.kept.setdefault(example.tasks, REFERENCE.session(example))
        session.taken = ()
        return session


@dataclass
class Hasty:
    """A session that takes every step twice."""

    session: ReferenceSession

    def step(self, step: Step) -> Observation:
        """Answer to the second of two equal steps."""
        taken = self.session.taken
        self.session.step(step)
        seen = self.session.step(step)
        self.session.taken = (*taken, step)
        return replace(seen, example=replace(seen.example, earlier=taken))

    def close(self) -> None:
        """End the session."""


class Twice(Faulty):
    """The state moves twice a step."""

    def session(self, example: Example) -> Session:
        """A session that takes every step twice."""
        return Hasty(REFERENCE.session(example))


def _job(law: str) -> Job:
    return Job("s", "b", "dtp", law, "float64", SHEETS["dtp"].grid[0])


@pytest.mark.parametrize("subject", [Leaky, Twice])
def test_a_wrong_state_fails_the_last_step(subject: type[Faulty]) -> None:
    """The moving average of DTP remembers another's steps, or its own twice."""
    assert run(_job("sequence"), subject(), shrinks=0).verdict == "fail"
    assert run(_job("sequence"), Faulty(), shrinks=0).verdict == "pass"


def test_a_state_that_leaks_fails_the_reset() -> None:
    """A session begun after another does not answer as a fresh one."""
    assert run(_job("reset"), Leaky(), shrinks=0).verdict == "fail"
    assert run(_job("reset"), Faulty(), shrinks=0).verdict == "pass"


@pytest.mark.parametrize("subject", [Leaky, Twice])
def test_the_machine_finds_a_wrong_state(subject: type[Faulty]) -> None:
    """Sessions side by side: the reference after the same steps says otherwise."""
    with pytest.raises((AssertionError, HypothesisException)):  # what leaks is not replayed alike
        run_machine(subject(), "dtp")


def test_the_state_before_is_a_fold_of_steps() -> None:
    """The answer to the last step is that of a method handed the state of those before."""
    drawn = draw(examples(Setting("dtp", "sequence", SHEETS["dtp"].grid[0])), examples=6, number=1)
    for example in drawn:
        session = REFERENCE.session(example)
        seen = [session.step(step).outputs["weights"] for step in example.steps]
        assert rounded64(cast("Vector", seen[-1])) == answer(example).to_float64()
        assert example.earlier
        assert state_before(example) is not None
