"""What a job asks: the parameters of its method, the pinned edge cases, and the drawn examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from hypothesis import assume
from hypothesis import strategies as st

from mtl_reference import METHODS
from properties.claims import SHEETS, Claim, Params, holding
from properties.example import Example, Given, Rows, Step
from properties.generation import draw as draw_some
from properties.jacobians import FAMILIES, natural_orders, orders, representable
from properties.laws import LAWS, Law
from properties.laws.law import no_extra
from properties.sequences import Course, courses, step_of

WIDEST = 8
TASKS = (1, 2, 3, 4, 5, 8)  # few are many enough; eight show what grows with T
MANY = 5  # beyond it only families that leave no branch open, whose outcomes would multiply
FEW = 1  # pinned cases of a family where few are asked
Pins = Literal["all", "few", "none"]
CLEAR = frozenset({"generic", "conflicting", "aligned", "all_conflicting", "orthogonal", "wide"})

_EDGES: Mapping[str, tuple[tuple[tuple[float, ...], ...], ...]] = MappingProxyType({
    "single_task": (((3.0, -4.0),), ((0.0, 0.0),)),
    "generic": (((1.0, 2.0, 3.0), (3.0, -1.0, 1.0), (-2.0, 1.0, 1.0)),
                ((0.1, 0.7, -0.3), (-0.6, 0.2, 0.9))),  # no narrower dtype holds these
    "conflicting": (((1.0, 0.0), (-1.0, 2.0), (-1.0, 3.0)), ((1.0, 0.0), (-3.0, 0.5)),
                    ((4.0, 1.0, 0.0), (-2.0, 3.0, 1.0))),
    "aligned": (((1.0, 2.0), (2.0, 1.0), (1.0, 1.0)),),
    "all_conflicting": (((4.0, -1.0, -1.0), (-1.0, 4.0, -1.0), (-1.0, -1.0, 5.0)),),
    "antiparallel": (((1.0, 2.0), (-2.0, -4.0)), ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0))),
    "badly_scaled": (((2.0**-27, 2.0**-28), (2.0**27, 2.0**26)),
                     ((2.0**-27, -(2.0**-28)), (2.0**27, 2.0**26), (-1.0, 2.0))),
    "dependent": (((1.0, 0.0, 1.0), (0.0, 1.0, -1.0), (1.0, 1.0, 0.0)),),
    "duplicate": (((1.0, 2.0), (1.0, 2.0)), ((2.0, 1.0), (2.0, 1.0), (-1.0, 1.0))),
    "near_dependent": (((1.0, 1.0, 0.0), (1.0, 1.0 + 2.0**-7, 0.0)),
                       ((3.0, 1.0, 0.0), (-3.0, -1.0 + 2.0**-7, 2.0**-7))),
    "near_tie": (((1.0, 2.0), (-2.0 - 2.0**-6, 1.0)), ((3.0, 4.0), (4.0, 3.0 + 2.0**-6))),
    "orthogonal": (((3.0, 4.0), (-4.0, 3.0)), ((2.0, 0.0, 0.0), (0.0, 1.0, 0.0))),
    "parallel": (((1.0, 2.0), (2.0, 4.0)),),
    "self_opposing": (((-1.0, 1.0), (-3.0, -1.0), (1.0, 0.0)),
                      ((-1.0, 1.0), (-1.0, 0.0), (-1.0, -1.0), (1.0, 0.0))),
    "stationary": (((1.0, 2.0), (3.0, -1.0), (-4.0, -1.0)), ((1.0,), (-2.0,))),
    "stationary_face": (((1.0, 0.0), (-1.0, 0.0), (2.0, 3.0)),),
    "tall": (((1.0, 0.0), (1.0, 1.0), (-1.0, 2.0)), ((1.0,), (3.0,))),
    "wide": (((1.0, -2.0, 0.5, 0.0, 3.0, 1.0), (-1.0, 1.0, 2.0, 0.0, -1.0, 1.0)),),
    "zero_row": (((0.0, 0.0), (1.0, 2.0)), ((0.0, 0.0), (0.0, 0.0))),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """Whom examples are for: a method under a law, with parameters, in a dtype.

    ``injected``: the example carries its randomness. ``most_tasks`` bounds T; ``floats`` is True
    where the subject answers in floats. ``pins``: all pinned cases are asked, few of each family,
    or none; a law that draws something beside the rows never asks more than few.
    """

    method: str
    law: str
    params: Params
    dtype: str = "float64"
    injected: bool = True
    most_tasks: int = 5
    floats: bool = True
    pins: Pins = "all"

    def claims(self) -> tuple[Claim, ...]:
        """The rows that say that the law holds, for some number of tasks."""
        rows = holding(self.method, self.law, floats=self.floats)
        return tuple(row for row in rows if self.tasks(row))

    def tasks(self, claim: Claim) -> list[int]:
        """The numbers of tasks that a claim covers."""
        most = min(self.most_tasks, self.most_without_orders)
        return [t for t in TASKS if t <= most and claim.covers(t, self.params)]

    @property
    def most_without_orders(self) -> int:
        """The most tasks for which an answer can be judged whose orders may not be told.

        Two have one order only; up to four the set of admissible directions can be listed.
        """
        if self.injected or "orders" not in METHODS[self.method].randomness:
            return max(TASKS)
        return 2 if LAWS[self.law].replays else 4

    def inside(self, example: Example) -> bool:
        """Whether some claim that holds speaks of an example."""
        return any(claim.predicate(example) for claim in self.claims())


def grid(method: str, names: Mapping[str, object], law: str) -> Iterator[Params]:
    """Parameters to try: all for accuracy, else the main ones and those that only they reach."""
    seen: list[Params] = []
    for place, full in enumerate(SHEETS[method].grid):
        params = {name: value for name, value in full.items() if name in names}
        main = place < SHEETS[method].main or law == "accuracy"
        if params not in seen and (main or _reached_only_here(method, law, params, seen)):
            seen.append(params)
            yield params


def _reached_only_here(method: str, law: str, params: Params, seen: list[Params]) -> bool:
    """Whether a claim covers these parameters and none of those tried."""
    return any(
        _covers(claim, params) and not any(_covers(claim, other) for other in seen)
        for claim in holding(method, law, floats=True)
    )


def _covers(claim: Claim, params: Params) -> bool:
    return any(claim.covers(tasks, params) for tasks in (1, 2, 3))


def pinned(setting: Setting) -> list[Example]:
    """The edge cases of the law's families that the claims cover; few where the law draws too."""
    law = LAWS[setting.law]
    if law.drawn:
        beside = {"dtype": setting.dtype}
        return [Example(setting.method, rows, setting.params, extra=beside) for rows in law.drawn]
    if setting.pins == "none":
        return []
    asked = [*_own_edges(setting, law)]
    asked += [example for claim in setting.claims() for example in _edges(setting, law, claim)]
    return list({repr(example): example for example in asked}.values())


def _own_edges(setting: Setting, law: Law) -> Iterator[Example]:
    """The examples that the method's own file pins, where the law draws nothing beside them."""
    for example in SHEETS[setting.method].edges if law.extra is no_extra else ():
        given = {**setting.params, **example.params}
        random = (example.orders, example.random) if setting.injected else (None, {})
        if given == setting.params and _holds_all(example, setting.dtype):
            beside = {**example.extra, "dtype": setting.dtype, "family": "pinned"}
            asked = replace(example, params=given, extra=beside, orders=random[0], random=random[1])
            if setting.inside(asked):
                yield asked


def _edges(setting: Setting, law: Law, claim: Claim) -> Iterator[Example]:
    tasks = setting.tasks(claim)
    for family in claim.families or law.families:
        all_of_them = setting.pins == "all" and not law.steps and law.extra is no_extra
        few = None if all_of_them else FEW
        for rows in _EDGES.get(family, ())[:few]:
            if len(rows) not in tasks or not _held(rows, setting.dtype):
                continue
            extra = _beside(law.id, rows, setting.dtype)
            *earlier, last = _steps_on(setting.method, rows, setting.dtype)
            told = tuple(earlier) if law.steps else ()
            example = _example(setting, last, family, extra, told)
            if claim.predicate(example):
                yield example


@lru_cache(maxsize=4096)
def _steps_on(method_id: str, rows: Rows, dtype: str) -> tuple[Step, ...]:
    """Steps on pinned rows, with the first three draws of what stands beside them.

    Kept, as every law and every parameter of a method asks for the same ones.
    """
    method, inputs = METHODS[method_id], SHEETS[method_id].inputs
    drawn: list[Given] = [{}] * 3
    if inputs is not None:
        drawn = list(draw_some(inputs(rows, dtype), examples=3, number=len(rows)))
    met = natural_orders(len(rows)) if "orders" in method.randomness else None
    course = Course(method, rows)
    kept = [course.given(given) if method.stateful else given for given in drawn]
    return tuple(step_of(method, rows, met, given) for given in kept)


@lru_cache(maxsize=4096)
def _beside(law: str, rows: Rows, dtype: str) -> Mapping[str, object]:
    """What a law draws for pinned rows: its third draw, as the first is the simplest."""
    if LAWS[law].extra is no_extra:
        return {}
    strategy = LAWS[law].extra(rows, dtype)  # noqa: S610  (not Django's)
    return draw_some(strategy, examples=3, number=len(rows))[-1]


def _holds_all(example: Example, dtype: str) -> bool:
    """Whether a dtype holds all numbers of an example."""
    return all(
        _held(step.rows, dtype) and all(_represented(v, dtype) for v in step.inputs.values())
        for step in example.steps
    )


def _represented(values: Any, dtype: str) -> bool:  # noqa: ANN401  (of any shape)
    if isinstance(values, (tuple, list)):
        return all(_represented(each, dtype) for each in values)
    return representable(values, dtype)


def _held(rows: Rows, dtype: str) -> bool:
    return all(representable(entry, dtype) for row in rows for entry in row)


def _example(setting: Setting, step: Step, family: str, extra: Mapping[str, object],
             earlier: tuple[Step, ...] = ()) -> Example:  # fmt: skip
    """An example; without its randomness where the backend draws its own."""
    beside = {**extra, "dtype": setting.dtype, "family": family}
    if not setting.injected:
        step = replace(step, orders=None, random={})
        earlier = tuple(replace(each, orders=None, random={}) for each in earlier)
    return Example(setting.method, step.rows, setting.params, step.orders, beside, step.inputs,
                   step.random, earlier)  # fmt: skip


def examples(setting: Setting) -> st.SearchStrategy[Example]:
    """Strategy of examples that the claims cover, over the law's families."""
    choices = [
        (claim, family, tasks)
        for claim in setting.claims()
        for family in claim.families or LAWS[setting.law].families
        for tasks in setting.tasks(claim)
        if FAMILIES[family].least_tasks <= tasks <= FAMILIES[family].most_tasks
        and (tasks <= MANY or family in CLEAR)
    ]
    return _examples(setting, Choices(choices)) if choices else st.nothing()


class Choices(tuple[tuple[Claim, str, int], ...]):
    """What an example is drawn from; told shortly, as Hypothesis writes out whole strategies."""

    __slots__ = ()

    def __repr__(self) -> str:
        """How many there are."""
        return f"{len(self)} choices"


@st.composite
def _examples(draw: st.DrawFn, setting: Setting, choices: Choices) -> Example:
    law = LAWS[setting.law]
    families = sorted(
        {family for _, family, _ in choices}, key=lambda name: (name != "generic", name)
    )
    family = draw(st.sampled_from(families))
    claim, _, tasks = draw(st.sampled_from(Choices(c for c in choices if c[1] == family)))
    width = draw(st.integers(1, WIDEST))
    drawn = FAMILIES[family](tasks, width, setting.dtype)
    method = METHODS[setting.method]
    if law.steps:
        rows, steps = draw(
            courses(method, drawn, lambda rows: beside_rows(setting.method, rows, setting.dtype))
        )
        *earlier, step = steps
    else:
        rows, earlier = draw(drawn), []
        ordered = "orders" in method.randomness and setting.injected
        met = draw(orders(tasks)) if ordered else None
        step = step_of(method, rows, met, draw(beside_rows(setting.method, rows, setting.dtype)))
    extra = draw(law.extra(rows, setting.dtype))  # noqa: S610  (not Django's)
    example = _example(setting, step, family, extra, tuple(earlier))
    assume(claim.predicate(example))
    return example


def beside_rows(method: str, rows: Rows, dtype: str) -> st.SearchStrategy[Given]:
    """Strategy of a method's other inputs and its randomness but for orders."""
    inputs = SHEETS[method].inputs
    return st.just({}) if inputs is None else inputs(rows, dtype)
