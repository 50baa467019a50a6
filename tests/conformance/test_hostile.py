"""The hostile backends: each ends in the right status, and the others' requests are answered."""

import numpy as np
import pytest

from conformance.reply import Status
from conformance.supervisor import Supervisor
from conformance.zoo.hostile import HOSTILE, MISBEHAVIOUR, Hostile, direction

HARMLESS = np.array([[1.0, 0.0], [-0.5, 1.0]])
HARMFUL = np.array([[1.0, 0.0], [-0.5, 1.0], [0.0, 2.0]])
ORDERS = {"orders": [[1], [0]]}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=list(HOSTILE))
def test_each_ends_in_its_status_and_the_run_goes_on(hostile: Hostile) -> None:
    """Before and after its misbehaviour the same backend gives the published PCGrad answer."""
    # Only what is to run out of time gets little of it: a busy machine must not change verdicts.
    limit = 1.5 if hostile.status == "timeout" else 30.0
    with Supervisor(hostile.spec, timeout=limit) as supervisor:
        supervisor.describe()
        before = supervisor.evaluate("pcgrad", {"jacobian": HARMLESS}, {}, ORDERS)
        harm = [supervisor.evaluate("mean", {"jacobian": HARMFUL}, {}), supervisor.check()]
        after = supervisor.evaluate("pcgrad", {"jacobian": HARMLESS}, {}, ORDERS)
    statuses = {reply.status for reply in harm} - {Status.OK} or {Status.OK}
    assert statuses == {Status(hostile.status)}
    assert before.outputs["direction"] == pytest.approx([0.8, 1.4])
    assert np.array_equal(after.outputs["direction"], before.outputs["direction"])


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=list(HOSTILE))
def test_a_verdict_comes_from_the_supervisor_or_from_a_law(hostile: Hostile) -> None:
    """What the supervisor does not see must name the law that does."""
    assert (hostile.law is None) == (hostile.status != "ok")
    assert hostile.verdict == ("fail" if hostile.law else hostile.status)


def test_the_table_is_complete() -> None:
    """Each program is in the table but the leak, which needs a memory limit of its own."""
    assert set(MISBEHAVIOUR) == set(HOSTILE) - {"mutating"} | {"leak"}


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
