"""Methods with a state, several sessions side by side, step by step against the reference.

A machine opens sessions, steps any of them on what it draws, and closes them. After each step the
answer must be the reference's after the same steps: a state that leaks from one session into
another, that is not begun anew, or that moves once too often, gives another answer.
"""

from typing import Protocol, final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mtl_reference import METHODS
from properties.claims import SHEETS
from properties.example import Example, Observation, Session, Stateful, Step
from properties.generation import plain_draws
from properties.inputs import beside_rows
from properties.jacobians import FAMILIES, orders
from properties.question import undefined_before
from properties.reference_subject import ReferenceSubject
from properties.sequences import EVENTS, Course, step_of

STATEFUL = tuple(name for name, method in METHODS.items() if method.stateful)
WIDTH, FAMILY = 3, "all_conflicting"  # rows that are independent: no hull holds 0
SIDE_BY_SIDE = 2
ALLOWED = {"pass", "undecided", "skipped"}


class Backend(Protocol):
    """Whatever hands out a subject that runs sessions."""

    def subject(self, dtype: str) -> Stateful:
        """The backend as a subject in a dtype."""


@final
class Run:
    """One open session, with the course of what it is asked."""

    def __init__(self, session: Session, course: Course) -> None:
        """A session and a course at its beginning."""
        self.session, self.course = session, course


def machine(subject: Stateful, method: str, dtype: str) -> type[RuleBasedStateMachine]:
    """The machine of a subject, a method, and a dtype."""
    facts, sheet = METHODS[method], SHEETS[method]

    class Sessions(RuleBasedStateMachine):
        """Sessions opened, stepped and closed in any order."""

        running = Bundle("running")

        def __init__(self) -> None:
            """Nothing is open."""
            super().__init__()
            self.seen: list[Observation] = []
            self.open = 0

        @precondition(lambda self: self.open < SIDE_BY_SIDE)
        @rule(target=running, data=st.data(), tasks=st.sampled_from((2, 3)))
        def begins(self, data: st.DataObject, tasks: int) -> Run:
            """Open a session, and take its first step."""
            rows = data.draw(FAMILIES[FAMILY](tasks, WIDTH, dtype))
            course = Course(facts, rows)
            first = self.asked(data, course, "same")
            example = Example(method, first.rows, sheet.grid[0], inputs=first.inputs)
            run = Run(subject.session(example), course)
            self.seen.append(run.session.step(first))
            self.open += 1
            return run

        @rule(run=running, data=st.data(), events=st.lists(st.sampled_from(EVENTS), min_size=1,
                                                           max_size=3))  # fmt: skip
        def goes_on(self, run: Run, data: st.DataObject, events: list[str]) -> None:
            """Take one more step after each event."""
            for event in events:
                self.seen.append(run.session.step(self.asked(data, run.course, event)))

        @rule(run=consumes(running))
        def ends(self, run: Run) -> None:
            """Close a session."""
            run.session.close()
            self.open -= 1

        def asked(self, data: st.DataObject, course: Course, event: str) -> Step:
            """The next step of a course."""
            tasks = len(course.rows)
            fresh = data.draw(FAMILIES[FAMILY](tasks, WIDTH, dtype))
            task, exponent = data.draw(st.integers(0, tasks - 1)), data.draw(st.integers(-2, 2))
            rows = course.happens(event, task, exponent, fresh)
            met = data.draw(orders(tasks)) if "orders" in facts.randomness else None
            return step_of(
                facts, rows, met, course.given(data.draw(beside_rows(method, rows, dtype)))
            )

        @invariant()
        def answers_as_the_reference(self) -> None:
            """Each answer is right after the steps before it, where those have answers."""
            while self.seen:
                seen = self.seen.pop()
                if seen.status != "undefined" and not undefined_before(seen.example):
                    assert seen.status == "answered", seen.message
                    ruling = subject.accuracy(seen)
                    assert ruling.verdict in ALLOWED, f"{ruling.message}: {seen.example}"

    return Sessions


def run(subject: Stateful, method: str, dtype: str = "float64") -> None:
    """Run the machine on a few programs, always the same."""
    few = settings(
        max_examples=6,
        stateful_step_count=10,
        phases=[Phase.generate],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    with plain_draws():
        run_state_machine_as_test(machine(subject, method, dtype), settings=few)


@pytest.mark.parametrize("method", STATEFUL)
def test_the_reference_certifies_every_step(method: str) -> None:
    """A state handed on by hand, weighed by certificates that know the steps before."""
    run(ReferenceSubject(), method)


def test_a_backend_follows_every_session(backend: Backend, stateful: str) -> None:
    """The same machine on a backend's sessions, which may be open side by side."""
    run(backend.subject("float64"), stateful)
