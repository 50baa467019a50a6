"""What is asked of a method, whole and hashable: parameters, and its inputs step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from mtl_reference import METHODS, QUANTITIES
from mtl_reference.method import Answer, Kind, ParameterValue
from properties.example import Example, Step
from properties.question import Frozen, answer_after

Named = tuple[tuple[str, Any], ...]

ONLY: Final = ((1,), (0,))  # the orders in which two tasks meet each other


@dataclass(frozen=True, slots=True)
class Moment:
    """One step: inputs in the method's order, and the random inputs that are given, by name."""

    inputs: Named
    random: Named = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A method with its parameters on a sequence of steps, the last of which is judged.

    A method without state, or one asked from a fresh state, has one step.
    """

    method: str
    params: Named
    steps: tuple[Moment, ...]

    @property
    def inputs(self) -> dict[str, Any]:
        """The inputs of the last step."""
        return dict(self.steps[-1].inputs)

    @property
    def random(self) -> dict[str, Any]:
        """The random inputs of the last step, those that are given."""
        return dict(self.steps[-1].random)

    @property
    def tasks(self) -> int:
        """T, told by the first quantity of the last step that has an axis of tasks."""
        for name, values in (*self.steps[-1].inputs, *self.steps[-1].random):
            shape = QUANTITIES[name].shape
            if "T" in shape:
                return len(values[0] if shape.index("T") else values)
        return 0

    @property
    def drawn(self) -> tuple[str, ...]:
        """The random inputs that the backend draws by itself."""
        given = self.random
        return tuple(name for name in METHODS[self.method].randomness if name not in given)


def question(example: Example, *, injected: bool) -> Question:
    """What an example asks; without its random inputs where the backend draws its own.

    Two tasks meet each other in one order only, whoever draws it.
    """
    last = Step(example.rows, example.inputs, example.orders, example.random)
    steps = (*example.earlier, last)
    own = not injected and METHODS[example.method].randomness == ("orders",)
    if own and 0 < example.tasks <= len(ONLY):
        orders = ONLY[: example.tasks] if example.tasks > 1 else ((),)
        steps, injected = tuple(replace(step, orders=orders) for step in steps), True
    moments = tuple(_moment(example.method, each, injected) for each in steps)
    return Question(example.method, parameters(example.params), moments)


def parameters(params: Mapping[str, ParameterValue]) -> Named:
    """Parameters as a key."""
    return tuple((name, frozen(value)) for name, value in sorted(params.items()))


def inputs_of(method: str, step: Step | Example) -> dict[str, Any]:
    """All inputs of a step by name, in the method's order."""
    own = {**step.inputs, "jacobian": step.rows}
    return {name: own[name] for name in METHODS[method].inputs if name in own}


def random_of(method: str, step: Step | Example) -> dict[str, Any]:
    """All random inputs of a step by name, in the method's order."""
    own = {**step.random, **({} if step.orders is None else {"orders": step.orders})}
    return {name: own[name] for name in METHODS[method].randomness if name in own}


def frozen(value: Any) -> Any:  # noqa: ANN401  (of any shape)
    """Nested lists as nested tuples."""
    return tuple(map(frozen, value)) if isinstance(value, (list, tuple)) else value


def _moment(method: str, step: Step, injected: bool) -> Moment:  # noqa: FBT001  (passed on)
    inputs = tuple((name, frozen(each)) for name, each in inputs_of(method, step).items())
    random = random_of(method, step) if injected else {}
    return Moment(inputs, tuple((name, frozen(each)) for name, each in random.items()))


def answer_to(asked: Question) -> Answer:
    """The exact answer to the last step; ValueError where an input is invalid.

    An earlier step without an answer leaves the state as it was. It is a set where the method
    cannot do without random inputs that are not given.
    """
    steps = tuple(_frozen(step) for step in asked.steps)
    try:
        return answer_after(asked.method, asked.params, steps)
    except TypeError:
        if not asked.drawn or asked.drawn == ("orders",):
            raise
        return Answer(Kind.SET, reason=f"the {' and '.join(asked.drawn)} are not given")


def _frozen(step: Moment) -> Frozen:
    """A step as the exact side keys it."""
    inputs, random = dict(step.inputs), dict(step.random)
    rows, orders = inputs.pop("jacobian", ()), random.pop("orders", None)
    return rows, tuple(sorted(inputs.items())), orders, tuple(sorted(random.items()))


def filled(asked: Question, value: float) -> Question:
    """The question with one number in every real random input that is not given."""
    sizes = {"T": asked.tasks}
    for name, values in asked.steps[-1].inputs:
        if len(QUANTITIES[name].shape) > 1 and QUANTITIES[name].rank(values) > 1 and len(values):
            sizes.setdefault(QUANTITIES[name].shape[1], len(values[0]))
    if "representation" in asked.inputs:
        sizes["d"] = sizes["m"]  # GradDrop draws for each unit of it, not for each coordinate
    wanted = [name for name in asked.drawn if QUANTITIES[name].kind == "real"]
    random = tuple((name, (value,) * sizes[QUANTITIES[name].shape[0]]) for name in wanted)
    steps = tuple(replace(step, random=(*step.random, *random)) for step in asked.steps)
    return replace(asked, steps=steps)
