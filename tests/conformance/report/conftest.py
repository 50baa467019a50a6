"""Result folders made by hand, a page on them, and a browser to look at it with."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.certificate import PREDICATE, STATEMENT
from conformance.report import write

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
)  # fmt: skip
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&`|](javascript:x)\x1b[31m\u202e\ud800"
)
NOTHING = {"counterexample": None, "worst_margin": None, "worst_margin_infinite": False}
HONOURED = {"kind": "xfail", "matched": 1, "laws": ["mgda/shape"]}
BAD = ("fail", "crash", "timeout", "protocol", "xpass")

Table = Mapping[str, Mapping[str, str]]
Folder = Callable[..., Path]


def law(verdict: str, case: str | None = None, *, gates: bool = True) -> dict[str, Any]:
    """One law's entry in a certificate."""
    counts = {verdict: 1, "pass": 3}
    return NOTHING | {
        "verdict": verdict, "gates": gates, "counts": counts, "message": "", "counterexample": case,
    }  # fmt: skip


def method(verdicts: Mapping[str, str], name: str, words: str) -> dict[str, Any]:
    """One method's entry: not certified where a law is broken, unsupported without laws."""
    broken = any(verdict in BAD for verdict in verdicts.values())
    standing = "not-certified" if broken else "certified" if verdicts else "unsupported"
    return {
        "verdict": standing,
        "grade": ("B" if broken else "A") if verdicts else None,
        "worst_scaled_error": 77.0 if broken else 1.5,
        "worst_relative_error": 1e-9,
        "claim_kept": True,
        "reasons": [f"accuracy: {words}"] if broken else [],
        "laws": {
            each: law(verdict, case_of(name, each) if verdict in BAD else None)
            for each, verdict in verdicts.items()
        },
    }


def case_of(name: str, law_name: str) -> str:
    """The name of a failure's folder."""
    return re.sub(r"[^a-z-]", "_", f"{name}-{law_name}")


def folder(
    place: Path,
    table: Table,
    *,
    name: str = "made",
    version: str = "1",
    words: str = "plain",
    footer: bool = True,
    answers: int = 9,
) -> Path:
    """A result folder with these verdicts, the failures they name, and every text ``words``."""
    predicate = {
        "suite": {"version": "0", "digest": f"sha256:{sha256('0')}"}, "reference": {},
        "profile": "quick", "seed": 0, "results": f"sha256:{sha256('1')}",
        "methods": {each: method(laws, each, words) for each, laws in table.items()},
        "limits": words, "environment": {"os": words}, "totals": {"pass": 3},
        "expected": [dict.fromkeys(("id", "reason", "issue"), words) | HONOURED],
    }  # fmt: skip
    subject = [{"name": words, "digest": {"sha256": sha256(version)}}]
    statement = {"_type": STATEMENT, "predicateType": PREDICATE}
    statement |= {"subject": subject, "predicate": predicate}
    place.mkdir(parents=True)
    (place / "certificate.json").write_text(json.dumps(statement))
    header = {"record": "header", "backend": name}
    header |= {"describe": {"name": name, "version": version, "language": words}}
    lines = [header, *_lines(table, words, answers), *([{"record": "footer"}] if footer else [])]
    (place / "results.jsonl").write_text("\n".join(map(json.dumps, lines)))
    for each, laws in table.items():
        for one, verdict in laws.items():
            if verdict in BAD:
                _failure(place / "failures" / case_of(each, one), each, one, words)
    return place


def _lines(table: Table, words: str, answers: int) -> Iterator[dict[str, Any]]:
    """What results.jsonl says: some answers of each law, and its job."""
    for name, laws in table.items():
        for place, (one, verdict) in enumerate(laws.items()):
            case = case_of(name, one) if verdict in BAD else None
            key = {"method": name, "law": one, "dtype": "float64", "job": f"{name} {place}"}
            for at in range(answers):
                error = 77.0 / (at + 1)
                size = {"scaled_error": error, "relative_error": error * 1e-16}
                found = {"verdict": verdict, "case": None, "params": {"c": 1}}
                found["condition"] = 1.7 ** (at % 97 + place / 7)
                yield {"record": "verdict"} | key | size | found
            yield {"record": "job"} | key | {"verdict": verdict, "message": words, "case": case}


def _failure(place: Path, name: str, law_name: str, words: str) -> None:
    """A recorded failure with more numbers in a row than a phone is wide."""
    place.mkdir(parents=True)
    row = [float(k).hex() for k in range(40)]
    case = {
        "schema": "case-v1", "id": "0" * 16, "backend": {"name": words, "command": [words]},
        "method": name, "law": law_name, "dtype": "float64", "params": {words: 1},
        "inputs": {"jacobian": [row, row]}, "random": None, "seed": 0, "extra": {words: words},
        "scale": words, "randomness": "none",
    }  # fmt: skip
    seen = {"status": words, "message": words, "outputs": {words: [words]}, "inputs": {}}
    observed = {"verdict": "fail", "message": words, "expected": {words: [words]}}
    observed |= {"observed": [seen] * 2, "float64": [1.0], "reason": words}
    (place / "case.json").write_text(json.dumps(case))
    (place / "observed.json").write_text(json.dumps(observed))


def sha256(text: str) -> str:
    """A digest in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@pytest.fixture(scope="session", name="evil")
def _evil() -> str:
    """Text that would be an element, a link, a control sequence or broken Unicode."""
    return EVIL


@pytest.fixture(scope="session", name="folder")
def _folder() -> Folder:
    """The maker of result folders."""
    return folder


OLD: Table = {
    "cagrad": {"accuracy": "pass", "span": "undecided"},
    "mgda": {"accuracy": "pass", "non-conflict": "xfail", "shape": "pass"},
    "sum": {},
}
NEW: Table = {
    "cagrad": {"accuracy": "pass", "span": "fail"},
    "mgda": {"accuracy": "crash", "non-conflict": "pass", "shape": "skipped"},
    "sum": {"accuracy": "pass"},
}
OTHER: Table = {"cagrad": {"accuracy": "pass", "span": "pass"}, "sum": {"accuracy": "pass"}}


@pytest.fixture(scope="session")
def tables() -> dict[str, Table]:
    """The verdicts in ``page``: of each run by its label, method and law."""
    return {"made 1": OLD, "made 2": NEW, "other": OTHER}


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page on two versions of one backend and on another."""
    out = tmp_path_factory.mktemp("page")
    runs = [folder(out / "old", OLD), folder(out / "new", NEW, version="2")]
    return write([*runs, folder(out / "other", OTHER, name="other")], out, tables=True)[0]


@pytest.fixture(scope="session")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose every text is hostile, names of methods and laws too."""
    out = tmp_path_factory.mktemp("hostile")
    table = {EVIL[:40]: {"accuracy": "fail", EVIL[:30]: "crash"}, "mgda": {EVIL[:50]: "pass"}}
    runs = [
        folder(out / version, table, name=EVIL, version=EVIL + version, words=EVIL)
        for version in ("a", "b")
    ]
    return write(runs, out)[0]


@pytest.fixture(scope="session")
def browser() -> Iterator["Chrome"]:
    """A headless Chromium, driven; nothing is downloaded, so where it is missing tests skip."""
    driver = shutil.which("chromedriver")
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if driver is None or program is None:
        pytest.skip("no chromium with its chromedriver here; `make ci-system` installs both")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for switch in SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    window = webdriver.Chrome(options=options, service=Service(driver))
    yield window
    window.quit()
