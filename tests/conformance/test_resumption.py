"""Going on: shards that are merged, runs that are not the same, failures whose files are gone."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from conformance import campaign, failures, journal, resumption, suite
from conformance.backend import BackendSpec, resolve
from conformance.campaign import Options
from conformance.journal import Journal
from conformance.resumption import ResumeRefused

SOURCE = '''
"""The mean, but for three rows."""

TOLD = {"scale": "1"}


class Small:
    def describe(self):
        return {"name": "small", "version": "1", "methods": {"mean": TOLD}}

    def evaluate(self, method, inputs, params, random, seed):
        jacobian = inputs["jacobian"]
        return {"direction": jacobian[: 2 if len(jacobian) == 3 else 9].mean(axis=0)}
'''
CHOSEN = {"methods": ["mean"], "laws": ["shape", "single-task", "permutation"]}


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> BackendSpec:
    """A backend in a file."""
    file = tmp_path_factory.mktemp("backend") / "small.py"
    file.write_text(SOURCE, encoding="utf-8")
    return resolve(f"{file}:Small")


@pytest.fixture(scope="module")
def finished(spec: BackendSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run in one piece."""
    out = tmp_path_factory.mktemp("whole")
    campaign.run(spec, Options(out, **CHOSEN))
    return out


@pytest.fixture(scope="module")
def shards(spec: BackendSpec, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of a run in two parts."""
    out = tmp_path_factory.mktemp("parts")
    for index in range(2):
        campaign.run(spec, Options(out / str(index), shard=(index, 2), **CHOSEN))
    return [out / "0", out / "1"]


def never(_done: int, _total: int, label: str) -> None:
    """Fail where a job is run."""
    assert not label


def files(folder: Path) -> dict[str, bytes]:
    """What a folder holds of a run's outcome."""
    kept = [folder / journal.RESULTS, *folder.glob(f"{failures.FOLDER}/*/*")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def test_merged_shards_are_the_whole_run(
    spec: BackendSpec, finished: Path, shards: list[Path], tmp_path: Path
) -> None:
    """Byte for byte, failures included, without running a job again; and it is said."""
    told: list[str] = []
    campaign.run(spec, Options(tmp_path, merge=shards, **CHOSEN), never, told.append)
    assert files(tmp_path) == files(finished)
    assert len(files(tmp_path)) > 3
    assert [each.partition(" jobs")[2] for each in told] == [f" of {each}" for each in shards]


def test_a_shard_and_the_rest(
    spec: BackendSpec, finished: Path, shards: list[Path], tmp_path: Path
) -> None:
    """What no merged folder holds is run; a torn folder is taken up to the tear, and kept as is."""
    part = tmp_path / "part"
    shutil.copytree(shards[0], part)
    torn = (part / journal.JOURNAL).read_bytes()[:-9]
    (part / journal.JOURNAL).write_bytes(torn)
    campaign.run(spec, Options(tmp_path / "out", merge=[part, part], **CHOSEN))
    assert files(tmp_path / "out") == files(finished)
    assert (part / journal.JOURNAL).read_bytes() == torn


def test_shards_on_one_machine_have_one_header(shards: list[Path]) -> None:
    """Nothing of the environment differs between two parts."""
    first, second = ((each / journal.JOURNAL).read_bytes().splitlines()[0] for each in shards)
    assert first == second


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"seed": 1}, r"the seed changed \(was 0, is 1\)"), ({"profile": "standard"}, "the profile")],
)
def test_a_shard_of_another_run_is_refused(
    spec: BackendSpec, shards: list[Path], tmp_path: Path, changed: dict[str, int], told: str
) -> None:
    """The sentence names the folder and the difference, and nothing is taken over."""
    with pytest.raises(ResumeRefused, match=f"cannot merge {shards[0]}: {told}"):
        campaign.run(spec, Options(tmp_path, merge=shards, **CHOSEN, **changed))
    assert not (tmp_path / journal.JOURNAL).read_bytes()


def test_another_suite_is_refused(
    spec: BackendSpec, shards: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Verdicts of two suites are never in one folder."""
    monkeypatch.setattr(suite, "digest", lambda: "sha256:other")
    with pytest.raises(ResumeRefused, match="the suite digest changed"):
        campaign.run(spec, Options(tmp_path, merge=shards, **CHOSEN))


def header(**environment: str) -> dict[str, object]:
    """A header of a run in an environment."""
    return {
        "record": "header", "suite": {}, "backend": "made", "artifact": "sha256:0", "describe": {},
        "environment": {"os": "linux", **environment}, "seed": 0, "profile": "quick",
        "selection": {},
    }  # fmt: skip


def test_processors_may_differ_and_are_all_told(tmp_path: Path) -> None:
    """A run that has met two processors says so; two versions of a library are two runs."""
    with Journal(tmp_path) as log:
        log.header(header(cpu="b", numpy="2.1"))
        past = resumption.resumed(log, tmp_path, header(cpu="a", numpy="2.1"), (), print)
        met = [each["environment"] for each in past.headers]
        assert suite.together(met)["cpu"] == "a | b"
        with pytest.raises(ResumeRefused, match=r"version of numpy changed \(was 2.1, is 2.2\)"):
            resumption.resumed(log, tmp_path, header(cpu="a", numpy="2.2"), (), print)
    assert len(journal.read(tmp_path).headers) == 2


def test_a_job_without_its_failure_is_run_again(
    spec: BackendSpec, finished: Path, tmp_path: Path
) -> None:
    """A failure that was written by half, or lost, costs one job."""
    shutil.copytree(finished, tmp_path / "out")
    case = next((tmp_path / "out").glob(f"{failures.FOLDER}/*/{failures.CASE}"))
    case.unlink()
    ran: list[str] = []
    options = Options(tmp_path / "out", resume=True, **CHOSEN)
    campaign.run(spec, options, lambda _done, _total, label: ran.append(label))
    assert len([label for label in ran if label]) == 1
    assert files(tmp_path / "out") == files(finished)


def test_a_folder_that_is_no_run_is_not_merged(spec: BackendSpec, tmp_path: Path) -> None:
    """The sentence says which."""
    options = Options(tmp_path / "out", merge=[tmp_path / "nothing"], **CHOSEN)
    with pytest.raises(ResumeRefused, match=r"nothing: it holds no journal\.jsonl"):
        campaign.run(spec, options)


def test_a_new_run_clears_what_an_old_one_left(spec: BackendSpec, tmp_path: Path) -> None:
    """Neither failures nor certificates of an earlier run stay beside those of a new one."""
    options = Options(tmp_path, methods=["mean"], laws=["single-task"])
    stale = [tmp_path / name for name in campaign.FILES]
    for path in (*stale, tmp_path / failures.FOLDER / "old" / failures.CASE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("stale")
    campaign.run(spec, replace(options, seed=3))
    assert not (tmp_path / failures.FOLDER).exists()
    assert all(not path.exists() or path.read_text() != "stale" for path in stale)
