"""The page docs/protocol.md: its conversation is valid, and its two backends work as printed."""

import json
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest

from conformance import wire
from conformance.backend import BackendSpec, resolve
from conformance.description import read_description
from conformance.schemas import validator
from conformance.supervisor import Supervisor
from conformance.zoo.hostile import HOSTILE
from conformance.zoo.hostile.honest import direction

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
LINES = [json.loads(text) for text in re.findall(r"^(?:->|<-) (.*)$", PAGE, re.MULTILINE)]
REQUESTS, REPLIES = LINES[::2], LINES[1::2]


@pytest.mark.parametrize(("request_", "reply"), list(zip(REQUESTS, REPLIES, strict=True)))
def test_the_conversation_is_valid(request_: wire.Document, reply: wire.Document) -> None:
    """Each line of it passes the schemas, and each reply the supervisor's reader."""
    validator("request").validate(request_)
    validator("reply").validate(reply)
    word = wire.read_reply(json.dumps(reply).encode(), request_["id"])
    if request_["op"] == "describe":
        assert read_description(word.ok)["methods"].keys() == {"pcgrad"}


def test_the_conversation_is_true() -> None:
    """The direction in it is PCGrad's, and the refused jacobian has its NaN where it says."""
    jacobian, _ = wire.decode_array(REQUESTS[1]["inputs"]["jacobian"])
    printed, _ = wire.decode_array(REPLIES[1]["ok"]["outputs"]["direction"])
    assert printed.tolist() == [0.8, 1.4]
    assert direction("pcgrad", jacobian, REQUESTS[1]["random"]["orders"]) == pytest.approx(printed)
    refused, _ = wire.decode_array(REQUESTS[2]["inputs"]["jacobian"])
    assert np.argwhere(np.isnan(refused)).tolist() == [[0, 1]]


def _spec(folder: Path, kind: str) -> BackendSpec:
    file = folder / "mine.py"
    file.write_text(PROGRAMS[kind == "program"])
    if kind == "program":
        return resolve(command=shlex.join([sys.executable, str(file)]))
    return resolve(f"{file}:Mean")


@pytest.mark.parametrize("kind", ["object", "program"])
def test_the_printed_backends_work(tmp_path: Path, kind: str) -> None:
    """Copied from the page into a file, each answers the mean of the rows."""
    with Supervisor(_spec(tmp_path, kind)) as supervisor:
        assert supervisor.describe()["name"] == "mine"
        reply = supervisor.evaluate("mean", {"jacobian": np.array([[1.0, 0.0], [-0.5, 1.0]])}, {})
        assert reply.outputs["direction"].tolist() == [0.25, 0.5]
        assert supervisor.check().status == "ok"


def test_the_table_of_hostile_backends_is_the_zoo() -> None:
    """Each kind stands on the page as it stands in the table of the zoo, and no other."""
    rows = [
        f"| `{each.name}` | {each.does} | {each.verdict}{f' ({each.law})' if each.law else ''} |"
        for each in HOSTILE.values()
    ]
    assert PAGE.partition("| backend | what it does |")[2].splitlines()[2:] == rows
