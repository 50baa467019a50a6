"""The page for everyone: contrast in light and dark, keyboard, names for screen readers, phones."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

Run = Callable[..., Any]
At = Callable[..., Run]

ENOUGH = 4.5  # contrast of text that WCAG 2.2 AA asks for
LARGE = 3.0  # and of what is no text: dots, lines, the edges of controls
CONTRAST = """
const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
  .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
const ground = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const colour = parse(getComputedStyle(each).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const [selector, property] = arguments;
return [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).map((e) => {
  const style = getComputedStyle(e), under = ground(e), full = parse(style[property]);
  const share = property === "stroke" ? Number(style.strokeOpacity) : 1;
  const [a, b] = [light(full.map((v, at) => share * v + (1 - share) * under[at])), light(under)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return [ratio, e.tagName, e.className.baseVal ?? e.className, e.textContent.slice(0, 30)];
}).sort((a, b) => a[0] - b[0]).slice(0, 3);
"""
TEXTS = (
    "p, li, th, td, a, h1, h2, h3, h4, summary, label, button, select, code, dt, dd, figcaption, "
    "span"
)
WIDE = """
return [document.scrollingElement.scrollWidth, innerWidth,
  [...document.querySelectorAll("body *")].filter((e) => !e.closest(".frame, .unseen")
    && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80))];
"""
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; });"


@pytest.fixture(name="at")
def _at(browser: "Chrome") -> Iterator[At]:
    """What opens a page at a width and in a scheme with everything unfolded."""

    def opened(page: Path, width: int = 1280, scheme: str = "light") -> Run:
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        browser.get("about:blank")
        browser.get(page.as_uri())
        browser.execute_script(f"document.getElementById('unfold').click(); {OPEN_ALL}")
        return browser.execute_script

    yield opened
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_dots_stand_out(at: At, page: Path, scheme: str) -> None:
    """In both schemes every text has a contrast of 4.5 on its ground, dots and controls of 3."""
    run = at(page, scheme=scheme)
    dark = run("return getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    assert dark is (scheme == "dark")
    for selector, property_, least in (
        (TEXTS, "color", ENOUGH),
        (".mark, .chip, .chip *", "color", ENOUGH),
        ("svg text", "fill", ENOUGH),
        (".dots, .bound", "stroke", LARGE),
        ("select, button:not([aria-expanded])", "borderTopColor", LARGE),
    ):
        found = run(CONTRAST, selector, property_)
        assert found[0][0] >= least, found


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_no_wider_than_the_window(
    at: At, page: Path, hostile_page: Path, width: int
) -> None:
    """On a phone and on a desk, with all unfolded, only the frames of tables scroll sideways."""
    for each in (page, hostile_page):
        total, window, beyond = at(each, width=width)(WIDE)
        assert beyond == []
        assert total <= window == width


def test_no_meaning_hangs_on_colour(at: At, page: Path) -> None:
    """Each verdict is a word with a sign; dtypes differ in shape, bounds in their dashes."""
    run = at(page)
    marks = run("""return [...document.querySelectorAll(".matrix .mark")].map((e) =>
        [e.textContent, getComputedStyle(e, "::before").content])""")
    assert len(marks) > 20
    assert all(word and sign not in {"none", "normal"} for word, sign in marks)
    signs = dict(marks)
    assert len({signs[word] for word in ("pass", "fail", "undecided", "crash", "xfail")}) == 5


def test_the_keyboard_reaches_filters_and_links(at: At, browser: "Chrome", page: Path) -> None:
    """Tab leads over the skip link to the sections, the filters and the matrix, in view."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    run = at(page)
    seen = []
    for _ in range(24):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        seen.append(
            run("""const e = document.activeElement, style = getComputedStyle(e);
            return [e.id || e.getAttribute("href") || e.className || e.ariaLabel,
                    style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2]""")
        )
    order = [name for name, _ in seen]
    wanted = ["#results", "#matrix", "filter-backend", "filter-method", "filter-law",
              "filter-verdict", "reset", "unfold", "#method.cagrad"]  # fmt: skip
    assert [name for name in order if name in wanted] == wanted
    assert all(outlined for _, outlined in seen)


def test_keys_choose_a_filter_and_unfold_a_method(at: At, browser: "Chrome", page: Path) -> None:
    """A filter changes by arrow keys, a method's laws fold by the space bar."""
    from selenium.webdriver.common.keys import Keys

    run = at(page)
    browser.find_element("id", "filter-method").send_keys(Keys.ARROW_DOWN)
    assert run("return location.hash") == "#method=cagrad"
    browser.find_element("id", "reset").send_keys(Keys.ENTER)
    button = browser.find_element("css selector", ".matrix tbody button")
    before = button.get_attribute("aria-expanded")
    button.send_keys(Keys.SPACE)
    assert {before, button.get_attribute("aria-expanded")} == {"true", "false"}


def test_everything_has_a_name_and_a_place(at: At, page: Path) -> None:
    """Landmarks, headings in order, labels of controls, headers of cells, names of drawings."""
    run = at(page)
    landmarks = run("return ['header', 'nav', 'main', 'form[role=search]'].map((tag) => "
                    "document.querySelectorAll(tag).length)")  # fmt: skip
    assert landmarks == [1, 1, 1, 1]
    levels = run("return [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => +h.tagName[1])")
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert run(
        "return [...document.querySelectorAll('select')].every((s) => s.labels.length === 1)"
    )
    assert run("return document.querySelectorAll('th:not([scope])').length") == 0
    assert run("return document.querySelectorAll('svg [role=img]:not([aria-label])').length") == 0
    names = "button, a, summary, [role=region]"
    assert run("return [...document.querySelectorAll(arguments[0])].every((e) => "
               "e.ariaLabel || e.textContent.trim())", names)  # fmt: skip
    assert run("return document.documentElement.lang") == "en"
