"""The flags that an input earns by its shape and numbers, each with the bug that it provokes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from conformance.vectors.record import BEYOND
from conformance.vectors.traits import FAR, Case, dependent, full, kind, opposed, spread, turned
from mtl_reference import METHODS
from properties.example import Example

MANY: Final = 6
NEAR: Final = 1e6  # margin, in units of what rounding may move
ILL: Final = 1e4  # condition


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag: the kind of bug, what the input has, what a wrong program does, and who earns it."""

    bug_type: str
    description: str
    effect: str
    earned: Callable[[Case], bool]


def _invalid(wrong: str) -> Callable[[Case], bool]:
    return lambda case: kind(case) == wrong


FLAGS: Final[Mapping[str, Flag]] = MappingProxyType({
    "SingleTask": Flag(
        "edge case", "one task",
        "code that divides by T - 1, squeezes axes or expects a pair breaks",
        lambda case: case.tasks == 1),
    "ManyTasks": Flag(
        "edge case", "six tasks or more",
        "code written for two or three tasks, or a loop of fixed length, answers differently",
        lambda case: case.tasks >= MANY),
    "OneParameter": Flag(
        "edge case", "one column", "code that squeezes axes takes the row of columns for a number",
        lambda case: bool(case.rows) and len(case.rows[0]) == 1),
    "MoreTasksThanParameters": Flag(
        "singular matrix", "more rows than columns, so that the Gramian is singular",
        "an inverse or a Cholesky factor without a rank test fails, or answers with noise",
        lambda case: bool(case.rows) and len(case.rows) > len(case.rows[0])),
    "ZeroRow": Flag(
        "division by zero", "a row is zero",
        "a division by its length gives nan, an epsilon in its place some other direction",
        lambda case: bool(case.rows) and any(map(any, case.rows))
        and not all(map(any, case.rows))),
    "AllZero": Flag(
        "division by zero", "every row is zero", "every length that is divided by is zero",
        lambda case: bool(case.rows) and not any(map(any, case.rows))),
    "DuplicateRows": Flag(
        "singular matrix", "two rows are equal",
        "weights are not unique; a solver without a rank test fails or favours one copy",
        lambda case: any(map(any, case.rows)) and len(set(case.rows)) < len(case.rows)),
    "DependentRows": Flag(
        "singular matrix", "no row is zero, and the rows are linearly dependent",
        "an absolute rank threshold, or none, decides otherwise", dependent),
    "AntiparallelRows": Flag(
        "cancellation", "two rows point opposite ways",
        "what is left of a projection is rounding, and is normalised", opposed),
    "Conflict": Flag(
        "missing branch", "some pair of rows has a negative inner product",
        "code that misses the test for conflict, or tests with the wrong sign, answers otherwise",
        lambda case: any(each < 0 for each in case.pairs())),
    "NoConflict": Flag(
        "missing branch", "no pair of rows has a negative inner product",
        "code that projects whether there is conflict or not answers otherwise",
        lambda case: len(case.rows) > 1 and all(each >= 0 for each in case.pairs())),
    "BadlyScaled": Flag(
        "absolute epsilon", "lengths of rows a million times apart",
        "an absolute epsilon, or a pseudo-inverse of the Gramian, drops the short rows", spread),
    "ShortRows": Flag(
        "absolute epsilon", "every row is shorter than a millionth",
        "an epsilon added to a square or a length outweighs it",
        lambda case: any(case.lengths) and max(case.lengths) * FAR < 1),
    "LongRows": Flag(
        "absolute threshold", "a row is longer than a million",
        "an absolute threshold or a fixed step length no longer fits",
        lambda case: any(case.lengths) and max(case.lengths) > FAR),
    "FullSignificands": Flag(
        "lost precision", "entries that binary32 does not hold",
        "code that converts to single precision inside is off by half of its digits", full),
    "IllConditioned": Flag(
        "lost precision", "the answer is ten thousand times as sensitive as its input",
        "a formula that is not the stable one loses digits that the bound does not grant",
        lambda case: (case.right["condition"] or 0.0) > ILL),
    "NearTie": Flag(
        "loose threshold", "a branch hangs on a quantity just above rounding",
        "a threshold such as 1e-8 takes it for zero, and the other branch",
        lambda case: case.right["margin"] is not None and 0 < case.right["margin"] < NEAR),
    "Tie": Flag(
        "wrong inequality", "a branch is tested on a quantity that is exactly zero",
        "a strict inequality in the place of the other kind divides by zero or projects",
        lambda case: case.right["margin"] == 0),
    "ZeroAnswer": Flag(
        "division by zero", "the answer is exactly zero",
        "code that normalises its result returns noise, or nan",
        lambda case: bool(case.expected()) and all(each == "0" for each in case.expected())),
    "OpenBranch": Flag(
        "wrong branch", "rounding may turn a branch: a few answers are admissible",
        "an answer between them, or beside all of them, is none",
        lambda case: "outcomes" in (case.right.get("set") or {})),
    "SeveralAnswers": Flag(
        "wrong branch", "the definition admits a set of answers",
        "an answer outside of it is none",
        lambda case: "ball" in (case.right.get("set") or {})),
    "Undefined": Flag(
        "undefined input", "the definition has no answer",
        "nothing is demanded; what is answered is worth knowing",
        lambda case: "any" in (case.right.get("set") or {})),
    "Sequence": Flag(
        "lost state", "steps come before the one that is judged",
        "code that forgets, overwrites or mixes up its state answers otherwise",
        lambda case: bool(case.example.earlier)),
    "ChosenOrders": Flag(
        "ignored randomness", "the others are not met in ascending order",
        "code that drops the result of its shuffle, or indexes it wrongly, answers otherwise",
        turned),
    "ZeroNumber": Flag(
        "division by zero", "a number beside the rows is zero",
        "a logarithm or a division breaks, an epsilon answers otherwise",
        lambda case: 0.0 in case.numbers),
    "NegativeNumber": Flag(
        "wrong domain", "a number beside the rows is negative",
        "an absolute value, a clamp or a logarithm answers otherwise",
        lambda case: any(each < 0 for each in case.numbers)),
    "FarNumbers": Flag(
        "overflow", "numbers beside the rows a thousand times apart",
        "an exponential overflows, or a sum drops the small ones",
        lambda case: any(case.numbers) and max(map(abs, case.numbers))
        > 1000 * min(abs(each) for each in case.numbers if each)),
    "EqualEntries": Flag(
        "wrong tie", "entries of an input are equal",
        "code that ranks, sorts or counts treats ties otherwise",
        lambda case: not case.rows
        and any(len(set(each)) < len(each) for each in case.lists)),
    "OneEntry": Flag(
        "edge case", "an input has one entry alone",
        "code that squeezes, or divides by n - 1, breaks",
        lambda case: any(len(each) == 1 for each in case.lists)),
    "Unlabelled": Flag(
        "ignored mask", "an entry stands for no label and does not count",
        "code that counts it answers otherwise",
        lambda case: any(-1 in each for each in case.lists)),
    BEYOND: Flag(
        "overflow", "numbers beyond 1e8 in size, or below 1e-8",
        "squares and determinants overflow or vanish; informs, and fails nobody",
        lambda case: bool(case.example.extra.get("beyond"))),
    "InvalidNan": Flag(
        "unchecked input", "an entry is nan", "a finite answer hides it", _invalid("nan")),
    "InvalidInfinity": Flag(
        "unchecked input", "an entry is infinite", "a finite answer hides it", _invalid("inf")),
    "InvalidEmpty": Flag(
        "unchecked input", "an input has no entries", "a finite answer is made up",
        _invalid("empty")),
    "InvalidRank": Flag(
        "unchecked input", "a row alone where a matrix is due",
        "broadcasting takes it for something else", _invalid("rank")),
    "InvalidLength": Flag(
        "unchecked input", "an input is longer than there are tasks or columns",
        "broadcasting or indexing takes a part of it", _invalid("length")),
    "InvalidParameter": Flag(
        "unchecked input", "a parameter outside of its range",
        "the formula is used where it means nothing", _invalid("parameter")),
    "InvalidOther": Flag(
        "unchecked input", "the input is none that the definition takes",
        "a finite answer is made up", _invalid("other")),
})  # fmt: skip

ORDINARY: Final = "Ordinary"
PLAIN: Final = Flag(
    "wrong formula", "nothing special", "a wrong formula, constant or sign shows", lambda _: False
)


def earned(case: Case) -> list[str]:
    """The flags of a case, by its shape, its numbers and its parameters."""
    told = (name for name in FLAGS if name.startswith("Invalid") is not case.asked)
    found = [name for name in told if FLAGS[name].earned(case)]
    if case.asked:
        found += [parameter_flag(name) for name in changed(case.example)]
    return found or [ORDINARY]


def changed(example: Example) -> list[str]:
    """The parameters that have not their default."""
    defaults = {each.name: each.default for each in METHODS[example.method].parameters}
    return [name for name, value in example.params.items() if value != defaults[name]]


def parameter_flag(name: str) -> str:
    """The flag of a parameter that has not its default."""
    return "Parameter" + camel(name)


def camel(name: str) -> str:
    """A name in words as one word.

    >>> camel("self_projection")
    'SelfProjection'
    """
    return "".join(word.capitalize() for word in name.replace("-", "_").split("_"))


def note(name: str) -> dict[str, Any] | None:
    """What a flag of this file means; None for another file's."""
    flag = PLAIN if name == ORDINARY else FLAGS.get(name)
    if flag is not None:
        return noted(flag.bug_type, flag.description, flag.effect)
    if name.startswith("Parameter"):
        return noted("ignored parameter", "a parameter has not its default",
                     "code that ignores it, or has it fixed, answers otherwise")  # fmt: skip
    return None


def noted(bug_type: str, description: str, effect: str, links: tuple[str, ...] = ()
          ) -> dict[str, Any]:  # fmt: skip
    """A note as it stands in a file."""
    return {
        "bugType": bug_type,
        "description": description,
        "effect": effect,
        "links": list(links),
    }
