"""The page in a real browser: filters, links, hostile text, a page without script."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

Tables = Mapping[str, Mapping[str, Mapping[str, str]]]
Run = Callable[..., Any]
Open = Callable[..., Run]

LAWS_SHOWN = """
return [...document.querySelectorAll(".matrix tr[data-l]")]
  .filter((row) => row.checkVisibility())
  .map((row) => `${row.closest("tbody").dataset.m}/${row.dataset.l}`);
"""
VISIBLE = (
    "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).length;"
)
CHOOSE = """
const field = document.getElementById(`filter-${arguments[0]}`);
field.value = arguments[1];
field.dispatchEvent(new Event("input", { bubbles: true }));
"""
LOST = """
return [...document.querySelectorAll("a[href^='#']")]
  .filter((link) => !document.getElementById(link.getAttribute("href").slice(1))).length;
"""
TROUBLE = ("fail", "crash", "timeout", "protocol", "xpass")


@pytest.fixture(name="open_page")
def _open_page(browser: "Chrome") -> Iterator[Open]:
    """What opens a page anew and answers scripts; at the end the console must be clean."""

    def opened(page: Path, place: str = "") -> Run:
        browser.get("about:blank")
        browser.get(page.as_uri() + place)
        return browser.execute_script

    browser.get_log("browser")
    yield opened
    assert browser.get_log("browser") == []


def rows(tables: Tables, want: Mapping[str, str]) -> list[str]:
    """The rows that a filter leaves, worked out from the verdicts."""
    found = set()
    for label, methods in tables.items():
        for method, laws in methods.items():
            for law, verdict in laws.items():
                facts = {"backend": label, "method": method, "law": law, "verdict": verdict}
                wanted = want | ({"verdict": verdict} if is_problem(want, verdict) else {})
                if facts | wanted == facts:
                    found.add(f"{method}/{law}")
    return sorted(found)


def is_problem(want: Mapping[str, str], verdict: str) -> bool:
    """Whether a filter asks for every problem, and a verdict is one."""
    return want.get("verdict") == "problem" and verdict in TROUBLE


@pytest.mark.parametrize(
    "want",
    [
        {"backend": "made 2"},
        {"method": "mgda"},
        {"law": "span"},
        {"verdict": "fail"},
        {"verdict": "problem"},
        {"backend": "made 1", "law": "accuracy"},
        {"backend": "made 2", "method": "mgda", "law": "accuracy", "verdict": "crash"},
        {"backend": "other", "verdict": "crash"},
    ],
)
def test_filters_leave_what_matches(
    open_page: Open, page: Path, tables: Tables, want: Mapping[str, str]
) -> None:
    """Each filter alone and filters together leave the rows that match; reset brings all back."""
    run = open_page(page)
    run("document.getElementById('unfold').click()")
    for name, value in want.items():
        run(CHOOSE, name, value)
    assert sorted(run(LAWS_SHOWN)) == rows(tables, want)
    assert (run(VISIBLE, "#nothing") == 1) is (rows(tables, want) == [])
    run("document.getElementById('reset').click()")
    assert sorted(run(LAWS_SHOWN)) == rows(tables, {})
    assert "=" not in run("return location.hash")


def test_a_link_keeps_the_filters(open_page: Open, page: Path, tables: Tables) -> None:
    """The address after a choice, opened anew, shows the same and says so in the form."""
    run = open_page(page)
    run(CHOOSE, "backend", "made 2")
    run(CHOOSE, "verdict", "problem")
    place = run("return location.hash")
    run = open_page(page, place)
    want = {"backend": "made 2", "verdict": "problem"}
    assert sorted(run(LAWS_SHOWN)) == rows(tables, want) == ["cagrad/span", "mgda/accuracy"]
    chosen = run(
        "return ['backend', 'verdict'].map((f) => document.getElementById(`filter-${f}`).value)"
    )
    assert chosen == ["made 2", "problem"]


@pytest.mark.parametrize(
    "place", ["#backend=nobody", "#verdict=%E0%A4%A", "#=", "#a=b&method=", "#%E0%A4%A", "#nowhere"]
)
def test_an_address_of_nothing_shows_all(
    open_page: Open, page: Path, tables: Tables, place: str
) -> None:
    """An address that names no filter, no place or no text at all shows everything."""
    run = open_page(page, place)
    run("document.getElementById('unfold').click()")
    assert sorted(run(LAWS_SHOWN)) == rows(tables, {})


def test_the_count_tells_what_is_shown(open_page: Open, page: Path) -> None:
    """The count follows the filters, in a region that is read out when it changes."""
    run = open_page(page)
    count = "return document.getElementById('count').textContent"
    assert run(count) == "Shown: 14 of 14 verdicts, 3 of 3 methods, 2 of 2 failures."
    run(CHOOSE, "method", "cagrad")
    assert run(count) == "Shown: 6 of 14 verdicts, 1 of 3 methods, 1 of 2 failures."
    run(CHOOSE, "backend", "made 1")
    assert run(count) == "Shown: 2 of 14 verdicts, 1 of 3 methods, 0 of 2 failures."
    assert run("return document.getElementById('count').ariaLive") == "polite"


def test_filters_reach_methods_failures_and_columns(open_page: Open, page: Path) -> None:
    """A filter narrows the whole page: columns of runs, method pages, failures, changes."""
    run = open_page(page, "#backend=made+2&method=mgda")
    assert run(VISIBLE, ".matrix thead th[data-b]") == 1
    assert run(VISIBLE, "details.method") == 1
    assert run(VISIBLE, ".failure") == 1
    run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert run(VISIBLE, ".laws thead th[data-b]") == 1
    assert run(VISIBLE, ".plain tr[data-m='cagrad']") == 0
    assert run(VISIBLE, ".plain tr[data-m='mgda']") > 0


def test_every_link_leads_somewhere(open_page: Open, page: Path, hostile_page: Path) -> None:
    """Each link within the page has its place, in the browser's own reading of the page."""
    for each in (page, hostile_page):
        assert open_page(each)(LOST) == 0


def test_a_link_opens_what_it_leads_to(open_page: Open, page: Path) -> None:
    """A link to a failure opens it, brings it into view, and lifts a filter that hides it."""
    place = "failure.1.mgda-accuracy"
    seen = """
    const at = document.getElementById(arguments[0]);
    const box = at.getBoundingClientRect();
    return at.open && at.checkVisibility() && box.top < innerHeight && box.bottom > 0
      && document.activeElement === at;
    """
    assert open_page(page, f"#{place}")(seen, place)
    run = open_page(page, "#backend=other")
    run("location.hash = arguments[0]", place)
    run("return new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 50)); })")
    assert run(seen, place)


def test_hostile_names_stay_text(open_page: Open, hostile_page: Path, evil: str) -> None:
    """No script of a backend runs, no element is added, nothing turns the text's direction."""
    run = open_page(hostile_page)
    assert run("return document.querySelectorAll('script').length") == 1
    assert run("return document.querySelectorAll('img, iframe, object, embed, link').length") == 0
    assert not run("return /[\\x00-\\x08\\x1b\\u202e\\ufffd]/.test(document.body.textContent)")
    shown = evil.split("\x1b", maxsplit=1)[0]
    assert run("return document.body.textContent.includes(arguments[0])", shown)
    labels = run(
        "return [...document.getElementById('filter-backend').options].map((o) => o.value)"
    )
    run(CHOOSE, "backend", labels[2])
    assert run(VISIBLE, ".matrix thead th[data-b]") == 1
    assert run("return new URLSearchParams(location.hash.slice(1)).get('backend')") == labels[2]


def test_without_script_everything_is_there(browser: "Chrome", page: Path, tables: Tables) -> None:
    """Where no script runs the filters stay away and every row, plot and link is shown."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get("about:blank")
        browser.get(page.as_uri())
        by_css = "css selector"
        assert not browser.find_element(by_css, "#filters").is_displayed()
        law_rows = browser.find_elements(by_css, ".matrix tr[data-l]")
        assert len(law_rows) == len(rows(tables, {}))
        assert all(each.is_displayed() for each in law_rows)
        assert browser.find_element(by_css, "svg").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_command_is_copied(open_page: Open, page: Path) -> None:
    """The button beside a command says that it copied it."""
    run = open_page(page)
    run("document.querySelector('.failure').open = true")
    run("document.querySelector('pre.copy button').click()")
    run("return new Promise((done) => setTimeout(done, 100))")
    assert run("return document.querySelector('pre.copy button').textContent") == "Copied"
