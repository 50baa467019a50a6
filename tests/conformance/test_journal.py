"""The journal: what survives an interruption, and what results are made of."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance import journal

HEADER: dict[str, Any] = {
    "record": "header", "suite": {}, "backend": "made", "artifact": "sha256:0", "describe": {},
    "environment": {}, "seed": 0, "profile": "quick", "selection": {},
}  # fmt: skip
VERDICT: dict[str, Any] = {
    "record": "verdict", "method": "mean", "law": "shape", "dtype": "float64", "params": {},
    "block": 0, "verdict": "pass", "message": "",
}  # fmt: skip


def lines(key: str, count: int) -> list[dict[str, Any]]:
    """Lines of a job."""
    return [{**VERDICT, "job": key, "index": place} for place in range(count)]


def written(folder: Path) -> None:
    """Two finished jobs."""
    with journal.Journal(folder) as log:
        log.header(HEADER)
        log.job("b", lines("b", 2), 0.5)
        log.job("a", lines("a", 1), 0.25)


def test_finished_jobs_come_back(tmp_path: Path) -> None:
    """A journal is read as it was written."""
    written(tmp_path)
    past = journal.read(tmp_path)
    assert list(past.headers) == [HEADER]
    assert past.jobs == {"b": lines("b", 2), "a": lines("a", 1)}
    assert not past.mended
    assert past.seconds == journal.durations(tmp_path) == {"b": 0.5, "a": 0.25}


def test_a_torn_line_is_cut_off_and_said(tmp_path: Path) -> None:
    """What was half written when the power went is dropped, and a later line starts anew."""
    written(tmp_path)
    path = tmp_path / journal.JOURNAL
    path.write_bytes(path.read_bytes() + b'{"record":"verd')
    past = journal.read(tmp_path)
    assert set(past.jobs) == {"a", "b"}
    assert "torn" in past.mended
    assert path.read_bytes().endswith(b"\n")


def test_a_job_without_commit_is_not_done(tmp_path: Path) -> None:
    """Lines of an unfinished job count for nothing, also once the job was run again whole."""
    written(tmp_path)
    path = tmp_path / journal.JOURNAL
    with path.open("ab") as file:
        file.write(journal.canonical(lines("c", 1)[0]))
    assert "c" not in journal.read(tmp_path).jobs
    with journal.Journal(tmp_path) as log:
        log.job("c", lines("c", 2), 1.0)
    assert journal.read(tmp_path).jobs["c"] == lines("c", 2)


def test_results_do_not_depend_on_the_order_of_work(tmp_path: Path) -> None:
    """Results are sorted by job, and without a footer they are partial."""
    jobs = {"b": lines("b", 1), "a": lines("a", 2)}
    footer = {"record": "footer"}
    first = journal.results(tmp_path, HEADER, jobs, footer).read_bytes()
    again = journal.results(tmp_path, HEADER, dict(reversed(jobs.items())), footer).read_bytes()
    assert first == again
    assert first.splitlines()[-1] == b'{"record":"footer"}'
    assert b"footer" not in journal.results(tmp_path, HEADER, jobs, None).read_bytes()


def test_every_prefix_is_read_as_its_committed_jobs(tmp_path: Path) -> None:
    """Wherever the writing was cut off, what was committed before comes back, and no more."""
    written(tmp_path)
    path = tmp_path / journal.JOURNAL
    whole = path.read_bytes()
    for end in range(len(whole) + 1):
        path.write_bytes(whole[:end])
        lost = end - (whole.rfind(b"\n", 0, end) + 1)
        kept = [json.loads(line) for line in whole[: end - lost].splitlines()]
        past = journal.read(tmp_path, mend=False)
        assert set(past.jobs) == {each["job"] for each in kept if each["record"] == "commit"}
        assert (path.stat().st_size, past.mended) == (end, "")
        assert (f"({lost} bytes)" in journal.read(tmp_path).mended) == bool(lost)
        assert path.read_bytes() == whole[: end - lost]


@pytest.mark.parametrize(
    "line",
    ["nonsense", "[]", "3", "{}", '{"record":"commit","job":"a"}', "[" * 100_000,
     '{"record":"commit","job":"a","lines":' + "1" * 5000 + "}"],
)  # fmt: skip
def test_a_spoiled_line_is_named(tmp_path: Path, line: str) -> None:
    """A line in the middle that is none of a journal is an error that names it."""
    head = journal.canonical(HEADER).decode()
    (tmp_path / journal.JOURNAL).write_text(f"{head}{line}\n", encoding="utf-8")
    with pytest.raises(journal.SpoiledError, match=r"journal\.jsonl, line 2: (not JSON|no )"):
        journal.read(tmp_path)


def test_one_run_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    """A second journal of the same folder is refused until the first is closed."""
    with journal.Journal(tmp_path), pytest.raises(journal.FolderInUseError, match="another run"):
        journal.Journal(tmp_path)
    with journal.Journal(tmp_path) as log:
        log.header(HEADER)


def test_a_cleared_journal_stays_locked(tmp_path: Path) -> None:
    """Clearing empties the file that others are kept out of; it does not replace it."""
    written(tmp_path)
    with journal.Journal(tmp_path) as log:
        log.clear()
        with pytest.raises(journal.FolderInUseError):
            journal.Journal(tmp_path)
        log.header({**HEADER, "seed": 1})
    assert [each["seed"] for each in journal.read(tmp_path).headers] == [1]


def test_a_large_float_is_read_back_as_one(tmp_path: Path) -> None:
    """Canonical JSON writes 2.0**59 without a point; read again it can be written again."""
    line = journal.canonical({"scaled_error": 2.0**59, "count": 3})
    (tmp_path / "lines.jsonl").write_bytes(line)
    (read,) = journal.lines_of(tmp_path / "lines.jsonl")
    assert journal.canonical(read) == line
    assert isinstance(read["count"], int)
