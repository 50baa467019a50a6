"""The supervisor: deadlines, restarts, budgets and sessions, and no process left behind."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from conformance.backend import BackendSpec, resolve
from conformance.reply import Reply, Status
from conformance.supervisor import BrokenBackendError, Supervisor
from conformance.warden import resident
from conformance.wire import Arrays, ProtocolError
from conformance.zoo.hostile import HOSTILE

HERE = Path(__file__).parent
PAIR = {"jacobian": np.array([[1.0, 0.0], [-0.5, 1.0]])}
TRIPLE = {"jacobian": np.ones((3, 2))}
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")

LOOP = """
import json, os, signal, subprocess, sys, time
from conformance.zoo.hostile.honest import describe
for line in sys.stdin:
    request = json.loads(line)
    if request["op"] == "describe":
        ok = describe("script")
    else:
        {action}
    print(json.dumps({{"id": request["id"], "ok": ok}}), flush=True)
"""
OUTPUTS = 'ok = {"outputs": {}}'


def script(action: str) -> BackendSpec:
    """A program that describes itself and does ``action`` on every other request."""
    return resolve(command=shlex.join([sys.executable, "-c", LOOP.format(action=action)]))


def hostile(kind: str) -> BackendSpec:
    """A program of the zoo, the unlisted ones included."""
    return resolve(command=shlex.join([sys.executable, "-m", "conformance.zoo.hostile", kind]))


@pytest.fixture
def example() -> Iterator[Supervisor]:
    """The example backend under supervision."""
    with Supervisor(resolve(f"{HERE / 'example_backend.py'}:Example")) as supervisor:
        yield supervisor


def pid(supervisor: Supervisor) -> int:
    """Process id of the backend."""
    return supervisor.living().pid


def gone(process: int) -> bool:
    """Whether a process ends within a moment; one that only waits to be reaped has ended."""
    for _ in range(100):
        try:
            os.kill(process, 0)
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except ProcessLookupError:
            return True
        except FileNotFoundError:  # gone in between, or no /proc
            pass
        time.sleep(0.02)
    return False


@contextmanager
def lasting_at_most(seconds: float) -> Iterator[None]:
    """Fail if the block takes longer, with room for a busy machine."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def test_large_arrays_go_both_ways(example: Supervisor) -> None:
    """Requests and replies of megabytes pass pipes of kilobytes without a deadlock, bit for bit."""
    jacobian = np.linspace(-1, 1, 400_000).reshape(40, 10_000)
    reply = example.evaluate("echo", {"jacobian": jacobian}, {})
    assert reply.status is Status.OK
    assert reply.outputs["jacobian"].tobytes() == jacobian.tobytes()
    assert reply.device == "abacus"


def test_bfloat16_is_named_beside_the_arrays(example: Supervisor) -> None:
    """The reply's arrays are float32, their wire dtype is told by name."""
    inputs = Arrays({"jacobian": np.ones((2, 2), np.float32)}, {"jacobian": "bfloat16"})
    reply = example.evaluate("echo", inputs, {})
    assert reply.outputs["jacobian"].dtype == np.float32
    assert reply.dtypes == {"jacobian": "bfloat16"}


@pytest.mark.parametrize(
    ("method", "status"),
    [("refuse", "refused"), ("unsupported", "unsupported"), ("broken", "failed")],
)
def test_errors_cost_no_restart(example: Supervisor, method: str, status: str) -> None:
    """An error reply is an answer: the same process goes on."""
    before = pid(example)
    assert example.evaluate(method, PAIR, {}).status is Status(status)
    assert pid(example) == before


def test_a_hang_in_native_code_is_ended_at_its_deadline() -> None:
    """The interpreter's lock is held and all signals are blocked; the deadline holds."""
    with Supervisor(HOSTILE["hang"].spec, timeout=0.5) as supervisor, lasting_at_most(8):
        before = pid(supervisor)
        reply = supervisor.evaluate("mean", TRIPLE, {})
        assert (reply.status, reply.message) == (Status.TIMEOUT, "no reply within 0.5 seconds")
        assert gone(before)


def test_a_backend_that_does_not_read_meets_its_deadline() -> None:
    """A request that nobody reads fills the pipe and times out."""
    with Supervisor(script("os.close(1); time.sleep(60)"), timeout=0.5) as supervisor:
        supervisor.describe()
        os.kill(pid(supervisor), signal.SIGSTOP)
        big = {"jacobian": np.zeros((2, 100_000))}
        assert supervisor.evaluate("mean", big, {}).status is Status.TIMEOUT


def test_a_closed_output_is_a_crash() -> None:
    """A process that goes on without its stdout is told apart from one that ended."""
    with Supervisor(script("os.close(1); time.sleep(60)")) as supervisor:
        reply = supervisor.evaluate("mean", PAIR, {})
    assert (reply.status, reply.message) == (Status.CRASH, "it closed its output and went on")


def test_a_closed_input_is_heard_out() -> None:
    """A backend that exits before it reads is a crash with its exit status."""
    with Supervisor(script("sys.exit(5)")) as supervisor:
        reply = supervisor.evaluate("mean", PAIR, {})
    assert (reply.status, reply.message) == (Status.CRASH, "it exited with status 5")


def test_a_request_that_kills_twice_is_not_asked_again() -> None:
    """The third time its record is read; other requests are still asked."""
    with Supervisor(HOSTILE["crash"].spec) as supervisor:
        replies = [supervisor.evaluate("mean", TRIPLE, {}) for _ in range(3)]
        assert [reply.status for reply in replies] == [Status.CRASH] * 3
        assert replies[2].message.startswith("not asked again")
        assert replies[2].seconds == 0
        assert supervisor.evaluate("mean", PAIR, {}).status is Status.OK


def test_the_restart_budget_is_each_methods_own() -> None:
    """When it is spent, the method's requests end with the cause; another method goes on."""
    with Supervisor(HOSTILE["crash"].spec, restarts=1) as supervisor:
        jacobians = [np.full((3, 2), k) for k in range(4)]
        replies = [supervisor.evaluate("mean", {"jacobian": one}, {}) for one in jacobians]
        assert [reply.status for reply in replies] == [Status.CRASH] * 4
        assert "budget of 1 restarts is spent: it was killed by SIGSEGV" in replies[3].message
        assert supervisor.evaluate("mean", PAIR, {}).status is Status.CRASH
        other = supervisor.evaluate("pcgrad", PAIR, {}, {"orders": [[1], [0]]})
        assert other.status is Status.OK
        supervisor.renew()
        assert supervisor.evaluate("mean", PAIR, {}).status is Status.OK


def test_sessions_survive_a_crash_in_between(example: Supervisor) -> None:
    """After a restart the steps of an open session are taken again, the fatal one is not."""
    session = example.open("sum", {}, tasks=2, size=2, dtype="float64")
    session.step(PAIR)
    assert session.step({"jacobian": np.full((2, 2), 13.0)}).status is Status.CRASH
    assert example.evaluate("exit", PAIR, {}).status is Status.CRASH
    reply = session.step(PAIR)
    assert reply.outputs["direction"].tolist() == [1.0, 2.0]
    assert session.close().status is Status.OK
    assert session.step(PAIR).status is Status.FAILED
    assert example.sessions == []


@pytest.mark.parametrize("second", ["sys.exit(4)", 'ok = {"outputs": {}}'])
def test_a_session_that_cannot_be_restored_is_over(tmp_path: Path, second: str) -> None:
    """A backend that opens a session only once loses it by a crash, and says so."""
    action = f"""
        if request["op"] == "step": sys.exit(3)
        ok = {{"session": "first"}} if request["op"] == "open" else {{"outputs": {{}}}}
        if request["op"] == "open" and os.path.exists(os.environ["MARK"]): {second}
        open(os.environ["MARK"], "w").close()
    """.strip()
    with Supervisor(script(action), variables={"MARK": str(tmp_path / "mark")}) as supervisor:
        session = supervisor.open("mean", {}, tasks=1, size=1, dtype="float64")
        assert session.step(PAIR).status is Status.CRASH
        assert supervisor.evaluate("mean", PAIR, {}).status is Status.OK
        assert "could not be restored" in session.step(PAIR).message


def test_a_refused_opening_is_the_answer_to_its_steps(example: Supervisor) -> None:
    """A session that was not opened asks nothing."""
    session = example.open("sum", {}, tasks=2, size=13, dtype="float64")
    assert session.opened.message == "size must not be 13"
    assert session.step(PAIR) is session.opened
    assert session.close() is session.opened


@LINUX
def test_memory_without_end_is_a_crash() -> None:
    """The resident memory of the process is watched while it is waited for."""
    with Supervisor(hostile("leak"), memory=300) as supervisor:
        reply = supervisor.evaluate("mean", TRIPLE, {})
        assert reply.status is Status.CRASH
        assert reply.message == "more than 300 MB of resident memory"
    assert resident(os.getpid()) > 0


def test_a_talkative_log_blocks_nothing_and_is_bounded() -> None:
    """Megabytes on stderr pass by, and the tail is kept."""
    action = f"sys.stderr.write('x' * (1 << 22) + 'the end'); sys.stderr.flush(); {OUTPUTS}"
    with Supervisor(script(action)) as supervisor:
        assert supervisor.evaluate("mean", PAIR, {}).status is Status.OK
        supervisor.check()
        assert supervisor.log.endswith("the end")
        assert len(supervisor.log) <= supervisor.limits.log_bytes


@pytest.mark.parametrize("end", ["close", "crash"])
def test_grandchildren_end_with_their_parent(end: str) -> None:
    """Whoever the backend started is killed with it, on a crash and on closing."""
    start = "child = subprocess.Popen(['sleep', '600'])"
    action = f"{start}; ok = {{'outputs': {{}}, 'device': str(child.pid)}}"
    with Supervisor(script(action)) as supervisor:
        grandchild = int(supervisor.evaluate("mean", PAIR, {}).device)
        if end == "crash":
            os.kill(pid(supervisor), signal.SIGKILL)
            assert supervisor.evaluate("mean", PAIR, {}).status is Status.CRASH
            assert gone(grandchild)
    assert gone(grandchild)


def test_an_interrupt_leaves_no_half_read_reply(
    example: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C during a request ends the process; the next request meets a fresh one."""
    before = pid(example)

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("conformance.child.Child.exchange", interrupted)
        with pytest.raises(KeyboardInterrupt):
            example.evaluate("echo", PAIR, {})
    assert gone(before)
    assert example.evaluate("echo", PAIR, {}).status is Status.OK


def test_the_environment_is_an_allow_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets stay here, threads are one, additions arrive, the folder is empty and goes away."""
    monkeypatch.setenv("SECRET_OF_TEST", "1")
    told = "dict(os.environ) | {'cwd': os.getcwd(), 'files': os.listdir()}"
    action = f"ok = {{'outputs': {{}}, 'device': json.dumps({told})}}"
    with Supervisor(script(action), variables={"EXTRA": "yes"}) as supervisor:
        seen = eval(supervisor.evaluate("mean", PAIR, {}).device)  # noqa: S307  (our own text)
        assert Path(seen["cwd"]).is_dir()
    assert "SECRET_OF_TEST" not in seen
    assert (seen["OMP_NUM_THREADS"], seen["EXTRA"], seen["files"]) == ("1", "yes", [])
    assert not Path(seen["cwd"]).exists()


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (lambda: resolve(command=f"{sys.executable} -c 'print(1)'"), "one JSON object"),
        (lambda: resolve(command=f"{sys.executable} -c ''"), "exited with status 0"),
        (lambda: resolve("json:tool"), "cannot be loaded"),
        (lambda: resolve(f"{HERE / 'example_backend.py'}:not_a_backend"), "AttributeError"),
        (lambda: BackendSpec("x", ("/nowhere/at/all",), "", "", ()), "cannot be started"),
    ],
)
def test_a_backend_without_description_is_broken(
    spec: Callable[[], BackendSpec], reason: str
) -> None:
    """To describe raises with the cause; evaluate records it and still does not raise."""
    with Supervisor(spec()) as supervisor:
        with pytest.raises(BrokenBackendError, match=reason):
            supervisor.describe()
        reply = supervisor.evaluate("mean", PAIR, {})
    assert reply.status in {Status.CRASH, Status.PROTOCOL}
    assert reason in reply.message


def test_a_description_must_not_change() -> None:
    """A backend that promises something else after a restart breaks the protocol."""
    changing = 'if request["op"] == "describe":\n        ok = describe(str(os.getpid()))'
    text = LOOP.replace(
        'if request["op"] == "describe":\n        ok = describe("script")', changing
    )
    code = text.format(action="sys.exit(1)")
    spec = resolve(command=shlex.join([sys.executable, "-c", code]))
    with Supervisor(spec) as supervisor:
        supervisor.evaluate("mean", PAIR, {})
        reply = supervisor.evaluate("mean", PAIR, {})
    assert (reply.status, reply.message) == (
        Status.PROTOCOL,
        "it describes itself otherwise than before",
    )


def test_messages_do_not_depend_on_what_was_asked_before() -> None:
    """The same violation gives the same words in any order of requests: no ids, no clocks."""
    messages: set[str] = set()
    for before in range(2):
        with Supervisor(HOSTILE["not-utf8"].spec) as supervisor:
            for _ in range(before):
                supervisor.evaluate("mean", PAIR, {})
            messages.add(supervisor.evaluate("mean", TRIPLE, {}).message)
    assert len(messages) == 1


def test_a_forgotten_supervisor_leaves_no_process() -> None:
    """At the end of the interpreter the backend goes too, without a context manager."""
    lines = [
        "from conformance.supervisor import Supervisor",
        "from conformance.zoo.hostile import HOSTILE",
        "supervisor = Supervisor(HOSTILE['nan'].spec)",
        "print(supervisor.living().pid)",
    ]
    with os.popen(shlex.join([sys.executable, "-c", "\n".join(lines)])) as output:  # noqa: S605
        assert gone(int(output.read()))


def test_the_record_holds_no_more_than_a_line() -> None:
    """A long message is cut and put on one line."""
    error = '{"kind": "failed", "message": "a\\nb" * 9999}'
    line = f'json.dumps({{"id": request["id"], "error": {error}}})'
    with Supervisor(script(f"print({line}, flush=True); continue")) as supervisor:
        reply: Reply = supervisor.evaluate("mean", PAIR, {})
    assert reply.message.startswith("a ba b")
    assert len(reply.message) <= 500


def test_the_harness_asks_for_nothing_that_has_no_wire_form(example: Supervisor) -> None:
    """A mistake of the caller raises here and is never laid at the backend's door."""
    with pytest.raises(ValueError, match="jacobian must have a dtype among"):
        example.evaluate("echo", {"jacobian": np.zeros(2, np.float16)}, {})
    assert issubclass(ProtocolError, ValueError)
