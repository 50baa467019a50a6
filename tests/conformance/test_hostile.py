"""The hostile backends: each ends in the right status, and the others' requests are answered."""

import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from conformance.reply import Status
from conformance.supervisor import BrokenBackendError, Supervisor
from conformance.warden import cleared
from conformance.zoo.hostile import HOSTILE, Hostile
from conformance.zoo.hostile.descriptions import DESCRIPTIONS
from conformance.zoo.hostile.honest import direction
from conformance.zoo.hostile.objects import OBJECTS
from conformance.zoo.hostile.processes import END, PROCESS, START
from conformance.zoo.hostile.replies import REPLIES

HARMLESS = np.array([[1.0, 0.0], [-0.5, 1.0]])
HARMFUL = np.array([[1.0, 0.0], [-0.5, 1.0], [0.0, 2.0]])
ORDERS = {"orders": [[1], [0]]}
LINUX_ONLY = {"fork-bomb", "kill-warden", "leak", "leak-elsewhere"}
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


def kinds(*, described: bool) -> list[object]:
    """The hostile backends that describe themselves, or those that do not."""
    found = [each for each in HOSTILE.values() if (each.status != "broken") is described]
    marked = [(each, [LINUX] if each.name in LINUX_ONLY else []) for each in found]
    return [pytest.param(each, id=each.name, marks=marks) for each, marks in marked]


def running(process: int) -> bool:
    """Whether a process runs, and does not only wait to be reaped."""
    try:
        os.kill(process, 0)
        stat = Path(f"/proc/{process}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.parametrize("hostile", kinds(described=True))
def test_each_ends_in_its_status_and_the_run_goes_on(hostile: Hostile) -> None:
    """Before and after its misbehaviour the same backend gives the published PCGrad answer."""
    with Supervisor(hostile.spec, **hostile.limits) as supervisor:
        supervisor.describe()
        before = supervisor.evaluate("pcgrad", {"jacobian": HARMLESS}, {}, ORDERS)
        harm = [supervisor.evaluate("mean", {"jacobian": HARMFUL}, {}), supervisor.check()]
        supervisor.renew()
        after = supervisor.evaluate("pcgrad", {"jacobian": HARMLESS}, {}, ORDERS)
    statuses = {reply.status for reply in harm} - {Status.OK} or {Status.OK}
    assert statuses == {Status(hostile.status)}
    assert all(reply.message.isprintable() and len(reply.message) <= 500 for reply in harm)
    assert before.outputs["direction"] == pytest.approx([0.8, 1.4])
    assert np.array_equal(after.outputs["direction"], before.outputs["direction"])


@pytest.mark.parametrize("hostile", kinds(described=False))
def test_a_backend_without_a_description_is_broken(hostile: Hostile) -> None:
    """The cause is one printable line, and no process is left."""
    with Supervisor(hostile.spec, **hostile.limits) as supervisor:
        with pytest.raises(BrokenBackendError, match="gave no description: ") as caught:
            supervisor.describe()
        assert supervisor._child is None
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=list(HOSTILE))
def test_a_verdict_comes_from_the_supervisor_or_from_a_law(hostile: Hostile) -> None:
    """What is no fail is the supervisor's own status; a fail names the law that sees it."""
    assert (hostile.law is None) == (hostile.verdict != "fail")
    if hostile.law is None and hostile.name != "scale-bomb":
        assert hostile.verdict == {"ok": "pass"}.get(hostile.status, hostile.status)


def test_the_table_is_complete() -> None:
    """Each way to misbehave is in the table, and nothing else; the markup has two."""
    ways = [*REPLIES, *PROCESS, *START, *END, *DESCRIPTIONS, *OBJECTS]
    assert sorted(HOSTILE) == list(HOSTILE)
    assert set(ways) == set(HOSTILE)
    assert len(ways) == len(HOSTILE) + 1


def test_the_mutating_one_is_seen_by_the_host() -> None:
    """The name of the input that was written to comes with the outputs."""
    with Supervisor(HOSTILE["mutating"].spec) as supervisor:
        harmless = supervisor.evaluate("mean", {"jacobian": HARMLESS}, {})
        harmful = supervisor.evaluate("mean", {"jacobian": HARMFUL}, {})
    assert (harmless.mutated, harmful.mutated) == ((), ("jacobian",))


def test_invalid_input_is_refused_by_all() -> None:
    """They are plausible: NaN is refused as a good backend refuses it."""
    with pytest.raises(ValueError, match=r"jacobian\[0, 1\] is nan"):
        direction("mean", np.array([[1.0, np.nan]]), None)


@LINUX
def test_a_daemon_is_found_and_its_folder_removed() -> None:
    """Who leaves the group and the session is killed all the same, and the scratch folder goes."""
    with Supervisor(HOSTILE["daemon"].spec) as supervisor:
        daemon = int(supervisor.evaluate("mean", {"jacobian": HARMFUL}, {}).device)
        scratch = Path(supervisor.living()._scratch)
        assert running(daemon)
        assert scratch.is_dir()
    assert not running(daemon)
    assert not scratch.exists()


@pytest.mark.parametrize(("depth", "name"), [(1200, "d"), (40, "d" * 200)])
def test_no_depth_of_folders_is_too_deep(tmp_path: Path, depth: int, name: str) -> None:
    """Trees deeper than the stack, and than any path, are removed; what a link names stays."""
    memory = Path("/dev/shm")  # noqa: S108  (a disk takes milliseconds for each folder)
    place = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else tmp_path))
    home, kept = Path.cwd(), tmp_path / "kept"
    kept.write_text("")
    os.chdir(place)
    for _ in range(depth):
        Path(name).mkdir()
        os.chdir(name)
    Path("link").symlink_to(kept.parent)
    os.chdir(home)
    cleared(str(place))
    assert kept.exists()
    assert not place.exists()


def test_a_slow_reply_does_not_move_its_deadline() -> None:
    """Each byte of a reply that drips is no new lease of time."""
    with Supervisor(HOSTILE["drip"].spec, timeout=1.0) as supervisor:
        supervisor.describe()
        started = time.monotonic()
        assert supervisor.evaluate("mean", {"jacobian": HARMFUL}, {}).status is Status.TIMEOUT
    assert time.monotonic() - started < 8
