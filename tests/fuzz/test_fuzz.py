"""A bounded sample of the fuzzers: damaged input is read, or what is wrong with it is said."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from mutation import mutants  # noqa: E402  (the folder is no package)
from soak import findings  # noqa: E402
from targets import TARGETS, fault  # noqa: E402

SAMPLE = 20_000

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["float64", "AAAAAAAA8D8=", "direction", "mean", "refused", "1/T"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["ok", "error", "outputs", "dtype", "shape", "data", "methods"]), inner
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_read(name: str) -> None:
    """What is damaged was whole: a target whose seeds fail would be fuzzed at its door alone."""
    for seed in TARGETS[name].seeds():
        TARGETS[name].read(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_lines_are_read_or_refused(name: str) -> None:
    """A fixed sample for each reader: documented errors, bounded messages, no long silence."""
    lines = SAMPLE * TARGETS[name].share // 100
    assert list(findings(name, min(lines, 4000), seed=2024)) == []


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(JSON)
def test_any_json_is_a_reply_or_none(document: object) -> None:
    """Whatever JSON comes as the body of a reply, the reader raises nothing but its own error."""
    for body in ({"id": 7, "ok": document}, document):
        assert fault(TARGETS["reply"], json.dumps(body).encode()) == ""


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=200), st.text(max_size=60))
def test_any_bytes_are_refused_in_order(raw: bytes, text: str) -> None:
    """Bytes that are no JSON, and text that is no scale."""
    assert fault(TARGETS["reply"], raw) == ""
    assert fault(TARGETS["scale"], text.encode(errors="replace")) == ""


def test_damage_is_the_same_for_the_same_seed() -> None:
    """A finding can be had again, and no two seeds damage alike."""
    seeds = TARGETS["reply"].seeds()
    first, again, other = (list(mutants(seeds, 50, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.skipif(find_spec("atheris") is None, reason="needs atheris")
def test_atheris_steers_a_target() -> None:
    """The guided harness starts, and hundreds of lines break nothing."""
    command = [sys.executable, str(HERE / "guided.py"), "reply", "500"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
