"""The laws of methods that keep a state: the last step of a sequence, and a session begun anew."""

from collections.abc import Iterator
from dataclasses import replace

from properties.example import Example, Margin, Subject
from properties.laws.law import Law, ask, both_slopes, fact, main_output, same
from properties.question import undefined_before

FAMILIES = ("generic", "conflicting", "aligned", "all_conflicting", "wide", "dependent",
            "badly_scaled", "near_tie")  # fmt: skip


def _sequence(example: Example, subject: Subject) -> Iterator[Margin]:
    """Yield nothing: the subject compares the last answer with the exact one."""
    if not undefined_before(example):
        ask(subject, example)
    yield from ()


def _reset(example: Example, subject: Subject) -> Iterator[Margin]:
    """Ask one step by a session of its own, then a sequence, then the one step again."""
    alone = replace(example, earlier=())
    session = replace(alone, extra={**example.extra, "session": True})
    first = ask(subject, session)
    subject.observe(example)
    again = ask(subject, session, repeat=1)
    unchanged = dict(first.raw) == dict(again.raw)
    yield fact("a session begun after another gives the same bits", unchanged, first, again)
    plain, main = ask(subject, alone), main_output(first)
    slopes = both_slopes(first)
    name = "a session's first step is an evaluation"
    yield from same(name, main, main_output(plain), (first, plain), slopes)


LAWS = (
    Law("sequence", "A", "After the same steps the answer is the reference's.",
        "every step before has an answer", "X F", _sequence, FAMILIES, needs=(), random="injected",
        steps=True, by_accuracy=True),
    Law("reset", "A", "A fresh session answers as a fresh one, whatever went before in another.",
        "none", "F", _reset, ("generic", "conflicting", "wide"), needs=(), random="injected",
        steps=True),
)  # fmt: skip
