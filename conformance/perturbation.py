"""Every answer that the rounding model allows: the tree of outcomes of the open branches.

What is granted and why stands in `conformance.tolerance`, how far one run moves in
`conformance.sensitivity`. The tree is grown only as far as somebody asks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flint import arb, ctx

from conformance import tolerance
from conformance.meeting import apart, distances, joined
from conformance.sensitivity import Bounds, Run, run, traced
from conformance.setting import Setting
from mtl_reference.method import Decision, Trace


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer that the open branches allow: the run that leads to it, and its bounds.

    ``exact`` is True where it is the exact answer.
    """

    trace: Trace
    bounds: Bounds
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """Every outcome of an input; the first is the exact answer's, where that one has a bound.

    ``complete`` is False where some outcome has no finite bound; ``excessive`` is True where
    there are more outcomes than are judged; ``defined`` is False where, on some outcome, the
    method has no answer at this very input: whoever takes that branch may refuse.
    """

    outcomes: tuple[Outcome, ...]
    complete: bool = True
    excessive: bool = False
    defined: bool = True


def turns(setting: Setting) -> tuple[tuple[Decision, arb], ...]:
    """The decisions of the exact run, each with how far one unit of the model turns it.

    A decision is closed if its |value| exceeds that times (d + 2) u. Empty where the method has
    no finite answer.
    """
    with ctx.workprec(tolerance.BITS):
        root = run(setting, {})
        if root is None:
            return ()
        return tuple((decision, root.turns[decision.name]) for decision in root.trace.decisions)


def analysis(setting: Setting) -> Analysis:
    """Every outcome that the rounding model allows; at most 16, else ``excessive``."""
    return Outcomes(setting).analysis


def certain(root: Run) -> bool:
    """Take the first run for the exact answer's."""
    return not root.near


class Outcomes:
    """The tree of outcomes of a setting, grown as it is walked.

    ``answers`` says whether the first run gives the exact answer. Where it does not although it is
    the exact Gramian's, nothing is known. Where it is a neighbour's, it is one outcome of others.
    """

    def __init__(self, setting: Setting, answers: Callable[[Run], bool] = certain) -> None:
        self.setting, self.runs = setting, 0
        self.complete, self.defined, self.excessive = True, True, False
        self.met: list[Outcome] = []  # as they were found
        self.found: list[Outcome] = []  # with bounds for all ways that lead to them
        with ctx.workprec(tolerance.BITS):
            root = run(setting, {})
            self.singular = traced(setting, setting.point, {}) is None
            exact = root is not None and answers(root)
            if not exact:
                self.complete = self.defined = False
            elif root is None or root.bounds is None or self._unsettled(root):
                self.complete = False
        self.exact = exact
        known = root is not None and (exact or root.near)
        self.growth = self._grow(root, {}) if root is not None and known else iter(())

    def _unsettled(self, root: Run) -> bool:
        """Whether a run beside a singular Gramian may also lie beside one of another rank.

        There the answers of either rank are near, and the first order sees one of them.
        """
        return self.singular and root.near and self.setting.unsettled(root.trace)

    def __iter__(self) -> Iterator[Outcome]:
        """Each outcome as it is found, with the bounds of its own run alone."""
        place = 0
        while place < len(self.met) or self._step():
            yield from self.met[place:]
            place = len(self.met)

    @property
    def analysis(self) -> Analysis:
        """All of them: each with bounds for whatever branches lead to it."""
        while self._step():
            pass
        kept = tuple(self.found[: tolerance.OUTCOMES])
        return Analysis(kept, self.complete, self.excessive, self.defined)

    def _step(self) -> bool:
        """Find one more outcome; False where there is none."""
        with ctx.workprec(tolerance.BITS):
            return next(self.growth, None) is not None

    def _grow(self, node: Run, fixed: Mapping[str, bool]) -> Iterator[Outcome]:
        """Add the node's own outcome, then those of each open decision taken the other way.

        A decision whose turn leaves the answer where it was (the branches meet there) has its
        effect added to the node's bound. Only what is decided otherwise for it is followed.
        """
        place = len(self.found)
        if node.bounds is not None:
            exact = self.exact and not fixed
            outcome = Outcome(node.trace, node.bounds, exact)
            self.met.append(outcome)
            self.found.append(outcome)
            yield outcome
        yield from self._turns(node, place, fixed, node.trace.decisions)

    def _turns(
        self, node: Run, place: int, fixed: Mapping[str, bool], asked: Sequence[Decision]
    ) -> Iterator[Outcome]:
        """Turn each open decision of those asked, the ones before it held as they are."""
        settled = dict(fixed)
        for decision in asked:
            turn = node.turns[decision.name]
            if decision.name in settled or not self._open(decision.value, turn):
                continue
            if self.setting.known(decision):
                continue
            if len(self.found) > tolerance.OUTCOMES or self.runs >= tolerance.RUNS:
                self.excessive = True
                return
            yield from self._turn(node, place, settled | {decision.name: not decision.outcome})
            settled[decision.name] = decision.outcome

    def _turn(self, node: Run, place: int, fixed: Mapping[str, bool]) -> Iterator[Outcome]:
        """Follow the outcomes that are fixed, the last of which is not the node's."""
        trace = traced(self.setting, self.setting.point, fixed)
        if trace is None:
            self.defined = self.defined and self.singular
        elif any(fixed.get(one.name, one.outcome) is not one.outcome for one in trace.decisions):
            return  # the outcome is impossible
        self.runs += 1
        child = run(self.setting, fixed)
        if child is not None and self._contradicts(child):
            return
        limit = self.setting.ceiling(node.trace)
        if limit is not None:
            self._bend(node, place, child, limit)
            return
        if child is None or child.bounds is None or (child.near and trace is not None):
            self.complete = self.complete and child is None and self.singular
        seen = apart(self.setting, node, child) if child is not None else None
        if child is not None and seen is not None:
            self._join(place, seen)
            before = {each.name: each.outcome for each in node.trace.decisions}
            news = [d for d in child.trace.decisions if before.get(d.name) is not d.outcome]
            yield from self._turns(child, place, fixed, news)
        elif child is not None:
            yield from self._grow(child, fixed)

    def _contradicts(self, child: Run) -> bool:
        """Whether a run refutes the outcomes that it was given: no moved Gramian leads there.

        On a support forced upon it, a program measures anew which rows belong to the support.
        """
        return any(
            bool(decision.value > 0) is not decision.outcome
            and not self._open(decision.value, child.turns[decision.name])
            for decision in child.trace.decisions
        )

    def _bend(self, node: Run, place: int, child: Run | None, limit: arb) -> None:
        """Take a turn of a method that minimises: all that moved Gramians lead to is near.

        So it has but one outcome. A support whose answer lies beyond admits nothing.
        """
        here = node.bounds
        if here is None:
            return
        if child is None or child.bounds is None:
            self._join(place, Bounds({**here.rows, "direction": (limit,)}))
            return
        gap = distances(self.setting, node.trace, child.trace)["direction"][0]
        if gap <= limit:
            least = min(limit, child.bounds.rows["direction"][0] + gap)
            weights = child.bounds.rows["weights"]
            self._join(place, Bounds({**here.rows, "direction": (least,), "weights": weights}))

    def _join(self, place: int, bounds: Bounds) -> None:
        """Make an outcome's bounds serve for another way to it, too."""
        kept = self.found[place]
        self.found[place] = replace(kept, bounds=joined(kept.bounds, bounds))

    def _open(self, value: arb, turn: arb) -> bool:
        """Whether some move of the model turns the sign of a tested quantity.

        The worst case over all moves is the sum of their effects, not the root of the sum of
        squares. Where no move has any effect the sign is known, be it zero.
        """
        reach = turn * arb(tolerance.worst_case(self.setting.width, self.setting.dtype))
        return not (reach.is_zero() or bool(abs(value) > reach))
