"""Drawing is a function of the seed: not of the process, what it imported, or its hash order."""

import os
import subprocess
import sys

from properties.example import Example
from properties.generation import draw
from properties.inputs import Setting, examples

DRAWN = """
from properties.generation import draw
from properties.inputs import Setting, examples
setting = Setting("gradops", "orthogonal", {"alpha": 0.0, "fallback": "mgda"})
print(draw(examples(setting), examples=12, number=3))
"""


def _printed(before: str, hashes: str) -> str:
    command = [sys.executable, "-c", before + DRAWN]
    variables = {**os.environ, "PYTHONHASHSEED": hashes}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


def test_every_process_draws_the_same() -> None:
    """Neither other modules with their constants nor another hash order change a draw."""
    assert _printed("", "1") == _printed("import conformance.wire, json.tool\n", "2")


def test_few_examples_reach_many_families() -> None:
    """Each example is drawn afresh: twenty of them meet at least eight families."""
    drawn: list[Example] = draw(examples(Setting("mean", "accuracy", {})), examples=20, number=1)
    assert len({example.extra["family"] for example in drawn}) >= 8
