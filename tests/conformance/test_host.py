"""The host: what it tells a Python backend, and what it makes of what the backend does."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from conformance import wire
from conformance.description import read_description
from conformance.host import Host, completed, explain, main
from conformance.wire import Arrays, Document

HERE = Path(__file__).parent
TARGET = f"{HERE / 'example_backend.py'}:Example"
JACOBIAN = np.array([[0.0, 1.0], [2.0, 3.0]])


def request(method: str, array: wire.Array = JACOBIAN, dtype: str | None = None) -> Document:
    """An evaluate request, as it arrives."""
    dtypes = {"jacobian": dtype} if dtype else {}
    inputs = wire.encode_arrays(Arrays({"jacobian": array}, dtypes))
    fields = {"method": method, "params": {"c": 0.5}, "inputs": inputs, "seed": 7, "random": None}
    return {"id": 1, "op": "evaluate", **fields}


@pytest.fixture(scope="module")
def host() -> Host:
    """A host of the example, served within this process."""
    return Host(TARGET)


@pytest.mark.parametrize(
    ("method", "kind", "message"),
    [
        ("refuse", "refused", "jacobian[0, 1] is nan"),
        ("refuse_type", "refused", "not a matrix"),
        ("unsupported", "unsupported", "no such option"),
        ("broken", "failed", "KeyError: 'weights'"),
        ("strange", "failed", "output direction must have a dtype among"),
        ("nothing", "failed", "evaluate must return a dict of arrays (got ndarray)"),
        ("lazy", "failed", "pip install 'mtl-reference[peers]'"),
    ],
)
def test_exceptions_become_kinds_of_error(host: Host, method: str, kind: str, message: str) -> None:
    """ValueError and TypeError refuse, NotImplementedError does not offer, all else fails."""
    error = host.reply(request(method))["error"]
    assert error["kind"] == kind
    assert message in error["message"]


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_outputs_keep_the_dtype_of_the_request(host: Host, dtype: str) -> None:
    """What comes in as bfloat16 goes out as bfloat16, though it is float32 in between."""
    array = JACOBIAN.astype("float64" if dtype == "float64" else "float32")
    reply = host.reply(request("echo", array, dtype))["ok"]
    assert reply["outputs"]["jacobian"]["dtype"] == dtype
    assert reply["device"] == "abacus"


def test_float32_beyond_bfloat16_stays_float32(host: Host) -> None:
    """Nothing is rounded to look like the dtype that was asked for."""
    encoded = wire.encode_array(np.array([[1.0]], np.float32), "bfloat16")
    ask = request("told") | {"inputs": {"jacobian": encoded}}
    host.backend.told = lambda *_: {"direction": np.array([1.001], np.float32)}
    assert host.reply(ask)["ok"]["outputs"]["direction"]["dtype"] == "float32"
    del host.backend.told


def test_outputs_may_name_their_dtypes(host: Host) -> None:
    """``dtypes`` on the outputs decides, whatever the request was."""
    reply = host.reply(request("named", JACOBIAN.astype(np.float32)))
    assert reply["ok"]["outputs"]["direction"]["dtype"] == "bfloat16"


def test_an_input_written_to_is_named(host: Host) -> None:
    """Bits are compared, so -0.0 over 0.0 counts, and hiding the array does not help."""
    assert host.reply(request("spoil"))["ok"]["mutated"] == ["jacobian"]
    assert host.reply(request("echo"))["ok"]["mutated"] == []


def test_a_session_lives_from_open_to_close(host: Host) -> None:
    """open, step, step, close; then it is gone."""
    place = {"method": "sum", "params": {}, "tasks": 2, "size": 2, "dtype": "float64", "seed": 0}
    session = host.reply({"op": "open", **place})["ok"]["session"]
    step = request("sum") | {"op": "step", "session": session}
    host.reply(step)
    outputs = host.reply(step)["ok"]["outputs"]
    assert wire.decode_array(outputs["direction"])[0].tolist() == [4.0, 8.0]
    assert host.reply({"op": "close", "session": session}) == {"ok": {}}
    assert "no session" in host.reply(step)["error"]["message"]


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        ({"op": "dance"}, "unsupported"),
        ({"op": "describe", "protocol": 2}, "unsupported"),
        (request("echo") | {"inputs": {"jacobian": 1}}, "failed"),
        ({"op": "evaluate"}, "failed"),
    ],
)
def test_requests_that_cannot_be_served_are_answered(host: Host, ask: Document, kind: str) -> None:
    """A malformed request is the harness's fault: the host answers and lives on."""
    assert host.reply(ask)["error"]["kind"] == kind


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("no_such_module_at_all:backend", "no_such_module_at_all is not installed"),
        ("json:backend", "no attribute 'backend'"),
        ("nowhere/mean.py:backend", "no such file"),
        ("json:JSONDecodeError", "TypeError"),
    ],
)
def test_a_backend_that_cannot_be_loaded_fails_every_request(target: str, reason: str) -> None:
    """The reason is told in the reply to describe, not by an early end."""
    host = Host(target)
    for ask in ({"op": "describe", "protocol": 1}, request("mean")):
        error = host.reply(ask)["error"]
        assert error["kind"] == "failed"
        assert target in error["message"]
        assert reason in error["message"]


def test_a_missing_library_names_the_extra() -> None:
    """Only what the project has an extra for gets a hint."""
    error = ModuleNotFoundError("No module named 'torch'", name="torch")
    assert explain(error).endswith("pip install 'mtl-reference[torch]'")
    assert explain(ModuleNotFoundError("", name="numpyro")).endswith("numpyro is not installed")


def test_prints_cannot_break_the_protocol() -> None:
    """print, writes to descriptor 1 and reads of stdin leave the two streams alone."""
    asks = [{"id": 1, "op": "describe", "protocol": 1}, request("told") | {"id": 2}]
    lines = b"".join(map(wire.dumps, [*asks, {"id": 3, "op": "stop"}]))
    command = [sys.executable, "-m", "conformance.host", TARGET]
    done = subprocess.run(command, input=lines, capture_output=True, timeout=60, check=True)
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["id"] for reply in replies] == [1, 2, 3]
    assert replies[1]["ok"]["outputs"]["direction"]["shape"] == [2]
    assert b"printed by describe" in done.stderr
    assert b"written below Python" in done.stderr
    assert b"{'jacobian': 'float64'} float64 {'c': 0.5} None 7" in done.stderr


def test_usage_is_told_for_anything_but_one_target(capsys: pytest.CaptureFixture[str]) -> None:
    """The target has a colon."""
    assert main(["json"]) == 2
    assert "MODULE:ATTR" in capsys.readouterr().err


def test_a_short_write_is_continued() -> None:
    """A reply longer than a pipe goes out whole."""

    class Narrow(io.RawIOBase):
        taken = b""

        def write(self, data: memoryview) -> int:  # type: ignore[override]
            self.taken += bytes(data[:5])
            return min(len(data), 5)

    stream = Narrow()
    lines = io.BytesIO(wire.dumps({"id": 1, "op": "stop"}))
    Host(TARGET).serve(lines, stream)  # type: ignore[arg-type]  # what serve uses of it
    assert stream.taken == b'{"id":1,"ok":{}}\n'
    assert os.linesep == "\n"


def test_a_short_description_is_completed() -> None:
    """What goes without saying may be left out; what is written is passed on, right or wrong."""
    short = {"name": "mine", "version": "1", "methods": {"mgda": {"dtypes": ["float32"]}}}
    whole = read_description(completed(short))
    assert whole["methods"]["mgda"]["dtypes"] == ["float32"]
    assert whole["methods"]["mgda"]["randomness"] == "none"
    assert completed({**short, "protocol": 2})["protocol"] == 2
