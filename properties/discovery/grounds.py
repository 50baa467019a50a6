"""Which conjectures are theorems by now: the proof of each part of one, by rules on its members.

A rule says of which configurations it speaks (a test of the name), of which members, and which
theorem of properties/proofs says so, or that the definition does. What no rule reaches is open.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from properties.discovery.conjecture import Conjecture
from properties.discovery.relations import VARIANTS

Where = Callable[[str], bool]
DEFINITION: Final = "the definition"
OPS: Final = tuple(name for name in VARIANTS if name.startswith("GradOPS"))
CAGRADS: Final = tuple(name for name in VARIANTS if name.startswith("CAGrad"))
FAIR: Final = ("Nash-MTL", "FairGrad(1)", "FairGrad(2)")
WIDE: Final = ("CAGrad(1)", "CAGrad(2)", "CAGrad(4)")
PLAIN: Final = ("mean", "UPGrad", "DualProj")
SUMS: Final = ("sum", "PCGrad", "GradOPS(0)")


def anywhere(_name: str) -> bool:
    """Every configuration."""
    return True


def two(name: str) -> bool:
    """Two tasks."""
    return name.startswith("two")


def two_conflicting(name: str) -> bool:
    """Two tasks in conflict."""
    return two(name) and "conflicting" in name


def square(name: str) -> bool:
    """Gradients at right angles."""
    return "right angles" in name


def peaceful(name: str) -> bool:
    """No two gradients conflict."""
    return "do not conflict" in name or "none conflicting" in name or square(name)


def hostile(name: str) -> bool:
    """Independent gradients, no two with a positive inner product."""
    return two_conflicting(name) or "all conflicting" in name or square(name)


def alike(name: str) -> bool:
    """One length, one angle."""
    return (
        name.startswith("two of one length")
        or "alike" in name
        or (square(name) and "one length" in name)
    )


def one_length(name: str) -> bool:
    """Gradients of one length, independent."""
    return "one length" in name


def independent(name: str) -> bool:
    """Independent gradients."""
    return "plane" not in name


@dataclass(frozen=True, slots=True)
class Rule:
    """A theorem on members in configurations; of a relation or a stronger one."""

    relation: str
    members: tuple[str, ...]
    where: Where
    theorem: str


ALL: Final = tuple(VARIANTS)
SYMMETRIC: Final = tuple(name for name in VARIANTS if name != "PCGrad")  # in its natural order not
EQUALITIES: Final = (
    Rule("parallel", ("mean", "sum"), anywhere, DEFINITION),
    Rule("equal", ("Nash-MTL", "FairGrad(1)"), anywhere, DEFINITION),
    Rule("equal", ("PCGrad", "GradOPS(0)"), two, "gradops-is-pcgrad"),
    Rule("parallel", ("GradOPS(0)", "UPGrad"), hostile, "upgrad-is-gradops"),
    Rule("parallel", ("GradOPS(0)", "UPGrad"), two, "upgrad-is-gradops, no-conflict"),
    Rule("parallel", ("IMTL-G", "Nash-MTL"), two, "nash-is-imtl"),
    Rule("parallel", ("IMTL-G", "ConFIG"), two, "one-line"),
    Rule("along", ("IMTL-G", "ConFIG"), independent, "one-line"),
    Rule("parallel", ("IMTL-G", "ConFIG"), hostile, "one-line, all-conflict-cone"),
    Rule("parallel", ("IMTL-G", "ConFIG"), one_length, "one-line, imtl-one-length"),
    Rule("parallel", ("GradOPS(-2)", "MGDA"), two_conflicting, "gradops-is-mgda"),
    Rule("parallel", ("GradOPS(-1)", "IMTL-G"), two_conflicting, "gradops-is-imtl"),
    Rule("parallel", ("GradOPS(-1)", "IMTL-G"), hostile, "gradops-equal-projections"),
    Rule("parallel", ("GradOPS(-2)", "MGDA"), square, "orthogonal-rows"),
    Rule("parallel", ("GradOPS(-1)", "IMTL-G", "Nash-MTL", "Aligned-MTL", "ConFIG"), square,
         "orthogonal-rows"),
    Rule("equal", PLAIN, peaceful, "no-conflict"),
    Rule("equal", SUMS, peaceful, "no-conflict"),
    Rule("parallel", SYMMETRIC, alike, "alike"),
    Rule("equal", ("mean", "MGDA", "IMTL-G", "DualProj"), alike, "alike-lengths"),
    Rule("equal", OPS, alike, "alike-lengths"),
    Rule("equal", ("sum", "ConFIG"), alike, "alike-lengths"),
    Rule("equal", ("sum", "CAGrad(1)"), lambda name: two(name) and alike(name), "alike-lengths"),
    Rule("equal", ("sum", "CAGrad(2)"), lambda name: not two(name) and alike(name),
         "alike-lengths"),
    Rule("equal", ("mean", "Aligned-MTL"), lambda name: hostile(name) and alike(name),
         "alike-lengths"),
)  # fmt: skip
MEMBERSHIPS: Final = (
    Rule("gains", ("MGDA",), anywhere, "mgda-non-conflict"),
    Rule("gains", OPS, anywhere, "gradops-any-weights"),
    Rule("gains", WIDE, anywhere, "cagrad-non-conflict"),
    Rule("gains", ("Nash-MTL",), anywhere, "nash-non-conflict"),
    Rule("gains", ("FairGrad(1)", "FairGrad(2)"), anywhere, "fairgrad-non-conflict"),
    Rule("gains", ("UPGrad", "DualProj"), anywhere, "cone-non-conflict"),
    Rule("gains", ("ConFIG",), independent, "config-non-conflict"),
    Rule("gains", ("PCGrad",), two, "pcgrad-two-tasks-non-conflict"),
    Rule("gains", ("IMTL-G",), two, "imtl-two-tasks-non-conflict"),
    Rule("gains", ("IMTL-G",), hostile, "all-conflict-cone"),
    Rule("gains", ("IMTL-G",), one_length, "imtl-one-length"),
    Rule("gains", ("mean", "sum", "PCGrad", *CAGRADS), peaceful, "no-conflict"),
    Rule("gains", ("Aligned-MTL",), square, "orthogonal-rows, no-conflict"),
    Rule("gains", SYMMETRIC, alike, "alike"),
    Rule("span+", ("mean", "sum", "MGDA", *CAGRADS, *FAIR), anywhere, DEFINITION),
    Rule("span+", ("PCGrad",), anywhere, "pcgrad-step"),
    Rule("span+", ("UPGrad", "DualProj"), anywhere, "cone-projection"),
    Rule("span+", (*OPS, "IMTL-G", "ConFIG"), hostile, "all-conflict-cone"),
    Rule("span+", (*OPS, "IMTL-G", "ConFIG"), two, "all-conflict-cone, one-line"),
    Rule("span+", OPS, peaceful, "no-conflict"),
    Rule("span+", ("IMTL-G", "Aligned-MTL", "ConFIG"), square, "orthogonal-rows"),
    Rule("span+", SYMMETRIC, alike, "alike"),
    Rule("hull", ("mean", "MGDA"), anywhere, DEFINITION),
    Rule("hull", ("IMTL-G",), two, "imtl-two-tasks-non-conflict"),
    Rule("hull", ("IMTL-G",), hostile, "all-conflict-cone"),
    Rule("hull", ("UPGrad", "DualProj"), peaceful, "no-conflict"),
    Rule("hull", ("IMTL-G", "DualProj"), alike, "alike-lengths"),
    Rule("hull", ("Aligned-MTL",), lambda name: hostile(name) and alike(name), "alike-lengths"),
    Rule("span+", ("Aligned-MTL",), hostile, "aligned-cone"),
    Rule("gains", ("Aligned-MTL",), lambda name: two(name) and peaceful(name), "aligned-cone"),
)
WHOLES: Final = (  # of the members together, in their order
    Rule("implies", ("hull", "span+"), anywhere, DEFINITION),
    Rule("implies", ("gains", "span+"), hostile, "all-conflict-cone"),
    Rule("implies", ("span+", "gains"), peaceful, "no-conflict"),
    Rule("implies", ("hull", "gains"), peaceful, "no-conflict"),
    *(Rule("implies", pair, alike, "alike, pcgrad-step")
      for pair in (("gains", "span+"), ("hull", "gains"))),
    Rule("implies", ("span+", "gains"), lambda name: alike(name) and two(name), "alike"),
    Rule("rises", ("c", "least gain"), anywhere, "cagrad-least-gain"),
    Rule("rises", ("c", "least projection"), one_length, "one-length-projection"),
    Rule("rises", ("c", "length"), alike, "alike-lengths"),
    Rule("rises", ("alpha", "length"), two, "gradops-length-rises"),
    Rule("falls", ("alpha", "least gain"), two_conflicting, "gradops-least-gain-falls"),
    *(Rule("stays", ("alpha", what), alike, "alike-lengths")
      for what in ("least gain", "least projection", "length")),
    Rule("single", ("PCGrad",), anywhere, "pcgrad-orders-agree"),
)  # fmt: skip
AFTER_GRADOPS: Final = tuple(pairwise(OPS))


def _lengths(shorter: Sequence[str], longer: Sequence[str], where: Where,
             theorem: str) -> Iterable[Rule]:  # fmt: skip
    return (Rule("no-longer", pair, where, theorem) for pair in product(shorter, longer))


LENGTHS: Final = (
    *_lengths(("mean",), ("sum",), anywhere, DEFINITION),
    *_lengths(("DualProj",), ("mean", "sum", "UPGrad", "PCGrad", *CAGRADS), anywhere,
              "dual-proj-shortest"),
    *_lengths(("mean", "UPGrad"), ("UPGrad", *CAGRADS), peaceful, "cagrad-lengths, no-conflict"),
    *_lengths(("DualProj",), ("GradOPS(0)",), two, "dual-proj-shortest"),
    *_lengths(("MGDA",), ("mean", "sum", "DualProj", "UPGrad", "PCGrad", *CAGRADS), anywhere,
              "mgda-shortest"),
    *_lengths(("MGDA",), ("IMTL-G", *OPS), two, "mgda-shortest"),
    *_lengths(("MGDA",), OPS, peaceful, "mgda-shortest"),
    *_lengths(("Aligned-MTL",), ("MGDA", "IMTL-G", *PLAIN, *CAGRADS, *SUMS[:2]), independent,
              "aligned-shortest"),
    *_lengths(("Aligned-MTL",), PLAIN, peaceful, "aligned-shortest, no-conflict"),
    *_lengths(("ConFIG",), ("sum", "PCGrad"), independent, "config-shorter"),
    *_lengths(("ConFIG",), ("GradOPS(0)",), two, "config-shorter"),
    *_lengths(("mean",), ("CAGrad(2)", "CAGrad(4)"), anywhere, "cagrad-lengths"),
    *_lengths(("CAGrad(1/2)", "CAGrad(1)", "CAGrad(2)"), ("CAGrad(4)",), anywhere,
              "cagrad-lengths"),
    *_lengths(("sum",), ("CAGrad(4)",), anywhere, "cagrad-lengths"),
    *_lengths(("PCGrad", "GradOPS(0)"), ("CAGrad(4)",), peaceful, "cagrad-lengths, no-conflict"),
    *_lengths(("CAGrad(1/2)", "CAGrad(1)"), ("sum",), anywhere, "cagrad-lengths"),
    *_lengths(("CAGrad(2)",), ("sum",), lambda name: not two(name), "cagrad-lengths"),
    *_lengths(("CAGrad(2)",), ("PCGrad", "GradOPS(0)"),
              lambda name: peaceful(name) and not two(name), "cagrad-lengths, no-conflict"),
    *(Rule("no-longer", pair, two, "gradops-length-rises") for pair in AFTER_GRADOPS),
    Rule("no-longer", ("GradOPS(-1)", "PCGrad"), two, "gradops-length-rises"),
    Rule("no-longer", ("PCGrad", "GradOPS(1)"), two, "gradops-length-rises"),
)  # fmt: skip
STRENGTH: Final = ("equal", "parallel", "along")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What of a conjecture is proved, by which theorems, and the members for whom it is open."""

    theorems: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def proved(self) -> bool:
        """Whether nothing of it is open."""
        return not self.open


def grounds(one: Conjecture) -> Grounds:
    """The theorems behind a conjecture."""
    if one.relation in STRENGTH:
        return _joined(one)
    if one.relation in {"gains", "span+", "hull"}:
        found = {name: _of(one, name) for name in one.members}
        return Grounds(_unique(found.values()),
                       tuple(name for name, told in found.items() if not told))  # fmt: skip
    told = _first((*WHOLES, *LENGTHS), one, lambda rule: rule.members == one.members)
    return Grounds(_unique([told]), () if told else one.members)


def _of(one: Conjecture, name: str) -> str:
    """The theorem that has one member in the cone of a conjecture."""
    return _first(MEMBERSHIPS, one, lambda rule: name in rule.members)


def _first(rules: Iterable[Rule], one: Conjecture, fits: Callable[[Rule], bool]) -> str:
    """The theorem of the first rule that says it; nothing if none does."""
    return next((rule.theorem for rule in rules if rule.relation == one.relation
                 and rule.where(one.configuration) and fits(rule)), "")  # fmt: skip


def _unique(told: Iterable[str]) -> tuple[str, ...]:
    names = [name for each in told if each for name in each.split(", ")]
    return tuple(dict.fromkeys(names))


def _joined(one: Conjecture) -> Grounds:
    """Members that rules join, one after the other, to the largest part of the group."""
    rules = [
        rule for rule in EQUALITIES if rule.where(one.configuration)
        and STRENGTH.index(rule.relation) <= STRENGTH.index(one.relation)
    ]  # fmt: skip
    parts = [({name}, set[str]()) for name in one.members]
    for rule in rules:
        met = [part for part in parts if part[0] & set(rule.members)]
        if len(met) > 1:
            parts = [part for part in parts if part not in met]
            told = set().union(*(part[1] for part in met), {rule.theorem})
            parts.append((set().union(*(part[0] for part in met)), told))
    known, told = max(parts, key=lambda part: len(part[0]))
    left = tuple(name for name in one.members if name not in known)
    return Grounds(_unique(sorted(told)), left)
