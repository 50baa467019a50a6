"""The wire: arrays keep every bit, and whatever is no valid message is refused by name."""

import base64
import json
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import wire
from conformance.description import read_description
from conformance.schemas import validator
from conformance.wire import Arrays, Document, ProtocolError
from conformance.zoo.hostile.honest import describe

BITS = {
    "float64": np.array([0x7FF0000000000001, 0xFFF8DEADBEEF0001, 1 << 63, 1, 2**63 - 1], "<u8"),
    "float32": np.array([0x7F800001, 0xFFC0BEEF, 1 << 31, 1, 0x7F7FFFFF], "<u4"),
}
ARRAY = {"dtype": "float64", "shape": [1], "data": "AAAAAAAA8D8="}
DIRECTION = {"outputs": {"direction": ARRAY}}


@pytest.mark.parametrize("dtype", BITS)
def test_every_bit_pattern_of_a_float_survives(dtype: str) -> None:
    """Signalling NaNs with payloads, -0.0 and the smallest subnormal come back bit for bit."""
    array = BITS[dtype].view(dtype)
    decoded, name = wire.decode_array(json.loads(json.dumps(wire.encode_array(array))))
    assert name == dtype
    assert decoded.tobytes() == array.tobytes()


def test_every_bfloat16_survives_as_float32() -> None:
    """All 65536 bit patterns of bfloat16 go through float32 in memory and two bytes on the wire."""
    patterns = np.arange(1 << 16, dtype=np.uint32)
    array = (patterns << 16).view(np.float32)
    document = wire.encode_array(array, "bfloat16")
    assert len(document["data"]) == 4 * -(-2 * patterns.size // 3)
    assert wire.decode_array(document)[0].tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "array",
    [
        np.array([-(2**63), 2**63 - 1]),
        np.array([[True], [False]]),
        np.array(1.5),
        np.zeros((0, 3)),
        np.arange(6.0).reshape(2, 3).T,
        np.array([1.5, -2.0], ">f8"),
    ],
)
def test_shapes_and_layouts_survive(array: np.ndarray[Any, Any]) -> None:
    """Integers, booleans, scalars, empty, transposed and big-endian arrays keep shape and value."""
    decoded, _ = wire.decode_array(wire.encode_array(array))
    assert decoded.shape == array.shape
    assert np.array_equal(decoded, array)
    assert decoded.flags.writeable


def test_data_is_little_endian_and_row_major() -> None:
    """The bytes are those of the published example."""
    document = wire.encode_array(np.array([[1.0, 0.0], [-0.5, 1.0]]))
    assert document["data"] == "AAAAAAAA8D8AAAAAAAAAAAAAAAAAAOC/AAAAAAAA8D8="


@pytest.mark.parametrize(
    ("array", "dtype", "rule"),
    [
        (np.zeros(2, np.float16), None, "must have a dtype among"),
        (np.array([None]), None, "must have a dtype among"),
        (np.zeros(2), "float32", "is declared float32 but holds float64"),
        (np.array([1.001], np.float32), "bfloat16", "values that bfloat16 does not"),
    ],
)
def test_arrays_without_a_wire_form_are_refused(
    array: np.ndarray[Any, Any], dtype: str | None, rule: str
) -> None:
    """Nothing is rounded or cast on its way to the wire."""
    with pytest.raises(ValueError, match=rule):
        wire.encode_array(array, dtype)


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"dtype": "float16"}, "dtype"),
        ({"dtype": ["float64"]}, "dtype"),
        ({"shape": [2]}, "data"),
        ({"shape": [True]}, "shape"),
        ({"shape": [-1]}, "shape"),
        ({"shape": [1.0]}, "shape"),
        ({"shape": [1] * 9}, "shape"),
        ({"shape": [0, 2**41]}, "shape"),
        ({"shape": 1}, "shape"),
        ({"data": "AAAAAAAA8D8"}, "data"),
        ({"data": "AAAA AAA8D8="}, "data"),
        ({"data": "AAAAAAAA8D8é"}, "data"),
        ({"data": "AAAAAAAAAAAA"}, "data"),
        ({"data": None}, "data"),
        ({"dtype": "bool", "data": "Ag=="}, "data"),
        ({"extra": 1}, "dtype, shape and data"),
    ],
)
def test_malformed_arrays_are_refused_by_member(change: Document, member: str) -> None:
    """Each malformed array names the member that is wrong."""
    with pytest.raises(ProtocolError, match=member):
        wire.decode_array(ARRAY | change)


def test_a_lying_shape_allocates_nothing() -> None:
    """A shape of 2**39 numbers over eight bytes is refused before memory is asked for."""
    tracemalloc.start()
    with pytest.raises(ProtocolError, match="data"):
        wire.decode_array(ARRAY | {"shape": [1 << 20, 1 << 19]})
    assert tracemalloc.get_traced_memory()[1] < 1 << 16
    tracemalloc.stop()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**70) | st.text("AQ=é\0", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=2),
    max_leaves=6,
)
NEAR = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from([*wire.STORAGE, "int32"]) | JSON,
        "shape": st.lists(st.integers(-1, 3) | st.sampled_from([2**33, True]), max_size=3) | JSON,
        "data": st.binary(max_size=24).map(lambda raw: base64.b64encode(raw).decode()) | JSON,
    }
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(NEAR | JSON)
def test_the_decoder_refuses_or_returns_what_encodes_again(document: object) -> None:
    """No document raises anything else, and what is taken is valid under the schema as well."""
    try:
        array, dtype = wire.decode_array(document)
    except ProtocolError:
        return
    assert validator("array").is_valid(document)
    again = wire.encode_array(array, dtype)
    assert wire.decode_array(again)[0].tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'"text"',
        b"[1]",
        b"",
        b"{} {}",
        b"\xff",
        b"[" * 100_000,
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
def test_lines_that_hold_no_object_are_refused(line: bytes) -> None:
    """NaN, overflow, repeated names, other values, bad UTF-8, and what would exhaust the stack."""
    with pytest.raises(ProtocolError, match="must be"):
        wire.loads(line)


def test_no_line_with_nan_is_written() -> None:
    """The harness keeps the rule that it holds others to."""
    with pytest.raises(ValueError, match="JSON"):
        wire.dumps({"params": {"c": float("nan")}})


OKS: list[Document] = [
    {"id": 3, "ok": DIRECTION},
    {"id": 3, "ok": DIRECTION | {"mutated": ["jacobian"], "device": "cpu"}},
    {"id": 3, "ok": DIRECTION | {"device": None}},
    {"id": 3, "error": {"kind": "refused", "message": "jacobian[0, 1] is nan"}},
    {"id": 3, "skip": {"reason": "slow", "issue": "https://example.org/1"}},
    {"id": 3, "skip": {"reason": "slow", "issue": None}},
]
BAD: list[Document] = [
    {"ok": DIRECTION},
    {"id": True, "ok": DIRECTION},
    {"id": "3", "ok": DIRECTION},
    {"id": 3},
    {"id": 3, "ok": DIRECTION, "error": {"kind": "failed", "message": ""}},
    {"id": 3, "ok": []},
    {"id": 3, "ok": DIRECTION | {"time": 1}},
    {"id": 3, "ok": DIRECTION | {"mutated": "jacobian"}},
    {"id": 3, "ok": DIRECTION | {"mutated": [0]}},
    {"id": 3, "ok": DIRECTION | {"device": 0}},
    {"id": 3, "ok": {"outputs": [ARRAY]}},
    {"id": 3, "ok": {"outputs": {"direction": [ARRAY]}}},
    {"id": 3, "ok": {"outputs": {"direction": [1.0]}}},
    {"id": 3, "error": {"kind": "broken", "message": ""}},
    {"id": 3, "error": {"kind": ["failed"], "message": ""}},
    {"id": 3, "error": {"kind": "failed"}},
    {"id": 3, "error": {"kind": "failed", "message": None}},
    {"id": 3, "error": {"kind": "failed", "message": "", "trace": ""}},
    {"id": 3, "skip": {}},
    {"id": 3, "skip": {"reason": "slow", "issue": 7}},
]


def _accepted(document: Document) -> bool:
    try:
        word = wire.read_reply(json.dumps(document).encode(), 3)
        return word.kind != "ok" or bool(wire.read_outputs(word.ok))
    except ProtocolError:
        return False


@pytest.mark.parametrize("document", OKS + BAD)
def test_the_reader_and_the_schema_agree_on_replies(document: Document) -> None:
    """The fast checks accept exactly what reply.schema.json accepts."""
    assert _accepted(document) is (document in OKS)
    assert validator("reply").is_valid(document) is (document in OKS)


def test_a_reply_to_another_request_is_refused() -> None:
    """The message tells how far the id is off, so that it does not depend on the count so far."""
    with pytest.raises(ProtocolError, match=r"\+2 from it"):
        wire.read_reply(b'{"id": 5, "ok": {}}', 3)


def test_lone_surrogates_are_no_text() -> None:
    """A message that no file could hold is refused."""
    with pytest.raises(ProtocolError, match="surrogates"):
        wire.read_reply(b'{"id": 3, "error": {"kind": "failed", "message": "\\ud800"}}', 3)


METHOD: Document = describe("x")["methods"]["mean"]
METHOD_CHANGES: list[Document] = [
    {"params": []},
    {"params": {"c": [[1]]}},
    {"params": {"c": {"a": 1}}},
    {"params": {"C D": 1}},
    {"dtypes": []},
    {"dtypes": ["float16"]},
    {"dtypes": ["float64", "float64"]},
    {"dtypes": "float64"},
    {"scale": 1},
    {"scale": ""},
    {"randomness": "some"},
    {"stateful": 0},
    {"outputs": []},
    {"outputs": ["Direction"]},
    {"accuracy": 0},
    {"accuracy": "high"},
    {"extra": 1},
]
TOP_CHANGES: list[Document] = [
    {"protocol": 2},
    {"name": ""},
    {"version": 1},
    {"language": None},
    {"artifact": 5},
    {"methods": []},
    {"methods": {"Mean": METHOD}},
    {"methods": {"mean": {}}},
    {"extra": 1},
]


@pytest.mark.parametrize(
    "change", TOP_CHANGES + [{"methods": {"mean": METHOD | one}} for one in METHOD_CHANGES]
)
def test_the_reader_and_the_schema_agree_on_descriptions(change: Document) -> None:
    """A description with one member wrong is refused by the fast checks and by the schema."""
    assert validator("describe").is_valid(describe("x"))
    assert read_description(describe("x")) == describe("x")
    assert not validator("describe").is_valid(describe("x") | change)
    with pytest.raises(ProtocolError, match="must be"):
        read_description(describe("x") | change)


@pytest.mark.parametrize(("scale", "rule"), [("1/", "scale"), ("c", "the method's parameters")])
def test_a_scale_must_be_an_expression_in_declared_names(scale: str, rule: str) -> None:
    """A scale that cannot be parsed or uses a parameter that does not exist is refused."""
    change = {"methods": {"mean": METHOD | {"scale": scale}}}
    with pytest.raises(ProtocolError, match=rule):
        read_description(describe("x") | change)


def test_injected_randomness_survives() -> None:
    """Orders stay lists of integers, uniforms travel as an array of their dtype."""
    random = Arrays({"orders": [[1], [0]], "uniforms": np.array([0.25], np.float32)})
    document = json.loads(json.dumps(wire.encode_random(random)))
    decoded = wire.decode_random(document)
    assert decoded is not None
    assert decoded["orders"] == [[1], [0]]
    assert decoded["uniforms"].dtype == np.float32


def test_lists_of_arrays_are_of_one_dtype() -> None:
    """An input may be a list of arrays; a list of mixed dtypes is refused."""
    arrays = {"layer_gradients": [np.ones((2, 1)), np.ones((2, 3))]}
    decoded = wire.decode_arrays(wire.encode_arrays(arrays), "inputs")
    assert [part.shape for part in decoded["layer_gradients"]] == [(2, 1), (2, 3)]
    mixed = {"layer_gradients": [np.ones(1), np.ones(1, np.float32)]}
    with pytest.raises(ProtocolError, match="one dtype"):
        wire.decode_arrays(wire.encode_arrays(mixed), "inputs")
