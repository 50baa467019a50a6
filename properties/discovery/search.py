"""The search: every relation of every configuration, without what a wider one says already."""

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import Final

from flint import ctx

from mtl_reference import METHODS
from properties.discovery.configurations import CASES, CONFIGURATIONS, SINGLES, cases
from properties.discovery.conjecture import Conjecture, broken, holds
from properties.discovery.relations import BITS, CHAINED, CHAINS, CONES, MEASURES, VARIANTS

MANY: Final = 2000  # whole matrices on which PCGrad's orders are tried
LENGTHS: Final = 600  # cases on which lengths are compared, as many seem to be in order by chance
LEAST: Final = 8  # cases with an answer, below which nothing is said


def search() -> Iterator[Conjecture]:
    """What holds in every case of each configuration, without what a wider one says already."""
    said: dict[str, list[Conjecture]] = {}
    with ctx.workprec(BITS):
        for name, configuration in CONFIGURATIONS.items():
            before = [one for wider in configuration.within for one in said[wider]]
            found = list(_in(name, before)) if name not in SINGLES else []
            if name in SINGLES:
                one = Conjecture("single", ("PCGrad",), name, MANY)
                found += [one] if broken(one, MANY) is None else []
            said[name] = [*before, *found]
            yield from found


def _in(name: str, before: Sequence[Conjecture]) -> Iterator[Conjecture]:
    met: set[frozenset[str]] = set()
    for relation in ("equal", "parallel", "along"):
        for group in _classes(name, relation):
            wider = any(set(group) <= set(one.members) and _implies(one.relation, relation)
                        for one in before)  # fmt: skip
            if not wider and not any(set(group) <= each for each in met):
                met.add(frozenset(group))
                yield Conjecture(relation, group, name, CASES)
    for relation in CONES:
        kept = tuple(v for v in VARIANTS if _stands(Conjecture(relation, (v,), name, CASES)))
        known = {m for one in before if one.relation == relation for m in one.members}
        if new := tuple(v for v in kept if v not in known):
            yield Conjecture(relation, new, name, CASES)
    told = {(one.relation, one.members) for one in before}
    for members in combinations(CONES, 2):
        for pair in (members, members[::-1]):
            one = Conjecture("implies", pair, name, CASES)
            if ("implies", pair) not in told and _stands(one):
                yield one
    yield from _chained(name, told)
    if not CONFIGURATIONS[name].within:
        yield from _lengths(name)


def _chained(name: str, told: set[tuple[str, tuple[str, ...]]]) -> Iterator[Conjecture]:
    """What does not change, rise or fall along a parameter."""
    for chain in CHAINS:
        for measure in MEASURES:
            members = (chain, measure)
            if {(relation, members) for relation in CHAINED} & told:
                continue
            for relation in CHAINED:
                one = Conjecture(relation, members, name, CASES)
                if _stands(one):
                    yield one
                    break


def _lengths(name: str) -> Iterator[Conjecture]:
    """Which direction is never longer than which, without what follows from two others."""
    linear = [name for name, (method, _) in VARIANTS.items() if METHODS[method].degree]
    below = {
        (a, b) for a, b in permutations(linear, 2)
        if _stands(Conjecture("no-longer", (a, b), name, CASES))
    }  # fmt: skip
    strict = {(a, b) for a, b in below if (b, a) not in below}
    for a, b in sorted(strict):
        if not any((a, c) in strict and (c, b) in strict for c in VARIANTS):
            one = Conjecture("no-longer", (a, b), name, LENGTHS)
            if broken(one, LENGTHS) is None:
                yield one


def _implies(stronger: str, weaker: str) -> bool:
    order = ("equal", "parallel", "along")
    return stronger in order and order.index(stronger) <= order.index(weaker)


def _classes(name: str, relation: str) -> list[tuple[str, ...]]:
    """The variants that stand in a relation with each other in every case, two or more."""
    groups: list[list[str]] = []
    for variant in VARIANTS:
        for group in groups:
            if _stands(Conjecture(relation, (group[0], variant), name, CASES)):
                group.append(variant)
                break
        else:
            groups.append([variant])
    return [tuple(group) for group in groups if len(group) > 1]


def _stands(conjecture: Conjecture) -> bool:
    """Whether every case with answers keeps it, and there are enough of them."""
    count = 0
    for rows in cases(conjecture.configuration):
        kept = holds(conjecture, rows)
        if kept is False:
            return False
        count += kept is True
    return count >= LEAST
