"""The record of a run as a page of Markdown: what was reached, and the tables behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from conformance.torch_runner.bench.grid import Size

Record = Mapping[str, Any]
PASSES = 2
"""A method of the Gramian reads the jacobian twice."""

ITEM = {"bfloat16": 2, "float32": 4, "float64": 8}


def page(record: Record) -> str:
    """The whole page, its headings at the second level."""
    parts = [told(record), reached(record), ratios(record), milliseconds(record), beside(record)]
    parts += [dropping(record), entries(record), weighed(record), share(record), missing(record)]
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def told(record: Record) -> Iterator[str]:
    """The machine and the conditions."""
    machine = record["machine"]
    versions = machine["versions"] | record["peers"]
    where = "" if machine["device"] == "cpu" else f" and {machine['device']}"
    yield "## Where and how"
    yield ""
    yield (
        f"{machine['processor']}{where}, {machine['cores']} cores, {machine['threads']} thread"
        f"{'' if machine['threads'] == 1 else 's'}, {machine['system']}; "
        f"{', '.join(f'{name} {version}' for name, version in versions.items())}. "
        f"{record['dtype']}, {record['rounds']} interleaved rounds, medians; load "
        f"{machine['load']['before']} before and {machine['load']['after']} after."
    )
    if machine["busy"]:
        yield ""
        yield "**Other work kept the machine busy: ratios are rough, and milliseconds say little.**"


def reached(record: Record) -> Iterator[str]:
    """The targets: how many are met of each kind, and every one that is not."""
    found = record["targets"]
    yield "## Targets"
    yield ""
    yield "| target | met | nearest to its bound | measured | bound |"
    yield "| --- | --- | --- | --- | --- |"
    for name in dict.fromkeys(each["target"] for each in found):
        those = [each for each in found if each["target"] == name]
        worst = max(those, key=lambda each: each["measured"] / each["bound"])
        count = f"{sum(each['met'] for each in those)} of {len(those)}"
        yield f"| {name} | {count} | {worst['place']} | {figures(worst)} |"
    unmet = [each for each in found if not each["met"]]
    if unmet:
        yield ""
        yield "Not met:"
        yield ""
        yield "| target | where | measured | bound |"
        yield "| --- | --- | --- | --- |"
        for each in unmet:
            yield f"| {each['target']} | {each['place']} | {figures(each)} |"


def figures(target: Record) -> str:
    """What was measured, and the bound."""
    return f"{target['measured']:.3g} | {target['bound']:.3g}"


def ratios(record: Record) -> Iterator[str]:
    """Whole aggregations over the limit."""
    yield "## Whole aggregation, over the limit G @ G.T, then w @ G"
    yield ""
    yield from grid(record, own(record), lambda each: f"{each['ratio']:.2f}")


def milliseconds(record: Record) -> Iterator[str]:
    """The same in milliseconds, with quartiles, below the parts of the limit."""
    yield "## Milliseconds, with quartiles"
    yield ""
    heads = [str(size) for size in sizes(record)]
    yield from header("", heads)
    for part, name in (("product", "G @ G.T"), ("combination", "w @ G"), ("both", "both")):
        cells = [quartiles(at["limit"][part]) for at in record["sizes"]]
        yield f"| {name} | {' | '.join(cells)} |"
    yield from rows(record, own(record), lambda each: quartiles(each["timing"]))
    yield from rows(record, others(record), lambda each: quartiles(each["timing"]))


def beside(record: Record) -> Iterator[str]:
    """How many times longer each peer takes than our aggregator of the same name."""
    if not any(at["peers"] for at in record["sizes"]):
        return
    yield "## Peers, in our times: how many times longer each takes"
    yield ""
    yield from header("", [str(size) for size in sizes(record)])
    for peer, method in others(record):
        line = [f"| {peer} {method}"]
        for at in record["sizes"]:
            theirs = entry(at, peer, method)
            ours = entry(at, "torch", method)
            if theirs is None or ours is None:
                line.append("–")
            else:
                line.append(f"{theirs['timing']['median'] / ours['timing']['median']:.2f}")
        yield " | ".join(line) + " |"


def dropping(record: Record) -> Iterator[str]:
    """GradDrop in passes over the jacobian."""
    those = [each for each in [*own(record), *others(record)] if each[1] == "graddrop"]
    if not those:
        return
    yield "## GradDrop in passes over G (w @ G), its uniforms given"
    yield ""
    yield from grid(record, those, lambda each: f"{each['passes']:.1f}")


def entries(record: Record) -> Iterator[str]:
    """Errors of the Gramian's entries."""
    yield "## Error of the Gramian's entries, in products of lengths"
    yield ""
    yield from header("", [str(size) for size in sizes(record)])
    for name, label in (("own", "torch"), ("plain", "G @ G.T")):
        cells = [f"{at['entries'][name]:.0e}" for at in record["sizes"]]
        yield f"| {label} | {' | '.join(cells)} |"


def weighed(record: Record) -> Iterator[str]:
    """Memory beside the jacobian."""
    if not record["memory"]:
        return
    yield "## Memory beside the jacobian, its direction included, in jacobians"
    yield ""
    yield "| method | size | share | MB |"
    yield "| --- | --- | --- | --- |"
    for each in record["memory"]:
        size = Size(each["tasks"], each["width"])
        yield f"| {each['method']} | {size} | {each['share']:.2f} | {each['bytes'] / 10**6:.1f} |"


def share(record: Record) -> Iterator[str]:
    """Two passes over the jacobian as a share of a device's bandwidth."""
    speed = record["machine"]["bandwidth"]
    yield "## Share of the device's bandwidth"
    yield ""
    if speed is None:
        yield "Measured on a device only; there was none in this run."
        return
    yield f"Of {speed / 10**9:.0f} GB/s, what a copy reaches, two passes over G in the time taken:"
    yield ""
    item = ITEM[record["dtype"]]

    def taken(each: Record) -> str:
        seconds = each["timing"]["median"] / 1000
        return f"{PASSES * item * each['numbers'] / seconds / speed:.2f}"

    yield from grid(record, own(record), taken)


def missing(record: Record) -> Iterator[str]:
    """What was not timed, and why."""
    if not record["left_out"]:
        return
    yield "## Not timed"
    yield ""
    for each in record["left_out"]:
        what = " ".join(part for part in (each["side"], each["method"], each["size"]) if part)
        yield f"* {what}: {each['reason']}"


def quartiles(timing: Record) -> str:
    """The median, and the quartiles around it."""
    return f"{timing['median']:.3g} ({timing['lower']:.3g}–{timing['upper']:.3g})"


def sizes(record: Record) -> list[Size]:
    """The sizes of a record."""
    return [Size(at["tasks"], at["width"]) for at in record["sizes"]]


def own(record: Record) -> list[tuple[str, str]]:
    """Our aggregators as (side, method)."""
    found = [("torch", each["method"]) for at in record["sizes"] for each in at["methods"]]
    return sorted(set(found), key=lambda each: each[1])


def others(record: Record) -> list[tuple[str, str]]:
    """The peers' as (peer, method)."""
    found = {(each["peer"], each["method"]) for at in record["sizes"] for each in at["peers"]}
    return sorted(found, key=lambda each: (each[1], each[0]))


def entry(at: Record, side: str, method: str) -> dict[str, Any] | None:
    """What was timed of a side at one size, if anything."""
    those = at["methods"] if side == "torch" else at["peers"]
    named = [each for each in those if each["method"] == method]
    found = [each for each in named if each.get("peer", "torch") == side]
    numbers = at["tasks"] * at["width"]
    return found[0] | {"numbers": numbers} if found else None


def header(first: str, heads: Sequence[str]) -> Iterator[str]:
    """The head of a table."""
    yield f"| {first} | {' | '.join(heads)} |"
    yield f"| --- |{' --- |' * len(heads)}"


def grid(
    record: Record, lines: Sequence[tuple[str, str]], told: Callable[[Record], str]
) -> Iterator[str]:
    """A table with a line for each (side, method) and a column for each size."""
    yield from header("", [str(size) for size in sizes(record)])
    yield from rows(record, lines, told)


def rows(
    record: Record, lines: Sequence[tuple[str, str]], told: Callable[[Record], str]
) -> Iterator[str]:
    """The lines of such a table."""
    for side, method in lines:
        found = [entry(at, side, method) for at in record["sizes"]]
        cells = ["–" if each is None else told(each) for each in found]
        name = method if side == "torch" else f"{side} {method}"
        yield f"| {name} | {' | '.join(cells)} |"
