"""The report: everything foreign is escaped, nothing is loaded, partial runs are told."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.cli.summary import lines, status
from conformance.cli.trouble import Exit
from conformance.report import plots
from conformance.report.html import page
from conformance.report.markup import element, joined
from conformance.report.reading import read

EVIL = "<img src=x onerror=alert(1)>\"'&`|](javascript:x)"


def law(verdict: str, *, gates: bool = True) -> dict[str, Any]:
    """One law's entry in a certificate."""
    counts = {"pass": 3, "fail": int(verdict == "fail")}
    return {
        "verdict": verdict,
        "gates": gates,
        "counts": counts,
        "worst_margin": None,
        "counterexample": f"failures/{EVIL[:4]}" if verdict == "fail" else None,
    }


def folder(place: Path, *, name: str = "made", footer: bool = True, verdict: str = "fail") -> Path:
    """A result folder with one method of one failing law, every text in it hostile."""
    failed = verdict == "fail"
    method = {
        "verdict": "not-certified" if failed else "certified",
        "grade": "B" if failed else "A",
        "worst_scaled_error": 77.0,
        "laws": {"accuracy": law(verdict), EVIL: law("pass", gates=False)},
        "claim_kept": True,
    }
    header = {"record": "header", "backend": name, "describe": {"name": EVIL, "version": EVIL}}
    point: dict[str, Any] = {"record": "verdict", "method": "mgda", "law": EVIL, "dtype": "float64"}
    point |= {"verdict": verdict, "scaled_error": 77.0, "relative_error": 1.0, "condition": 9.0}
    job = {
        "record": "job",
        "method": "mgda",
        "law": EVIL,
        "verdict": "fail",
        "message": f"weak {EVIL}",
    }
    records = [header, point, job, *([{"record": "footer"}] if footer else [])]
    predicate = {"methods": {"mgda": method, "sum": {"verdict": "unsupported"}}, "limits": EVIL}
    statement = {"subject": [{"name": EVIL, "digest": {"sha256": "ab"}}], "predicate": predicate}
    case = place / "failures" / "mgda-1"
    case.mkdir(parents=True)
    (place / "results.jsonl").write_text("\n".join(map(json.dumps, records)))
    (place / "certificate.json").write_text(json.dumps(statement))
    (case / "case.json").write_text(json.dumps({"method": EVIL, "inputs": {"jacobian": [[EVIL]]}}))
    seen = [{"status": EVIL, "message": EVIL, "outputs": {EVIL: [EVIL]}, "jacobian": [[EVIL]]}]
    observed = {"verdict": EVIL, "message": EVIL, "expected": {EVIL: [EVIL]}, "observed": seen * 2}
    (case / "observed.json").write_text(json.dumps(observed))
    return place


class Loads(HTMLParser):
    """What a page would load or run: tags, their attributes, and event handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element would fetch."""
        self.tags.append(tag)
        for name, value in attrs:
            outside = name in {"src", "srcset", "data", "action", "background", "poster"}
            link = name in {"href", "xlink:href"} and not str(value).startswith("#")
            if outside or link or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")


def test_children_are_escaped_unless_built_here() -> None:
    """Text and attributes are escaped; elements are kept."""
    inner = element("b", "<x>", title='"')
    assert element("p", inner, "&") == '<p><b title="&quot;">&lt;x&gt;</b>&amp;</p>'
    assert joined("<", inner).startswith("&lt;<b")


def test_joining_escaped_text_with_plain_text_is_plain() -> None:
    """Markup that is put together with text by hand is text again, and so is escaped."""
    assert element("p", element("b", "x") + "<i>") == "<p>&lt;b&gt;x&lt;/b&gt;&lt;i&gt;</p>"


@pytest.mark.parametrize("footer", [True, False])
def test_a_hostile_backend_adds_no_element(tmp_path: Path, *, footer: bool) -> None:
    """Nothing that a backend says becomes an element, a handler or a load."""
    found = Loads()
    text = page([read(folder(tmp_path, name=EVIL, footer=footer))])
    found.feed(text)
    assert found.found == []
    assert "img" not in found.tags
    assert found.tags.count("script") == 1
    assert "<img" not in text


def test_the_page_names_no_host(tmp_path: Path) -> None:
    """No address of another host stands in the page, its styles or its drawings."""
    text = page([read(folder(tmp_path))])
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text) == []
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_the_page_shows_verdicts_in_signs_and_words(tmp_path: Path) -> None:
    """A verdict is told by a sign, and in words for those who do not see it."""
    text = page([read(folder(tmp_path))])
    assert "0 of 1 methods certified; 1 not offered" in text
    assert 'class="unseen">not certified' in text
    assert "✗" in text
    assert "weak &lt;img" in text
    assert "mtl-conformance reproduce" in text


def test_without_matplotlib_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the plotter the page still stands, with the extra that brings it."""
    monkeypatch.setattr(plots, "available", lambda: False)
    text = page([read(folder(tmp_path))])
    assert "mtl-reference[plots]" in text
    assert "<svg" not in text


def test_drawings_are_alike_and_share_no_ids(tmp_path: Path) -> None:
    """The same results draw the same bytes; ids in one page are unique, references resolve."""
    runs = [read(folder(tmp_path / name, name=name)) for name in ("a", "b")]
    text = page(runs)
    assert text == page(runs)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#(p[^"]+)"', text)) <= set(ids)


def test_the_worst_points_survive_thinning(tmp_path: Path) -> None:
    """However many points there are, the drawing keeps the worst and stays small."""
    place = folder(tmp_path)
    header, point, _, footer = (place / "results.jsonl").read_text().splitlines()
    many = [json.dumps(json.loads(point) | {"scaled_error": 1 / (k + 1)}) for k in range(9999)]
    (place / "results.jsonl").write_text("\n".join([header, *many, point, footer]))
    points = read(place).points
    assert max(each.scaled or 0 for each in plots.thinned(points)) == 77.0
    assert len(plots.relative(points, "x")) < 200_000


def test_a_partial_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Results without a footer: the pages say partial, and the exit status is 3."""
    assert main(["report", str(folder(tmp_path, footer=False)), "--json"]) == Exit.BROKEN
    assert json.loads(capsys.readouterr().out)["partial"] == ["made"]
    assert "interrupted" in (tmp_path / "report.html").read_text()
    assert "interrupted" in (tmp_path / "report.md").read_text()


def test_folders_below_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of result folders gives one page on all of them."""
    for name in ("one", "two"):
        folder(tmp_path / name, name=name)
    assert main(["report", str(tmp_path)]) == Exit.OK
    capsys.readouterr()
    text = (tmp_path / "report.html").read_text()
    assert 'href="#b0"' in text
    assert 'href="#b1"' in text


def test_a_torn_results_file_is_told_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A results file that cannot be read is named with its line."""
    place = folder(tmp_path)
    (place / "results.jsonl").write_text('{"record": "header"}\n{"reco')
    assert main(["report", str(place)]) == Exit.USAGE
    assert "results.jsonl, line 2" in capsys.readouterr().err


def test_markdown_leaves_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing foreign is a tag, a link or a cell border in the Markdown page."""
    main(["report", str(folder(tmp_path, name=EVIL))])
    capsys.readouterr()
    text = (tmp_path / "report.md").read_text()
    assert "<img" not in text.replace("\\<", "")
    assert not re.search(r"(?<!\\)\]\(", text)


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
    methods = {name: {"verdict": verdict} for name, verdict in verdicts.items()}
    assert status({"predicate": {"methods": methods}}) == expected


def test_the_summary_fits_80_columns(tmp_path: Path) -> None:
    """The table of ``certify`` names what did not pass and how to see it again."""
    place = folder(tmp_path)
    statement = json.loads((place / "certificate.json").read_text())
    text = lines("made", statement, place)
    assert any("not passed: accuracy" in line for line in text)
    assert any(line.strip().startswith("mtl-conformance reproduce") for line in text)
    assert max(len(line) for line in text if str(tmp_path) not in line) <= 100


def test_the_page_recomputes_the_papers_tables(tmp_path: Path) -> None:
    """The folded section names a cell that no convention explains, with what was expected."""
    text = page([read(folder(tmp_path))])
    section = text[text.index("The papers") :]
    assert "recon-15" in section
    assert "[5.2759, 5.3278]" in section
