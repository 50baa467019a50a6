"""The claims: which law holds of which method, when, and by which source or counterexample.

A claim that holds is searched for failures on the exact reference; one that fails carries its
smallest known counterexample, which must fail. Laws outside a method's domain have a row that says
so. `CLAIMS` is complete: every law has at least one row for every method.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from mtl_reference import METHODS
from properties.counterexamples import COUNTEREXAMPLES
from properties.example import Example
from properties.laws import LAWS
from properties.laws.gradops import all_modified

Params = Mapping[str, float | str]
Covers = Callable[[int, Params], bool]

STATUSES = ("holds", "fails", "open", "not-applicable")


def always(_tasks: int, _params: Params) -> bool:
    """Whatever the number of tasks and the parameters."""
    return True


def anywhere(_example: Example) -> bool:
    """Whatever the jacobian."""
    return True


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of a method under a law.

    ``when`` says in words what ``predicate`` decides: ``covers`` by the number of tasks and the
    parameters, ``domain`` by the example. ``families`` names the jacobians that lie in the domain
    by construction (empty: the law's own). ``floats`` is False where only the exact reference can
    be judged.
    """

    method: str
    law: str
    status: str
    when: str
    source: str
    covers: Covers = always
    domain: Callable[[Example], bool] = anywhere
    families: tuple[str, ...] = ()
    floats: bool = True
    counterexample: Example | None = None

    def predicate(self, example: Example) -> bool:
        """Whether the claim speaks of an example."""
        return self.covers(len(example.rows), example.params) and self.domain(example)


def _c(params: Params) -> float:
    return float(params.get("c", 0.5))


def _alpha(params: Params) -> float:
    return float(params.get("alpha", 0.0))


def _alpha_is(*values: float) -> Covers:
    return lambda _, params: _alpha(params) in values


def _up_to_two(tasks: int, _params: Params) -> bool:
    return tasks <= 2


def _two(tasks: int, _params: Params) -> bool:
    return tasks == 2


def _three(tasks: int, _params: Params) -> bool:
    return tasks >= 3


def _one(tasks: int, _params: Params) -> bool:
    return tasks == 1


def _with_fallback(_tasks: int, params: Params) -> bool:
    return params.get("fallback", "mgda") == "mgda"


def _no_zero_row(example: Example) -> bool:
    return all(map(any, example.rows))


def _conflict_not_opposed(example: Example) -> bool:
    from mtl_reference.rational import jacobian

    gramian = jacobian(example.rows).gramian()
    return bool(gramian[0, 1] < 0 and gramian.det() != 0)


DEFINITION = "follows from the definition"
OPS = "GradOPS (arXiv 2503.03438)"
CAG = "Liu, Liu, Jin, Stone, Liu 2021 (CAGrad)"
PCG = "Yu et al. 2020 (PCGrad)"
SK = "Sener, Koltun 2018 (MGDA)"
IMTL = "Liu et al. 2021 (IMTL)"
SEARCH = "exhaustive search over small whole matrices"

ALL = tuple(sorted(METHODS))


def _holds(law: str, methods: Sequence[str], source: str, when: str = "always", *,
           covers: Covers = always, domain: Callable[[Example], bool] = anywhere,
           families: tuple[str, ...] = (), floats: bool = True) -> list[Claim]:  # fmt: skip
    """One row a method, of a law that holds."""
    return [
        Claim(method, law, "holds", when, source, covers, domain, families, floats)
        for method in methods
    ]


def _fails(law: str, method: str, when: str, source: str = SEARCH, *,
           covers: Covers = always) -> list[Claim]:  # fmt: skip
    """A row of a law that fails, with its pinned counterexample."""
    pinned = COUNTEREXAMPLES[method, law]
    return [Claim(method, law, "fails", when, source, covers, counterexample=pinned)]


def _aggregators() -> list[Claim]:
    """Section A, symmetries and the like: what holds of all seven."""
    general = ("shape", "deterministic", "orthogonal", "zero-padding", "gramian", "homogeneous",
               "homogeneous-range", "span", "invalid-input", "accuracy")  # fmt: skip
    rows = [row for law in general for row in _holds(law, ALL, DEFINITION)]
    rows += _holds("permutation", [m for m in ALL if m != "pcgrad"], DEFINITION)
    rows += _holds("permutation", ["pcgrad"], PCG, "orders are relabelled along")
    rows += _holds("single-task", ALL, DEFINITION, "T = 1", covers=_one)
    return rows + _row_scaling() + _conflicts() + _stationary()


def _row_scaling() -> list[Claim]:
    rows = _holds("row-scaling", ["imtl_g"], IMTL, "no zero row", domain=_no_zero_row)
    rows += _holds(
        "row-scaling",
        ["gradops"],
        OPS,
        "alpha = -1, K > 0 and every task conflicts",
        covers=_alpha_is(-1.0),
        domain=all_modified,
        families=("all_conflicting",),
    )
    rows += _fails(
        "row-scaling",
        "gradops",
        "alpha not -1, T >= 2",
        covers=lambda tasks, p: tasks > 1 and _alpha(p) != -1,
    )
    for method in ("cagrad", "mean", "mgda", "pcgrad", "sum"):
        rows += _fails("row-scaling", method, "T >= 2", covers=lambda tasks, _: tasks > 1)
    return rows  # fmt: skip


def _conflicts() -> list[Claim]:
    rows = _holds("non-conflict", ["mgda"], SK + ", Theorem 1")
    rows += _holds("non-conflict", ["gradops"], OPS + ", section 2")
    rows += _holds("non-conflict", ["cagrad"], CAG, "c >= 1", covers=lambda _, p: _c(p) >= 1)
    rows += _holds("non-conflict", ["pcgrad"], PCG + ", Theorem 1", "T <= 2", covers=_up_to_two)
    rows += _holds("non-conflict", ["imtl_g"], IMTL, "T <= 2", covers=_up_to_two)
    rows += _holds("strong-non-conflict", ["gradops"], OPS + ", section 2")
    rows += _holds("strong-non-conflict", ["pcgrad"], PCG, "T <= 2", covers=_up_to_two)
    for method in ("mean", "sum"):
        rows += _fails("non-conflict", method, "T >= 2", covers=lambda tasks, _: tasks > 1)
    rows += _fails(
        "non-conflict", "cagrad", "c < 1, T >= 2", covers=lambda tasks, p: tasks > 1 and _c(p) < 1
    )
    rows += _fails("non-conflict", "pcgrad", "T >= 3", covers=_three)
    rows += _fails("non-conflict", "imtl_g", "T >= 3", covers=_three)
    rows += _fails("strong-non-conflict", "pcgrad", "T >= 3", covers=_three)
    return rows  # fmt: skip


def _stationary() -> list[Claim]:
    interior = ("stationary",)
    rows = _holds(
        "stationary",
        ["mgda"],
        SK,
        "0 lies in the hull",
        families=("stationary", "stationary_face", "antiparallel", "zero_row"),
    )
    rows += _holds(
        "stationary",
        ["gradops", "imtl_g"],
        DEFINITION,
        "a positive combination of non-zero rows is 0",
        families=interior,
    )
    rows += _holds(
        "stationary",
        ["cagrad"],
        CAG,
        "a positive combination is 0, and c >= 1",
        covers=lambda _, p: _c(p) >= 1,
        families=interior,
        floats=False,
    )
    rows += _holds(
        "stationary",
        ["pcgrad"],
        DEFINITION,
        "T = 2, antiparallel",
        covers=_two,
        families=("antiparallel",),
    )
    rows += _fails("stationary", "cagrad", "c < 1", covers=lambda _, p: _c(p) < 1)
    rows += _fails("stationary", "pcgrad", "T >= 3", covers=_three)
    for method in ("mean", "sum"):
        rows += _fails("stationary", method, "T >= 2", covers=lambda tasks, _: tasks > 1)
    return rows  # fmt: skip


def _gradops() -> list[Claim]:
    """Section B."""
    rows = _holds("gradops-projection", ["gradops"], OPS + ", eqs. (1)-(2)")
    rows += _holds("gradops-order", ["gradops"], OPS + ", section 2")
    rows += _holds("gradops-weights", ["gradops"], OPS + ", eqs. (3)-(5)")
    rows += _holds(
        "pcgrad-is-gradops",
        ["gradops"],
        OPS,
        "T = 2, alpha = 0",
        covers=lambda tasks, p: tasks == 2 and _alpha(p) == 0,
    )
    rows += _holds("pcgrad-is-gradops", ["pcgrad"], OPS, "T = 2", covers=_two)
    rows += _fails("pcgrad-is-gradops", "gradops", "T >= 3", covers=_three)
    rows += _fails("pcgrad-is-gradops", "pcgrad", "T >= 3", covers=_three)
    rows += _holds(
        "gradops-two-tasks",
        ["gradops"],
        OPS + ", section 4; by the closed forms",
        "T = 2, alpha = -1 or -2, conflicting, not antiparallel",
        domain=_conflict_not_opposed,
        covers=lambda tasks, p: tasks == 2 and _alpha(p) in {-1, -2},
    )
    rows += _fails(
        "gradops-two-tasks",
        "gradops",
        "T >= 3, alpha = -2, every task modified",
        covers=lambda tasks, p: tasks > 2 and _alpha(p) == -2,
    )
    rows += _holds(
        "gradops-equal-projections",
        ["gradops"],
        "by the dual basis",
        "every task is modified, K > 0; whole alpha",
        domain=all_modified,
        covers=lambda tasks, p: tasks > 1 and _alpha(p).is_integer(),
    )
    rows += _holds(
        "gradops-descent",
        ["gradops"],
        OPS + ", Theorems 1 and 2",
        "t < 2/(TL), the answer is defined",
    )
    rows += _holds(
        "gradops-fixed-points",
        ["gradops"],
        OPS + ", Theorem 1 with the fallback",
        "fallback mgda",
        covers=_with_fallback,
    )
    rows += _fails(
        "gradops-fixed-points",
        "gradops",
        "fallback none, T > d",
        covers=lambda _, p: not _with_fallback(0, p),
    )
    rows += _continuity()
    rows += _holds("any-weights", ["gradops"], OPS + ", section 2")
    return rows  # fmt: skip


def _continuity() -> list[Claim]:
    rows = _holds(
        "gradops-continuity",
        ["gradops"],
        "by the law's Lipschitz bound",
        "T = 2, alpha = 0, no zero row",
        domain=_no_zero_row,
        covers=lambda tasks, p: tasks == 2 and _alpha(p) == 0,
    )
    rows += _fails("gradops-continuity", "gradops", "T >= 3", covers=_three)
    rows.append(
        Claim(
            "gradops",
            "gradops-continuity",
            "open",
            "T = 2, alpha not 0",
            "continuous where no row is zero; no modulus is known",
            covers=lambda tasks, p: tasks == 2 and _alpha(p) != 0,
        )
    )
    return rows  # fmt: skip


def _cagrad_mgda() -> list[Claim]:
    """Section C."""
    rows = _holds("cagrad-feasible", ["cagrad"], CAG + ", eq. (3)")
    rows += _holds("cagrad-optimal", ["cagrad"], CAG + ", eq. (12)")
    rows += _holds("cagrad-c0", ["cagrad"], CAG, "c = 0", covers=lambda _, p: _c(p) == 0)
    rows += _holds("cagrad-to-mgda", ["cagrad"], CAG + ", section 3", "at any c")
    rows += _holds("cagrad-band", ["cagrad"], CAG + ", by Cauchy and Schwarz")
    rows += _holds(
        "cagrad-descent", ["cagrad"], CAG + ", Theorem 3.2", "c < 1", covers=lambda _, p: _c(p) < 1
    )
    rows += _holds("cagrad-fixed-points", ["cagrad"], CAG + ", appendix A.4")
    rows += _holds("cagrad-surd", ["cagrad"], "by the KKT conditions")
    rows += _holds("mgda-kkt", ["mgda"], SK)
    rows += _holds("mgda-gap", ["mgda"], "the Frank-Wolfe gap")
    rows += _holds("mgda-descent", ["mgda"], "Desideri 2012")
    return rows  # fmt: skip


def _others() -> list[Claim]:
    """Section D, PCGrad and IMTL-G."""
    rows = _holds("pcgrad-replay", ["pcgrad"], PCG + ", Algorithm 1", "orders are given")
    rows += _holds("pcgrad-two-tasks", ["pcgrad"], PCG + ", Theorems 1 and 2", "T = 2", covers=_two)
    rows += _holds(
        "pcgrad-orders",
        ["pcgrad"],
        PCG + ", Algorithm 1",
        "orders are not given",
        covers=lambda tasks, _: tasks == 3,
    )
    rows += _holds("imtl-equal-projections", ["imtl_g"], IMTL, "no zero row", domain=_no_zero_row)
    return rows  # fmt: skip


OUTSIDE: Mapping[str, str] = MappingProxyType({
    "strong-non-conflict": "the method gives no modified gradient for each task",
    "pcgrad-is-gradops": "a relation of GradOPS and PCGrad",
    "cagrad-fast": "a law of CAGrad-Fast, which samples tasks",
    "mgda-ub": "a theorem on MGDA-UB; it fails, and test_mgda_ub.py pins two tasks where it does",
})  # fmt: skip


def _outside(law: str) -> str:
    subject = law.partition("-")[0]
    return OUTSIDE.get(law, f"a law of {subject}")


def _table() -> tuple[Claim, ...]:
    rows = _aggregators() + _gradops() + _cagrad_mgda() + _others()
    known = {(row.method, row.law) for row in rows}
    rows += [
        Claim(method, law, "not-applicable", "never", _outside(law))
        for law in LAWS
        for method in ALL
        if (method, law) not in known
    ]
    places = {law: place for place, law in enumerate(LAWS)}
    return tuple(sorted(rows, key=lambda row: (places[row.law], row.method, row.status)))


CLAIMS: tuple[Claim, ...] = _table()


@lru_cache(maxsize=512)
def claims_of(method: str, law: str) -> tuple[Claim, ...]:
    """The rows of one method under one law."""
    return tuple(row for row in CLAIMS if (row.method, row.law) == (method, law))


def holding(method: str, law: str, *, floats: bool) -> tuple[Claim, ...]:
    """The rows that say that the law holds, and that floats can be judged by where asked."""
    rows = claims_of(method, law)
    return tuple(row for row in rows if row.status == "holds" and (row.floats or not floats))
