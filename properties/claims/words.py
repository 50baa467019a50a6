"""The few words in which a method's claims are written: holds, fails, opens, and for whom."""

from collections.abc import Callable, Collection, Mapping, Sequence

from mtl_reference.method import ParameterValue
from properties.claims.claim import Claim, Covers, Domain, Params, always, anywhere
from properties.example import Example, Step

DEFINITION = "follows from the definition"
SEARCH = "exhaustive search over small whole matrices"

# Laws of section A that hold of nearly every method, whatever the input.
GENERAL = (
    "shape", "deterministic", "permutation", "orthogonal", "zero-padding", "gramian", "homogeneous",
    "homogeneous-range", "span", "invalid-input", "accuracy",
)  # fmt: skip
# Those that are left where the method weighs losses and has no direction.
WEIGHING = ("shape", "deterministic", "permutation", "invalid-input", "accuracy")


def holds(law: str, source: str = DEFINITION, when: str = "always", *, covers: Covers = always,
          domain: Domain = anywhere, families: tuple[str, ...] = (),
          floats: bool = True) -> Claim:  # fmt: skip
    """A law that holds, ``when`` (in words) a predicate on T and parameters and one on examples."""
    return Claim("", law, "holds", when, source, covers, domain, families, floats)


def fails(law: str, when: str, counterexample: Example, source: str = SEARCH, *,
          covers: Covers = always) -> Claim:  # fmt: skip
    """A law that fails, with the smallest counterexample known."""
    return Claim("", law, "fails", when, source, covers, counterexample=counterexample)


def opens(law: str, when: str, source: str, *, covers: Covers = always) -> Claim:
    """A law of which it is not known whether it holds."""
    return Claim("", law, "open", when, source, covers)


def general(source: str = DEFINITION, *, without: Collection[str] = (),
            laws: Sequence[str] = (*GENERAL, "single-task")) -> tuple[Claim, ...]:  # fmt: skip
    """The laws that hold of nearly every method, but for some.

    `laws=WEIGHING` for a method that gives no direction.
    """
    return tuple(
        holds(law, source, "T = 1", covers=one) if law == "single-task" else holds(law, source)
        for law in laws
        if law not in without
    )


def case(rows: Sequence[Sequence[float]] = (), *, extra: Mapping[str, object] | None = None,
         inputs: Mapping[str, object] | None = None, random: Mapping[str, object] | None = None,
         earlier: tuple[Step, ...] = (), **params: ParameterValue) -> Example:  # fmt: skip
    """An example of the file's own method; without orders its tasks meet in natural order."""
    exact = tuple(tuple(float(entry) for entry in row) for row in rows)
    return Example("", exact, params, None, extra or {}, inputs or {}, random or {}, earlier)


# For whom ------------------------------------------------------------------------------------


def one(tasks: int, _params: Params) -> bool:
    """One task."""
    return tasks == 1


def two(tasks: int, _params: Params) -> bool:
    """Two tasks."""
    return tasks == 2  # noqa: PLR2004  (two)


def up_to_two(tasks: int, _params: Params) -> bool:
    """One task or two."""
    return tasks <= 2  # noqa: PLR2004  (two)


def several(tasks: int, _params: Params) -> bool:
    """Two tasks or more."""
    return tasks > 1


def three(tasks: int, _params: Params) -> bool:
    """Three tasks or more."""
    return tasks >= 3  # noqa: PLR2004  (three)


def where(name: str, test: Callable[[float], bool], tasks: Covers = always) -> Covers:
    """A test of one parameter (by default its default), for the T that ``tasks`` covers."""
    return lambda count, params: tasks(count, params) and test(float(params[name]))  # type: ignore[arg-type]  # a number


def no_zero_row(example: Example) -> bool:
    """Whether every row of the jacobian has an entry that is not zero."""
    return all(map(any, example.rows))
