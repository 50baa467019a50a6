"""The GitHub Actions file to copy: valid, pinned, and made of commands that there are."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from conformance.cli.entry import COMMANDS, parser_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "examples" / "conformance.yml").read_text(encoding="utf-8")
FILE: dict[Any, Any] = yaml.safe_load(TEXT)
STEPS = FILE["jobs"]["certify"]["steps"]
RUNS = [step["run"] for step in STEPS if "run" in step]


def test_it_is_a_workflow_that_may_read_alone() -> None:
    """Pushes and pull requests start it ("on" is true in YAML 1.1), and its token cannot write."""
    assert FILE.keys() == {"name", True, "permissions", "concurrency", "env", "jobs"}
    assert FILE[True].keys() == {"push", "pull_request"}
    assert FILE["permissions"] == {"contents": "read"}
    assert all(("run" in step) != ("uses" in step) for step in STEPS)


def test_actions_are_pinned() -> None:
    """Each action is named by a commit, with the version that it is beside it."""
    named = re.findall(r"uses: (\S+) # v(\d+)\.\d+\.\d+\n", TEXT)
    assert len(named) == sum("uses" in step for step in STEPS)
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40}", action) for action, _ in named)


def test_our_commands_are_read() -> None:
    """Each is one that the command line of today understands, in the order of a gate."""
    ours = [shlex.split(run)[1:] for run in RUNS if run.startswith("mtl-conformance ")]
    assert [words[0] for words in ours] == ["smoke", "certify", "diff", "verify"]
    for command, *words in ours:
        assert command in COMMANDS
        arguments = parser_of(command).parse_args(words)
        if command == "certify":
            assert arguments.resume
            assert arguments.expected == Path(".conformance/expected.toml")


def test_failing_does_not_hide_the_report() -> None:
    """What comes after certify runs when certify failed, and no step is shielded from failing."""
    after = STEPS[1 + next(k for k, step in enumerate(STEPS) if step.get("name") == "Certify") :]
    assert {step["if"] for step in after} <= {"${{ !cancelled() }}", "always()"}
    assert not any("continue-on-error" in step for step in STEPS)


def test_no_expression_is_put_into_a_shell() -> None:
    """Names of branches and the like cannot be read as commands."""
    assert not any("${{" in run for run in RUNS)


def test_the_page_shows_this_very_file() -> None:
    """docs/adopting.md has it word for word."""
    page = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert shown == TEXT
