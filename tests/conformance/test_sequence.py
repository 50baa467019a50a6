"""Sessions: a backend with a state is judged on sequences, and one without is not."""

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.bundled import Session
from conformance.reply import Reply, Status
from conformance.subject import BackendSubject
from conformance.zoo.reference import backend
from properties.example import Example, Observation, Step

EARLIER = (Step((), {"kpis": (0.25, 0.5)}), Step((), {"kpis": (0.5, 0.5)}))
EXAMPLE = Example("dtp", (), {}, inputs={"kpis": (0.75, 0.125)}, earlier=EARLIER)


class Open:
    """A session of the reference, which forgets its state at each step where it is told to."""

    def __init__(self, session: Session, *, forgetful: bool) -> None:
        self.session, self.forgetful, self.closed = session, forgetful, False

    def step(self, inputs: Mapping[str, Any], random: Mapping[str, Any] | None = None) -> Reply:
        """Reply with the outputs of the next step."""
        if self.forgetful:
            self.session.state = None
        found = self.session.step(dict(inputs), random)
        return Reply(Status.OK, dict(found), dict.fromkeys(found, "float64"))

    def close(self) -> None:
        """Note that it is over."""
        self.closed = True


class Stand:
    """A stand-in for a supervisor with sessions."""

    def __init__(self, *, forgetful: bool = False) -> None:
        self.forgetful, self.opened = forgetful, []

    def open(self, method: str, params: Mapping[str, Any], **shape: Any) -> Open:  # noqa: ANN401  (what open takes)
        """Open a session and keep it."""
        session = Session(backend, method, params, shape["seed"])
        self.opened.append(Open(session, forgetful=self.forgetful))
        return self.opened[-1]


def observed(stand: Stand, example: Example, **declared: object) -> tuple[str, Observation]:
    """The verdict on the accuracy of the last step, and what was observed."""
    told = {"params": {}, "scale": "1", "randomness": "none", "accuracy": None, "stateful": True}
    one = BackendSubject(stand, {"methods": {example.method: {**told, **declared}}}, "float64")
    seen = one.observe(example)
    return (one.accuracy(seen).verdict if seen.status == "answered" else seen.status), seen


@pytest.mark.parametrize(("forgetful", "verdict"), [(False, "pass"), (True, "fail")])
def test_the_last_step_is_judged_by_all_before_it(forgetful: bool, verdict: str) -> None:  # noqa: FBT001  (a case)
    """A backend that forgets its state between steps is found out."""
    stand = Stand(forgetful=forgetful)
    assert observed(stand, EXAMPLE)[0] == verdict
    assert [each.closed for each in stand.opened] == [True]


def test_a_backend_without_state_is_not_asked_for_sequences() -> None:
    """It is judged on single steps, so a sequence is skipped and no session opened."""
    stand = Stand()
    assert observed(stand, EXAMPLE, stateful=False)[0] == "skipped"
    assert stand.opened == []


def test_steps_are_observed_one_by_one() -> None:
    """Each step's example tells the steps before it."""
    told = {"params": {}, "scale": "1", "randomness": "none", "accuracy": None, "stateful": True}
    subject = BackendSubject(Stand(), {"methods": {"dtp": told}}, "float64")
    sequence = subject.session(EXAMPLE)
    seen = [sequence.step(step) for step in EARLIER]
    assert [each.example.earlier for each in seen] == [(), EARLIER[:1]]
    assert {subject.accuracy(each).verdict for each in seen} == {"pass"}
