"""The laws of methods that keep clear of what earlier tasks hold: GEM, A-GEM, OGD."""

from collections.abc import Iterator

from mtl_reference import METHODS
from mtl_reference.rational import inner, jacobian, numbers
from properties.example import Example, Margin, Subject
from properties.laws.aggregators import GENERAL
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Law, ask, direction, first_slope, same, sum_of, times


def _gem(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate; and with one memory it is A-GEM."""
    yield from certified(example, subject)
    memory = example.inputs["memory"]
    if len(memory) == 1:
        seen = ask(subject, example)
        given = {"gradient": example.inputs["gradient"], "reference": memory[0]}
        expected = METHODS["a_gem"].answer(given).exact
        yield from same("with one memory A-GEM", direction(seen), expected, (seen,), first_slope())


def _pcgrad_row(example: Example, subject: Subject) -> Iterator[Margin]:
    """PCGrad's first gradient of two rows, the gradient and the reference."""
    seen = ask(subject, example)
    rows = [example.inputs["gradient"], example.inputs["reference"]]
    replayed = METHODS["pcgrad"].direction(rows, orders=((1,), (0,))).outputs["task_gradients"]
    yield from same("PCGrad's row", direction(seen), replayed[0], (seen,), first_slope())


def _orthogonal_parts(example: Example, subject: Subject) -> Iterator[Margin]:
    """What is left, and what was taken off along each basis vector, make up the gradient."""
    seen = ask(subject, example)
    basis = jacobian(example.inputs["basis"])
    vectors = [basis.row(place) for place in range(basis.tasks)]
    gradient = numbers("gradient", example.inputs["gradient"])
    taken = [times(inner(gradient, vector), vector) for vector in vectors]
    whole = sum_of([direction(seen), *taken])
    yield from same("the parts and the rest", whole, gradient, (seen,), first_slope())


LAWS = (
    Law("gem-kkt", "D", "The step is M'v with v >= 0, Mx >= 0 and v_k <m_k, x> = 0; with one memory"
        " it is A-GEM.", "none", "P X F", _gem, GENERAL),
    Law("agem-is-pcgrad-row", "D", "A-GEM is what PCGrad makes of the gradient when it meets the"
        " reference.", "none", "P X F", _pcgrad_row, GENERAL),
    Law("ogd-parts", "D", "The direction and the parts <g, q> q make up the gradient.", "none",
        "P X F", _orthogonal_parts, GENERAL),
)  # fmt: skip
