"""Sequences of steps for methods with a state: losses rise and fall, gradients vanish, tasks end.

What happens between two steps is an event: the rows are drawn afresh, stay, or are scaled by a
power of two with the losses; one task's gradient vanishes for one step; a task is solved, so that
its gradient and its loss are 0 from then on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ldexp
from typing import Any

from hypothesis import strategies as st

from mtl_reference import QUANTITIES
from mtl_reference.method import Method
from properties.example import Given, Orders, Rows, Step
from properties.jacobians import orders

EVENTS = ("fresh", "same", "scaled", "vanishes", "solved")
MOST_EARLIER = 3

Drawn = Mapping[str, Any]


@dataclass(slots=True)
class Course:
    """What goes on from step to step: the rows, the inputs that are held, the tasks solved."""

    method: Method
    rows: Rows
    held: Drawn | None = None
    size: int = 0
    solved: frozenset[int] = frozenset()

    def happens(self, event: str, task: int, exponent: int, fresh: Rows) -> Rows:
        """The rows of the next step, after an event at a task."""
        if event == "fresh":
            self.rows = fresh
        self.size = max(-8, min(8, self.size + exponent)) if event == "scaled" else self.size
        self.solved |= {task} if event == "solved" else set()
        gone = self.solved | ({task} if event == "vanishes" else set())
        return tuple(
            tuple(0.0 if i in gone else ldexp(entry, self.size) for entry in row)
            for i, row in enumerate(self.rows)
        )

    def given(self, drawn: Drawn) -> Drawn:
        """The other inputs: whole ones stay, losses rise and fall, and end at 0."""
        if self.held is None:  # what the first step does without, the others do without
            self.held = {name: values for name, values in drawn.items() if not _varies(name)}
        found = {name: values for name, values in drawn.items() if _varies(name)}
        found |= self.held
        if "losses" in found:
            found["losses"] = tuple(
                0.0 if task in self.solved else ldexp(loss, self.size)
                for task, loss in enumerate(found["losses"])
            )
        return found


def _varies(name: str) -> bool:
    """Whether a quantity may be another at every step; layers and first rotations may not."""
    return name in {"orders", "sample"} or (QUANTITIES[name].kind == "real" and name != "rotations")


@st.composite
def courses(
    draw: st.DrawFn,
    method: Method,
    rows: st.SearchStrategy[Rows],
    beside: Callable[[Rows], st.SearchStrategy[Drawn]],
) -> tuple[Rows, list[Step]]:
    """The last rows, and two to four steps on jacobians of one shape.

    ``beside`` draws what stands beside the rows of a step. The last rows tell the number of tasks
    where the steps of a method without a jacobian hold none.
    """
    now = draw(rows)
    course = Course(method, now)
    count = draw(st.integers(1, MOST_EARLIER))
    steps = []
    for place in range(count + 1):
        event = draw(st.sampled_from(EVENTS)) if place else "same"
        task = draw(st.integers(0, len(course.rows) - 1))
        fresh = draw(rows) if event == "fresh" else course.rows
        now = course.happens(event, task, draw(st.integers(-2, 2)), fresh)
        met = draw(orders(len(now))) if "orders" in method.randomness else None
        steps.append(step_of(method, now, met, course.given(draw(beside(now)))))
    return now, steps


def step_of(method: Method, rows: Rows, met: Orders | None, given: Drawn) -> Step:
    """A step; what stands beside the rows is parted into inputs and randomness."""
    inputs: Given = {name: each for name, each in given.items() if name not in method.randomness}
    random: Given = {name: each for name, each in given.items() if name in method.randomness}
    return Step(rows if "jacobian" in method.inputs else (), inputs, met, random)
