"""A session of a backend as the laws see it: steps asked one after the other, each observed."""

from collections.abc import Callable
from dataclasses import replace
from typing import final

from conformance.reading import randomness, request
from conformance.reply import Reply
from conformance.session import Session
from properties.example import Example, Observation, Step

Observe = Callable[[Example, Reply], Observation]


@final
class Sequence:
    """Steps of a method that keeps a state, in a session that is open until it is closed.

    ``example`` tells the method and its parameters; ``injected`` whether the backend takes its
    random inputs; ``observe`` reads a reply.
    """

    def __init__(
        self, session: Session, example: Example, dtype: str, *, injected: bool, observe: Observe
    ) -> None:
        self.session, self.example, self.dtype = session, example, dtype
        self.injected, self.observe = injected, observe
        self.taken: tuple[Step, ...] = ()

    def step(self, step: Step) -> Observation:
        """Take a step; the observation's example is the sequence so far."""
        so_far = replace(
            self.example,
            rows=step.rows,
            inputs=step.inputs,
            orders=step.orders,
            random=step.random,
            earlier=self.taken,
        )
        method = self.example.method
        random = randomness(step, self.dtype, method) if self.injected else None
        reply = self.session.step(request(so_far, self.dtype), random)
        self.taken = (*self.taken, step)
        return self.observe(so_far, reply)

    def close(self) -> None:
        """Close the session at the backend."""
        self.session.close()


def last_of(sequence: Sequence, example: Example) -> Observation:
    """Take all steps of an example, and close; an earlier step without an answer ends it.

    One that the definition leaves undefined does not: a backend that refuses it goes on.
    """
    try:
        for step in example.earlier:
            seen = sequence.step(step)
            if seen.status not in {"answered", "undefined"}:
                message = f"step {len(seen.example.earlier)}: {seen.message}"
                return replace(seen, example=example, message=message)
        return replace(sequence.step(last_step(example)), example=example)
    finally:
        sequence.close()


def last_step(example: Example) -> Step:
    """The step of an example that is judged."""
    return Step(example.rows, example.inputs, example.orders, example.random)
