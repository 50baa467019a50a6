"""The example backends: each is certified with grade A, and the programs survive bad lines."""

import json
import random
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

import conformance
from conformance import wire
from conformance.backend import BackendSpec, resolve
from conformance.cli import main
from conformance.cli.entry import parser_of
from conformance.supervisor import Supervisor

EXAMPLES = Path(__file__).parents[2] / "examples"
LAWS = ("accuracy", "deterministic", "invalid-input", "mgda-kkt", "pcgrad-replay", "shape")
METHODS = {"c": {"mean", "mgda"}, "javascript": {"mean", "pcgrad"}, "python": {"mean"}}
CHECKED = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
PROGRAMS = ("c", "javascript")


def _needed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@cache
def _compiled(*flags: str) -> str:
    """The C example as its page says to build it, with more flags."""
    (line,) = [each for each in _commands("c") if each.startswith("cc ")]
    compiler, *words = shlex.split(line)
    target = Path(mkdtemp()) / "backend"
    files = sorted(map(str, (EXAMPLES / "c").glob("*.c")))
    places = {"backend": [str(target)], "*.c": files}
    rest = [each for word in words for each in places.get(word, [word])]
    subprocess.run([_needed(compiler), *flags, *rest], check=True)
    return str(target)


def _commands(language: str) -> list[str]:
    page = (EXAMPLES / language / "README.md").read_text(encoding="utf-8")
    return [line[2:] for line in page.splitlines() if line.startswith("$ ")]


def _program(language: str, *flags: str) -> list[str]:
    if language == "c":
        return [_compiled(*flags)]
    return [_needed("node"), str(EXAMPLES / "javascript" / "backend.mjs")]


@pytest.mark.parametrize("language", METHODS)
def test_the_page_can_be_followed(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands on each example's page are read, and its smoke test works."""
    shutil.copytree(EXAMPLES / language, tmp_path, dirs_exist_ok=True)
    if language != "python":
        shutil.copy(_program(language)[-1], tmp_path)
    monkeypatch.chdir(tmp_path)
    ours = [shlex.split(each)[1:] for each in _commands(language) if each.startswith("mtl-")]
    assert [words[0] for words in ours] == ["smoke", "certify"]
    assert main(ours[0]) == 0
    assert parser_of("certify").parse_args(ours[1][1:])


def _spec(language: str) -> BackendSpec:
    if language == "python":
        return resolve(f"{EXAMPLES / 'python' / 'ten_lines.py'}:Backend")
    return resolve(command=shlex.join(_program(language)))


@pytest.mark.parametrize("language", METHODS)
def test_the_example_is_certified(language: str) -> None:
    """Every method that it offers has grade A, in float64 and float32, and refuses NaN."""
    certificate = conformance.certify(_spec(language), laws=LAWS)
    methods = certificate.statement["predicate"]["methods"]
    offered = {name: each for name, each in methods.items() if each["verdict"] != "unsupported"}
    assert offered.keys() == METHODS[language]
    for method in offered.values():
        assert (method["verdict"], method["grade"]) == ("certified", "A")
        assert {law["verdict"] for law in method["laws"].values()} == {"pass"}


@pytest.mark.parametrize("language", METHODS)
def test_the_example_refuses(language: str) -> None:
    """NaN, a vector and whole numbers are answered "refused", and each is told."""
    spoiled = [np.array([[1.0, np.nan]]), np.array([1.0, 2.0]), np.array([[1, 2]])]
    with Supervisor(_spec(language)) as supervisor:
        for jacobian in spoiled:
            reply = supervisor.evaluate("mean", {"jacobian": jacobian}, {})
            assert reply.status == "refused"
            assert "jacobian" in reply.message


def _mutated(source: bytes, draw: random.Random) -> bytes:
    """A request with a few bytes changed, left out, repeated or cut off."""
    line = bytearray(source)
    for _ in range(draw.randint(1, 4)):
        at, end = sorted(draw.choices(range(len(line) + 1), k=2))
        kind = draw.randrange(4)
        if kind == 0:
            line[at : at + 1] = bytes([draw.randrange(256)])
        elif kind == 1:
            del line[at:end]
        elif kind == 2:
            line[at:at] = line[at:end]
        else:
            line[at:at] = draw.choice([b"[" * 99, b'"', b"\\u12", b"99999999999999999999", b"=="])
    return bytes(line).replace(b"\n", b"")


@pytest.mark.parametrize("language", PROGRAMS)
def test_bad_lines_are_answered(language: str) -> None:
    """Mutated requests get one reply each; of the C program, under the sanitizers."""
    jacobian = wire.encode_array(np.array([[1.0, 0.0], [-0.5, 1.0]]))
    body = {"method": "mean", "params": {}, "inputs": {"jacobian": jacobian}, "seed": 0}
    sources = [wire.dumps({"id": 7, "op": "evaluate", **body, "method": method})
               for method in sorted(METHODS[language])]  # fmt: skip
    draw = random.Random(0)  # noqa: S311  (mutations, not secrets)
    lines = [_mutated(draw.choice(sources), draw) for _ in range(2000)]
    sent = b"".join(line + b"\n" for line in lines)
    done = subprocess.run(
        _program(language, *CHECKED), input=sent, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    stopped = any(reply.get("ok") == {} for reply in replies)
    assert len(replies) == len(lines) or stopped
    assert {reply["error"]["kind"] for reply in replies if "error" in reply} <= {
        "refused", "unsupported"}  # fmt: skip
