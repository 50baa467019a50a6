"""What is fuzzed: every reader of what somebody else wrote, with seeds and the errors it may raise.

A target reads bytes; it returns, or it raises one of its documented errors with a message of one
bounded, printable line. Anything else is a fault of ours.
"""

import base64
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from conformance import case, expected, journal, scale, wire
from conformance.certificate import Certificate
from conformance.cli import diff, matrix
from conformance.cli.trouble import Trouble
from conformance.description import read_description
from conformance.document import DocumentError
from conformance.expected import ExpectedError
from conformance.gate import compared
from conformance.journal import SpoiledError
from conformance.report import reading
from conformance.signing import SigningError
from conformance.vectors import record
from conformance.vectors.notation import read as number_of
from conformance.verification import verified
from conformance.wire import ProtocolError
from conformance.zoo.hostile.honest import describe

LONGEST = 1500  # characters of an error's message
ID = 7

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Target:
    """A reader under test: how bytes are read, from which seeds, with which errors.

    ``share`` is its part of all lines that are fuzzed.
    """

    read: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    errors: tuple[type[Exception], ...]
    share: int


def fault(target: Target, line: bytes) -> str:
    """What is wrong with how a target takes a line; empty if nothing is."""
    try:
        target.read(line)
    except target.errors as error:
        message = str(error)
        if not message or len(message) > LONGEST:
            return f"{type(error).__name__} with a message of {len(message)} characters"
    except Exception as error:  # noqa: BLE001  (whatever it is, it is the finding)
        return f"{type(error).__name__}: {error}"[:300]
    return ""


# The wire ------------------------------------------------------------------------------------

ARRAY = {"dtype": "float64", "shape": [2], "data": "AAAAAAAA8D8AAAAAAADgPw=="}


def _reply(line: bytes) -> None:
    """All that the supervisor reads of a reply, whatever was asked."""
    word = wire.read_reply(line, ID)
    if word.kind == "ok":
        for reader in (wire.read_outputs, wire.read_session, read_description):
            try:
                reader(word.ok)
            except ProtocolError:
                continue


def _request(line: bytes) -> None:
    """All that the host reads of a request."""
    document = wire.loads(line)
    wire.decode_arrays(document.get("inputs"), "inputs")
    wire.decode_random(document.get("random"))


def _described(line: bytes) -> None:
    """A description, and its scale at a few numbers of tasks."""
    found = read_description(wire.loads(line))
    for method in found["methods"].values():
        _scaled(method["scale"].encode(), method["params"])


def _scaled(line: bytes, params: Mapping[str, Any] | None = None) -> None:
    parsed = scale.parse(line.decode(errors="replace"))
    given = {"c": 0.5, "alpha": 0} | dict(params or {})
    for tasks in (1, 3):
        try:
            parsed.value(tasks, given)
        except ValueError:
            continue


def _lines(*documents: Mapping[str, Any]) -> list[bytes]:
    return [wire.dumps(document)[:-1] for document in documents]


def _replies() -> Sequence[bytes]:
    outputs = {"outputs": {"direction": ARRAY, "weights": ARRAY | {"dtype": "int64"}}}
    short = {"dtype": "bfloat16", "shape": [1, 3], "data": "AAAAAAAA"}
    truth = {"dtype": "bool", "shape": [3], "data": "AAEB"}
    return _lines(
        {"id": ID, "ok": outputs},
        {"id": ID, "ok": outputs | {"mutated": ["jacobian"], "device": "cpu"}},
        {"id": ID, "ok": {"outputs": {"direction": short, "kept": truth}}},
        {"id": ID, "ok": {"session": "first"}},
        {"id": ID, "ok": {"session": 1}},
        {"id": ID, "ok": describe("fuzz")},
        {"id": ID, "error": {"kind": "refused", "message": "jacobian[0, 1] is nan"}},
        {"id": ID, "skip": {"reason": "slow", "issue": "https://example.org/1"}},
    )


def _requests() -> Sequence[bytes]:
    random = {"orders": [[1], [0]], "uniforms": ARRAY, "sample": [0, 1]}
    return _lines(
        {"id": ID, "op": "evaluate", "inputs": {"jacobian": ARRAY}, "random": random, "seed": 0},
        {"id": ID, "op": "step", "inputs": {"gradients": [ARRAY, ARRAY]}, "random": None},
    )


def _descriptions() -> Sequence[bytes]:
    told = describe("fuzz")
    mean = told["methods"]["mean"] | {"params": {"c": 0.5, "mode": "l2", "edges": [0, 1]}}
    return _lines(told, told | {"methods": {"mean": mean | {"scale": "1/(1 + c**2)"}}})


def _scales() -> Sequence[bytes]:
    return (b"1", b"1/T", b"1/(1+c**2)", b"-(T - 1) * alpha / 2.5", b"((2**16)**16)**-3")


# Files ---------------------------------------------------------------------------------------


@cache
def _place() -> Path:
    """A folder in memory, where there is one, that goes with the process."""
    memory = Path("/dev/shm")  # noqa: S108  (only for speed)
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    return Path(_kept(tempfile.TemporaryDirectory(prefix="mtl-fuzz-", dir=parent)).name)


@cache
def _kept(folder: tempfile.TemporaryDirectory[str]) -> tempfile.TemporaryDirectory[str]:
    return folder


def _file(name: str, line: bytes) -> Path:
    path = _place() / name
    path.write_bytes(line)
    return path


def _case(line: bytes) -> None:
    case.example_of(case.read(_file("case.json", line)))


def _observed(line: bytes) -> None:
    case.recorded(_file("observed.json", line).parent)


def _expected(line: bytes) -> None:
    expected.digest(expected.load(_file("expected.toml", line)))


def _journal(line: bytes) -> None:
    folder = _file("journal.jsonl", line).parent
    past = journal.read(folder)
    for told in (*past.headers, *(each for lines in past.jobs.values() for each in lines)):
        journal.canonical(told)  # what was read can be written again
    list(journal.lines_of(folder / journal.JOURNAL))


def _results(line: bytes) -> None:
    """A result folder as the report reads it."""
    folder = _place() / "run"
    folder.mkdir(exist_ok=True)
    (folder / "results.jsonl").write_bytes(line)
    reading.read(folder)


def _certificate(line: bytes) -> None:
    """A certificate as it is loaded, and as the gate compares it."""
    path = _file("certificate.json", line)
    found = Certificate.load(path)
    assert isinstance(found.certified, bool)
    statement = diff.statement(path)
    compared(statement, json.loads(_certificates()[0]))
    compared(json.loads(_certificates()[0]), statement)


def _verified(line: bytes) -> None:
    """A certificate or an envelope, alone in its folder, as it is verified."""
    folder = _place() / "alone"
    folder.mkdir(exist_ok=True)
    (folder / "certificate.json").write_bytes(line)
    verified(folder / "certificate.json")


def _refolded(line: bytes) -> None:
    """Results beside a certificate that names them, folded again."""
    folder = _place() / "beside"
    folder.mkdir(exist_ok=True)
    (folder / "results.jsonl").write_bytes(line)
    statement = json.loads(_certificates()[0])
    digest = hashlib.sha256(line).hexdigest()
    statement["predicate"]["results"] = f"sha256:{digest}"
    (folder / "certificate.json").write_text(json.dumps(statement))
    verified(folder)


def _envelopes() -> Sequence[bytes]:
    payload = base64.b64encode(_certificates()[0]).decode()
    signed = [{"keyid": "0" * 64, "sig": "AAAA"}]
    kind = "application/vnd.in-toto+json"
    envelope = {"payload": payload, "payloadType": kind, "signatures": signed}
    return [*_certificates(), *_lines(envelope)]


def _matrix(name: str) -> Callable[[bytes], None]:
    def read(line: bytes) -> None:
        matrix.read(_file(name, line))
        matrix.quantity("losses", _file(name, line))

    return read


def _arrays() -> Sequence[bytes]:
    found = []
    for array in (np.eye(1, 2), np.ones((1, 3), np.float32), np.ones((1, 3), np.int64)):
        with io.BytesIO() as file:
            np.save(file, array)
            found.append(file.getvalue())
    return found


MATRICES = (b"[[1, 0.5]]", b'{"inputs": {"jacobian": [["1/3", "0x1.8p+1"]], "losses": [0, 1]}}')
TABLES = (b"1,0.5\n", b"# a comment\n1/3,0x1.8p+1\n\n", b"1\n2\n")


def _vectors(line: bytes) -> None:
    """A file of vectors, each question and each expected number."""
    for vector in record.read(_file("mean.json", line)).vectors:
        _ = vector.example, vector.dtype, vector.result, vector.gates
        for output in vector.told.get("expected", {}).values():
            for entry in output:
                _number(entry)


def _number(entry: Any) -> None:  # noqa: ANN401  (of a file)
    pairs = not isinstance(entry, list) or all(map(_is_term, entry))
    if not pairs:  # a row of numbers
        return
    number_of(entry)


def _is_term(term: object) -> bool:
    """Whether this is a factor and what stands under the root."""
    return isinstance(term, list) and len(term) == 2 and all(isinstance(x, str) for x in term)


def _cases() -> Sequence[bytes]:
    found = sorted(
        (ROOT / "docs" / "findings").glob("*.json"), key=lambda path: path.stat().st_size
    )
    return [path.read_bytes() for path in found[:6]]


def _observations() -> Sequence[bytes]:
    return (b'{"verdict": "fail", "message": "scaled error 31 is beyond 30", "observed": []}',)


def _expectations() -> Sequence[bytes]:
    entry = '[[expect]]\nid = "cagrad/homogeneous/*"\nkind = "xfail"\nreason = "known"\n'
    more = entry + 'issue = "https://example.org/1"\n# end\n'
    return entry.encode(), f"{more}\n{entry}".encode()


def _journals() -> Sequence[bytes]:
    about = {"job": "ab" * 32, "method": "mean", "law": "span", "dtype": "float64", "params": {},
             "block": 0}  # fmt: skip
    lines = _lines(
        _header(),
        {"record": "verdict", **about, "index": 0, "verdict": "pass", "scaled_error": 0.5,
         "relative_error": 1e-16, "condition": 2.0, "worst_margin": "-inf", "message": "",
         "case": None},
        {"record": "job", **about, "verdict": "pass", "message": "", "counts": {"pass": 1},
         "case": None},
        {"record": "commit", "job": "ab" * 32, "lines": 2, "seconds": 0.25},
    )  # fmt: skip
    return [b"\n".join(lines) + b"\n", *(line + b"\n" for line in lines)]


def _header() -> dict[str, Any]:
    return {
        "record": "header",
        "suite": {"version": "0.1.0", "digest": "sha256:" + "0" * 64},
        "backend": "fuzz",
        "artifact": "sha256:" + "0" * 64,
        "describe": describe("fuzz"),
        "environment": {"python": "3.11"},
        "seed": 0,
        "profile": "quick",
        "selection": {"methods": None, "laws": None, "dtypes": None, "in_training": None},
    }


def _result_files() -> Sequence[bytes]:
    header, verdict, job, _ = _journals()[1:]
    footer = _lines({"record": "footer", "jobs": 1, "lines": 2, "totals": {"pass": 1}})[0]
    return [b"".join([header, verdict, job, footer]), header, verdict, job, footer]


@cache
def _certificates() -> Sequence[bytes]:
    """The smallest certificate that keeps the schema: one method, one law."""
    law = {"verdict": "pass", "gates": True, "counts": {"pass": 8}, "worst_margin": 0.5,
           "worst_margin_infinite": False, "message": "", "counterexample": None}  # fmt: skip
    method = {"verdict": "certified", "grade": "A", "worst_scaled_error": 0.5,
              "worst_relative_error": 1e-16, "laws": {"span": law}, "claim_kept": True,
              "reasons": []}  # fmt: skip
    header = _header()
    predicate = {"suite": header["suite"], "reference": {"python-flint": "0.9.0"},
                 "profile": "quick", "seed": 0, "environment": header["environment"],
                 "methods": {"mean": method}, "totals": {"pass": 8}, "expected": [],
                 "limits": "little was tested", "results": "sha256:" + "0" * 64}  # fmt: skip
    statement = {"_type": "https://in-toto.io/Statement/v1",
                 "subject": [{"name": "pkg:generic/x", "digest": {"sha256": "0" * 64}}],
                 "predicateType": "urn:mtl-reference:certificate:v1",
                 "predicate": predicate}  # fmt: skip
    return _lines(statement)


def _vector_files() -> Sequence[bytes]:
    """Two small vectors of each of three methods."""
    return [_first_two(json.loads((record.HERE / f"{name}.json").read_text("utf-8")))
            for name in ("mean", "mgda", "pcgrad")]  # fmt: skip


def _first_two(document: dict[str, Any]) -> bytes:
    return json.dumps(document | {"tests": document["tests"][:2]}).encode()


TARGETS: Mapping[str, Target] = {
    "reply": Target(_reply, _replies, (ProtocolError,), 50),
    "request": Target(_request, _requests, (ProtocolError,), 10),
    "description": Target(_described, _descriptions, (ProtocolError,), 10),
    "scale": Target(_scaled, _scales, (ValueError,), 8),
    "case": Target(_case, _cases, (DocumentError,), 4),
    "observed": Target(_observed, _observations, (DocumentError,), 3),
    "expected": Target(_expected, _expectations, (ExpectedError,), 5),
    "journal": Target(_journal, _journals, (SpoiledError,), 4),
    "results": Target(_results, _result_files, (ValueError,), 3),
    "certificate": Target(_certificate, _certificates, (DocumentError, Trouble), 2),
    "verified": Target(_verified, _envelopes, (DocumentError, SigningError), 1),
    "refolded": Target(_refolded, _result_files, (DocumentError, SigningError), 1),
    "matrix-json": Target(_matrix("m.json"), lambda: MATRICES, (Trouble,), 2),
    "matrix-csv": Target(_matrix("m.csv"), lambda: TABLES, (Trouble,), 2),
    "matrix-npy": Target(_matrix("m.npy"), _arrays, (Trouble,), 2),
    "vectors": Target(_vectors, _vector_files, (DocumentError,), 1),
}
