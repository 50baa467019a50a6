"""The report: everything foreign is escaped, nothing is loaded, runs stand side by side."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.cli.summary import lines, status
from conformance.cli.trouble import Exit
from conformance.report import changes, plots
from conformance.report.html import page as page_of
from conformance.report.markup import element, joined
from conformance.report.reading import labels, read

Table = Mapping[str, Mapping[str, str]]
Folder = Callable[..., Path]

BROKEN: Table = {"mgda": {"accuracy": "fail", "shape": "pass"}, "sum": {}}
WHOLE: Table = {"mgda": {"accuracy": "pass", "shape": "pass"}, "sum": {}}
MEGABYTE = 10**6
LARGEST_PLOT = 6_000


class Parts(HTMLParser):
    """What a page holds: tags, ids, links, and whatever would load or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it leads to or fetches."""
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "href":
                self.links.append(str(value))
            if name in {"src", "srcset", "data", "action", "poster"} or name.startswith("on"):
                self.loads.append(f"{tag} {name}={value}")


def test_children_are_escaped_unless_built_here() -> None:
    """Text and attributes are escaped; elements are kept."""
    inner = element("b", "<x>", title='"')
    assert element("p", inner, "&") == '<p><b title="&quot;">&lt;x&gt;</b>&amp;</p>'
    assert joined("<", inner).startswith("&lt;<b")


def test_joining_escaped_text_with_plain_text_is_plain() -> None:
    """Markup that is put together with text by hand is text again, and so is escaped."""
    assert element("p", element("b", "x") + "<i>") == "<p>&lt;b&gt;x&lt;/b&gt;&lt;i&gt;</p>"


def test_what_cannot_be_seen_is_written_out() -> None:
    """Control characters, turns of direction and lone surrogates become escapes."""
    told = element("p", "a\x1b[31m\u202e\ud800\n", title="\x00\u200b")
    assert told == '<p title="\\x00\\u200b">a\\x1b[31m\\u202e\\ud800\n</p>'


def test_a_hostile_backend_adds_no_element(hostile_page: Path) -> None:
    """Nothing that a backend says becomes an element, a handler, a load or a foreign link."""
    text = hostile_page.read_text(encoding="utf-8")
    found = Parts(text)
    assert found.loads == []
    assert "img" not in found.tags
    assert found.tags.count("script") == 1
    assert [each for each in found.links if not re.match(r"#|[ab]/failures/", each)] == []
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_the_page_names_no_host(page: Path) -> None:
    """No address of another host stands in the page, its styles or its drawings."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text) == []
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_links_lead_somewhere_and_ids_are_unique(page: Path, hostile_page: Path) -> None:
    """Every link has its place in the page, or its file beside it; no two places share a name."""
    for place in (page, hostile_page):
        found = Parts(place.read_text(encoding="utf-8"))
        assert len(found.ids) == len(set(found.ids))
        assert {link[1:] for link in found.links if link[0] == "#"} <= set(found.ids)
        files = [link for link in found.links if link[0] != "#"]
        assert files
        assert all((place.parent / link).is_file() for link in files)


def test_an_issue_is_a_link_only_over_https(tmp_path: Path, folder: Folder) -> None:
    """The address of an expected failure leads there if it is https, and is text otherwise."""
    for words, count in (("javascript:alert(1)", 0), ("https://example.org/1", 1)):
        place = folder(tmp_path / words[:5], WHOLE, words=words)
        found = Parts(page_of([read(place)]))
        assert [link for link in found.links if link[0] != "#"] == [words] * count


def test_verdicts_stand_in_signs_and_words(tmp_path: Path, folder: Folder) -> None:
    """A verdict is told by a sign and a word; what jobs say and the command stand beside."""
    text = page_of([read(folder(tmp_path / "made", BROKEN, words="<weak>"))])
    assert "0 of 1 methods certified; 1 not offered" in text
    assert '<span class="mark bad v-not-certified">not certified</span>' in text
    assert '.v-not-certified::before { content: "✗";' in text
    assert "&lt;weak&gt;" in text
    assert "mtl-conformance reproduce" in text


def test_the_same_results_make_the_same_page(tmp_path: Path, folder: Folder) -> None:
    """A page is a function of its runs."""
    runs = [read(folder(tmp_path / name, BROKEN, name=name)) for name in ("a", "b")]
    assert page_of(runs) == page_of(runs)


def test_the_worst_points_survive_thinning(tmp_path: Path, folder: Folder) -> None:
    """However many points there are, the drawing keeps the worst and stays small."""
    run = read(folder(tmp_path / "made", BROKEN, answers=2000))
    window = plots.frame(plots.drawable(run.points))
    assert max(each.scaled or 0 for each in plots.thinned(run.points, window)) == 77.0
    assert len(plots.plot(run.points, window, "", lambda _: None)) < LARGEST_PLOT


def test_a_worst_point_leads_to_its_failure(tmp_path: Path, folder: Folder) -> None:
    """The numbers in a plot and in the list below it are links to the failure of the job."""
    found = Parts(page_of([read(folder(tmp_path / "made", {"mgda": {"accuracy": "fail"}}))]))
    assert found.links.count("#failure.0.mgda-accuracy") == 2 * plots.WORST + 1


@pytest.mark.parametrize("error", ["inf", "nan", 0.0, 5e-324, 1.7e308, None])
def test_every_size_of_error_is_drawn_or_left_out(
    tmp_path: Path, folder: Folder, error: object
) -> None:
    """Errors of no size, of any size and of none at all leave the page standing."""
    place = folder(tmp_path / "made", BROKEN)
    given = {"relative_error": error, "scaled_error": error, "condition": 1.7e308}
    told = map(json.loads, (place / "results.jsonl").read_text().splitlines())
    text = "\n".join(json.dumps(each | given) for each in told)
    (place / "results.jsonl").write_text(text)
    assert ("<svg" in page_of([read(place)])) is (error is not None)


def test_a_relative_error_follows_from_the_scaled_one(tmp_path: Path, folder: Folder) -> None:
    """An answer of which only e and the condition are told, as of a vector, has its place."""
    (point, *_) = read(folder(tmp_path / "made", BROKEN)).points
    told = replace(point, relative=None, scaled=8.0, condition=4.0)
    same = replace(point, relative=32 * 2.0**-53, scaled=8.0, condition=4.0)
    window = plots.frame([same])
    assert plots.drawable([told]) == [told]
    assert plots.plot([told], window, "", lambda _: None) == plots.plot(
        [same], window, "", lambda _: None
    )


def test_runs_of_one_backend_are_told_apart(tmp_path: Path, folder: Folder) -> None:
    """A label has the version where backends are alike, then the digest, then the folder."""
    made = [("a", "x", "1"), ("b", "x", "2"), ("c", "y", "1"), ("d", "z", "3"), ("e", "z", "3")]
    runs = [read(folder(tmp_path / at, WHOLE, name=name, version=v)) for at, name, v in made]
    runs[0] = replace(runs[0], name="first.py:Backend")
    assert labels(runs)[:3] == ("x 1", "x 2", "y")
    assert labels(runs)[3:] == (f"z in {tmp_path / 'd'}", f"z in {tmp_path / 'e'}")


def test_versions_of_one_backend_are_compared(tmp_path: Path, folder: Folder) -> None:
    """Runs of one backend whose version differs are compared, in the order given; others not."""
    made = [("a", "x", "1"), ("b", "y", "1"), ("c", "x", "2"), ("d", "x", "2")]
    tables = [WHOLE, WHOLE, BROKEN, WHOLE]
    runs = [
        read(folder(tmp_path / at, table, name=name, version=version))
        for (at, name, version), table in zip(made, tables, strict=True)
    ]
    assert changes.pairs(runs) == [(0, 2)]
    text = changes.section(runs, labels(runs))
    assert "3 regressions." in text
    assert "1.5" in text
    assert not changes.section(runs[:2], labels(runs[:2]))


def test_sixty_methods_on_four_backends_stay_below_five_megabytes(
    tmp_path: Path, folder: Folder
) -> None:
    """With every drawing as large as one may be, and failures beyond what has room, it is small."""
    from mtl_reference import METHODS
    from properties.laws import LAWS

    verdicts = {law: "fail" if at < 4 else "pass" for at, law in enumerate(list(LAWS)[:16])}
    table = dict.fromkeys(METHODS, verdicts)
    runs = [read(folder(tmp_path / str(at), table, name=str(at), answers=1)) for at in range(4)]
    text = page_of(runs, tmp_path)
    assert "90 more have no room here" in text
    assert len(text.encode()) + LARGEST_PLOT * text.count("<svg") < 5 * MEGABYTE


def test_a_partial_run_is_told(
    tmp_path: Path, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Results without a footer: the pages say partial, and the exit status is 3."""
    place = folder(tmp_path / "made", BROKEN, footer=False)
    assert main(["report", str(place), "--json"]) == Exit.BROKEN
    assert json.loads(capsys.readouterr().out)["partial"] == ["made"]
    assert "interrupted" in (place / "report.html").read_text()
    assert "interrupted" in (place / "report.md").read_text()


def test_folders_below_are_found(
    tmp_path: Path, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of result folders gives one page on all of them."""
    for name in ("one", "two"):
        folder(tmp_path / name, BROKEN, name=name)
    assert main(["report", str(tmp_path)]) == Exit.OK
    capsys.readouterr()
    assert {"run.0", "run.1"} <= set(Parts((tmp_path / "report.html").read_text()).ids)


def test_a_torn_results_file_is_told_by_line(
    tmp_path: Path, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """A results file that cannot be read is named with its line."""
    place = folder(tmp_path / "made", BROKEN)
    (place / "results.jsonl").write_text('{"record": "header"}\n{"reco')
    assert main(["report", str(place)]) == Exit.USAGE
    assert "results.jsonl, line 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["certificate.json", "failures/mgda-accuracy/case.json",
             "failures/mgda-accuracy/observed.json"]
)  # fmt: skip
@pytest.mark.parametrize("text", ["[]", "{}", '{"verdict": []}', "{", "[" * 99999])
def test_a_document_of_another_shape_is_told(
    tmp_path: Path, folder: Folder, name: str, text: str
) -> None:
    """What is no certificate, no case or no observation is refused by the name of its file."""
    place = folder(tmp_path / "made", BROKEN)
    (place / name).write_text(text)
    with pytest.raises(ValueError, match=re.escape(str(place / name))):
        read(place)


def test_a_run_that_judged_nothing_has_a_page(tmp_path: Path) -> None:
    """A journal with no more than its header, and no certificate, makes a page that says so."""
    (tmp_path / "journal.jsonl").write_text('{"record": "header", "backend": "made"}')
    text = page_of([read(tmp_path)])
    assert "no method was judged" in text
    assert "interrupted" in text


def test_vectors_and_expected_failures_are_shown(tmp_path: Path, folder: Folder) -> None:
    """The laws of vectors have sentences, xfail and xpass words, the honoured list a table."""
    table = {"mgda": {"vector": "xfail", "vector-beyond": "pass", "in-training": "xpass"}}
    text = page_of([read(folder(tmp_path / "made", table, words="known bug"))])
    for law in ("vector", "vector-beyond", "in-training"):
        assert re.search(f'id="law.mgda.{law}".*?class="statement">[A-Z][^<]+\\.<', text)
    assert 'class="mark warn v-xfail">xfail' in text
    assert 'class="mark bad v-xpass">xpass' in text
    assert "Expected to fail or skipped (1)" in text


def test_markdown_leaves_no_markup(hostile_page: Path) -> None:
    """Nothing foreign is a tag, a link or a control sequence in the Markdown page."""
    text = (hostile_page.parent / "report.md").read_text(encoding="utf-8")
    assert "<img" not in text.replace("\\<", "")
    assert not re.search(r"(?<!\\)\]\(", text)
    assert not re.search("[\x1b\u202e]", text)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ({"a": "certified", "b": "unsupported"}, Exit.OK),
        ({"a": "certified", "b": "not-certified"}, Exit.NOT_CERTIFIED),
        ({"a": "not-certified", "b": "partial"}, Exit.BROKEN),
        ({"a": "unsupported"}, Exit.BROKEN),
        ({}, Exit.BROKEN),
    ],
)
def test_exit_status_of_a_certificate(verdicts: dict[str, str], expected: Exit) -> None:
    """0: all supported certified; 1: one is not; 3: partial, or nothing supported."""
    methods = {name: {"verdict": verdict, "laws": {}} for name, verdict in verdicts.items()}
    assert status({"predicate": {"methods": methods, "totals": {}, "expected": []}}) == expected


def test_the_summary_fits_80_columns(tmp_path: Path, folder: Folder) -> None:
    """The table of ``certify`` names what did not pass and how to see it again."""
    place = folder(tmp_path / "made", BROKEN)
    statement = json.loads((place / "certificate.json").read_text())
    text = lines("made", statement, place)
    assert any("not passed: accuracy" in line for line in text)
    assert any(line.strip().startswith("mtl-conformance reproduce") for line in text)
    assert max(len(line) for line in text if str(tmp_path) not in line) <= 100


def test_the_page_recomputes_the_papers_tables(page: Path) -> None:
    """The folded section names a cell that no convention explains, with what was expected."""
    text = page.read_text(encoding="utf-8")
    section = text[text.index("The papers") :]
    assert "recon-15" in section
    assert "[5.2759, 5.3278]" in section
