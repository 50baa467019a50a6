"""The words and signs of a report: verdicts, numbers and inputs as a reader sees them."""

import math
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.printable import printable

# Each verdict's sign, so that no meaning hangs on colour alone, and its tone.
SIGNS = {
    "pass": ("✓", "good"),
    "certified": ("✓", "good"),
    "xfail": ("x", "warn"),
    "undecided": ("?", "warn"),
    "partial": ("…", "warn"),
    "not-run": ("…", "warn"),
    "weak": ("?", "warn"),
    "fail": ("✗", "bad"),
    "not-certified": ("✗", "bad"),
    "xpass": ("✗", "bad"),
    "crash": ("!", "bad"),
    "timeout": ("!", "bad"),
    "protocol": ("!", "bad"),
    "refused": ("⊘", "mute"),
    "skipped": ("–", "mute"),
    "unsupported": ("–", "mute"),
    "not-applicable": ("·", "mute"),
}
LONGEST = 2000
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def sign(verdict: str) -> str:
    """The sign of a verdict."""
    return SIGNS.get(verdict, ("·", "mute"))[0]


def tone(verdict: str) -> str:
    """The tone of a verdict: good, warn, bad or mute."""
    return SIGNS.get(verdict, ("·", "mute"))[1]


def spoken(verdict: str) -> str:
    """A verdict as words."""
    return verdict.replace("-", " ")


def brief(value: object) -> str:
    """A number in at most three significant figures; an em dash where there is none."""
    if value is None or value == "":
        return "—"
    try:
        number = float(str(value))
    except ValueError:
        return clipped(value)
    if not math.isfinite(number):
        return {math.inf: "∞", -math.inf: "−∞"}.get(number, "nan")
    figures, _, power = f"{number:.3g}".replace("-", "−", number < 0).partition("e")
    return f"{figures} · 10{str(int(power)).translate(RAISED)}" if power else figures


def visible(text: str) -> str:
    r"""A text of one line or more whose characters that do not print stand as their escapes.

    >>> print(visible("a\x1b[31m\u202eb"))
    a\x1b[31m\u202eb
    """
    return "\n".join(map(printable, text.split("\n")))


def clipped(value: object) -> str:
    """Any value as text of bounded length."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def counted(counts: Mapping[str, Any]) -> str:
    """Counts as "120 pass, 2 undecided", zeros left out."""
    return ", ".join(f"{count} {spoken(name)}" for name, count in counts.items() if count) or "none"


def assigned(params: Mapping[str, Any]) -> str:
    """Parameters as "c=0.5, alpha=-1"; an em dash where there are none."""
    return ", ".join(f"{name}={value}" for name, value in sorted(params.items())) or "—"


def decimal(cell: object) -> str:
    """A cell of a recorded input, hexadecimal floats shown as the shortest decimal."""
    text = str(cell)
    if "0x" not in text.lower():
        return text
    try:
        return repr(float.fromhex(text))
    except (ValueError, OverflowError):
        return text


def reproduction(case: Path) -> str:
    """The command that runs a recorded failure again."""
    return f"mtl-conformance reproduce {shlex.quote(str(case))}"


def short(digest: object) -> str:
    """The first twelve digits of a digest."""
    return str(digest or "").removeprefix("sha256:")[:12] or "—"


def headline(methods: Mapping[str, Mapping[str, Any]]) -> str:
    """How a run ended, in one sentence."""
    verdicts = [str(facts.get("verdict")) for facts in methods.values()]
    offered = [verdict for verdict in verdicts if verdict != "unsupported"]
    if not offered:
        return "no method was judged"
    kept = offered.count("certified")
    missing = len(verdicts) - len(offered)
    tail = f"; {missing} not offered" if missing else ""
    return f"{kept} of {len(offered)} methods certified{tail}"
