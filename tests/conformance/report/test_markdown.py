"""Markdown: text from elsewhere stays text for a reader of Markdown, in prose and in code."""

import pytest
from markdown_it import MarkdownIt

from conformance.report.markdown import code, plain

HOSTILE = [
    "<img src=x onerror=alert(1)> &lt;",
    "[a](javascript:x) ![b](x) <http://c>",
    "`` ` ``` code |`",
    "*bold* _thin_ **both** ~~gone~~ # no head",
    "a\n\n# head\n\n* item\n\n```\nblock",
    "http://example.org www.example.org @somebody #1",
    "\\\\` \x1b[2J \u202e \ud800 \x00",
    "`",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_is_text_and_nothing_else(text: str) -> None:
    """No tag, link, image, emphasis or block; no line is broken, no control character is left."""
    escaped = plain(text)
    blocks = MarkdownIt("gfm-like", {"linkify": False}).parse(f"x {escaped}")
    assert [block.type for block in blocks] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in blocks[1].children or ()} <= {"text", "text_special"}
    assert escaped.isprintable()


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_code_is_one_span(text: str) -> None:
    """Whatever backticks stand in it."""
    (inline,) = MarkdownIt("commonmark").parse(f"x {code(text)} y")[1:2]
    kinds = [child.type for child in inline.children or ()]
    assert kinds == ["text", "code_inline", "text"]


def test_nobody_is_called_and_nothing_is_linked() -> None:
    """Where a comment shows the page, an @name would notify, and an address become a link."""
    shown = plain("@octocat #12 http://x www.x")
    assert shown == "@&#8203;octocat \\#&#8203;12 http\\://x www\\.x"
