"""HTML that is escaped unless it was built here: text enters a page only through ``element``."""

import html
from typing import final

from conformance.report.words import visible

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})


@final
class Markup(str):
    """Text that is HTML already; every other ``str`` is escaped when it enters an element."""

    __slots__ = ()


Child = str | int | float | None


def escaped(child: Child) -> str:
    """A child as HTML: markup as it is, nothing for None, anything else escaped."""
    if child is None:
        return ""
    return child if isinstance(child, Markup) else html.escape(visible(str(child)), quote=True)


def element(tag: str, *children: Child, **attributes: object) -> Markup:
    """An element; ``class_`` stands for class, other underscores for hyphens, None for absent."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escaped(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{''.join(map(escaped, children))}</{tag}>")


def joined(*children: Child) -> Markup:
    """Children side by side without an element around them."""
    return Markup("".join(map(escaped, children)))
