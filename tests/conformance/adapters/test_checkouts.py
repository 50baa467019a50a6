"""Tests of the adapters that run a user's checkout, on stand-ins written here."""

import sys
from pathlib import Path

import numpy as np
import pytest

from conformance.adapters import pytorch_pcgrad
from conformance.backend import UnknownBackendError, resolve
from conformance.reply import Reply, Status
from conformance.supervisor import BrokenBackendError, Supervisor

sys.path.insert(0, str(Path(__file__).parent))

from standins import FILES, checkout

pytest.importorskip("torch")

ROWS = np.array([[1.0, 0.0], [-0.5, 1.0]])


def asked(name: str, folder: Path, *requests: tuple[str, dict[str, object]]) -> list[Reply]:
    """What the backend answers from a stand-in, in a child process as always."""
    with Supervisor(resolve(f"{name}@{checkout(name, folder)}")) as supervisor:
        facts = supervisor.describe()["methods"]
        replies = []
        for method, params in requests:
            dtype = facts[method]["dtypes"][0]
            replies.append(supervisor.evaluate(method, {"jacobian": ROWS.astype(dtype)}, params))
        return replies


def direction(reply: Reply) -> list[float]:
    """The direction of a reply; its error where it has none."""
    assert reply.status is Status.OK, reply.message
    return [float(number) for number in reply.outputs["direction"]]


def test_official_functions_are_taken_out_of_the_trainer(tmp_path: Path) -> None:
    """The function cagrad gets (d, T) and c; mgd finds the solver that lies beside the trainer."""
    half, other, first = asked(
        "cagrad-official", tmp_path, ("cagrad", {"c": 0.5}), ("cagrad", {"c": 0.0}), ("mgda", {})
    )
    assert direction(half) == pytest.approx([0.3, 0.6])
    assert direction(other) == pytest.approx([0.25, 0.5])
    assert direction(first) == [1.0, 0.0]


def test_official_functions_are_for_two_or_three_tasks(tmp_path: Path) -> None:
    """Another number of tasks is unsupported, with the file that each is for."""
    with Supervisor(resolve(f"cagrad-official@{checkout('cagrad-official', tmp_path)}")) as child:
        reply = child.evaluate("mgda", {"jacobian": np.ones((4, 2), dtype=np.float32)}, {})
    assert reply.status is Status.UNSUPPORTED
    assert "nyuv2/utils.py" in reply.message


def test_pcgrads_wrapper_leaves_its_gradient(tmp_path: Path) -> None:
    """The stand-in's mean reaches the reply as it is; the scale 1/T is declared beside it."""
    (reply,) = asked("pytorch-pcgrad", tmp_path, ("pcgrad", {}))
    assert direction(reply) == [0.25, 0.5]


def test_the_solver_is_given_normalised_gradients(tmp_path: Path) -> None:
    """The stand-in picks the shorter row; the direction is that row, whole."""
    (reply,) = asked("min-norm-solver", tmp_path, ("mgda", {}))
    assert direction(reply) == [1.0, 0.0]
    assert reply.outputs["weights"].tolist() == [1.0, 0.0]


def test_weight_methods_get_their_arguments(tmp_path: Path) -> None:
    """The method gets c by its own keyword, and the parameter's gradient is the answer."""
    twice, once = asked("nash-mtl", tmp_path, ("cagrad", {"c": 2.0}), ("sum", {}))
    assert direction(twice) == [1.0, 2.0]
    assert direction(once) == [0.5, 1.0]


def test_libmtls_main_branch_is_driven_like_the_package(tmp_path: Path) -> None:
    """A weighting is imported alone, although neither package's __init__ can be."""
    (reply,) = asked("libmtl-checkout", tmp_path, ("mean", {}))
    assert direction(reply) == [0.5, 1.0]


def test_libmtls_state_lives_through_a_session(tmp_path: Path) -> None:
    """The second step of a session is not a first one."""
    place = checkout("libmtl-checkout", tmp_path)
    with Supervisor(resolve(f"libmtl-checkout@{place}")) as supervisor:
        supervisor.describe()
        params = {"beta": 0.5}
        session = supervisor.open("gradvac", params, tasks=2, size=2, dtype="float64")
        first, second = (session.step({"jacobian": ROWS}) for _ in range(2))
    assert direction(first) == [0.25, 0.5]
    assert direction(second) == [0.5, 1.0]


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_checkout_is_its_files(name: str, tmp_path: Path) -> None:
    """Name, digest and subject tell the repository, the folder and the files that are run."""
    spec = resolve(f"{name}@{checkout(name, tmp_path)}")
    assert spec.name == f"{name}@{tmp_path}"
    assert spec.subject.startswith("pkg:github/")
    assert next(iter(FILES[name])) in spec.artifact
    file = tmp_path / next(iter(FILES[name]))
    file.write_text("changed = True\n", encoding="utf-8")
    assert resolve(name, checkout=str(tmp_path)).digest != spec.digest


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_checkout_says_what_is_wanted_where(name: str, tmp_path: Path) -> None:
    """Without a folder, and with a wrong one, the sentence names repository, file and cure."""
    with pytest.raises(UnknownBackendError, match=f"{name}@FOLDER or --env MTL_CHECKOUT=FOLDER"):
        resolve(name, checkout="")
    wanted = next(iter(FILES[name]))
    with pytest.raises(UnknownBackendError, match=f"no {wanted} in .* as a checkout of"):
        resolve(f"{name}@{tmp_path}")


def test_the_adapter_itself_says_what_is_wanted() -> None:
    """Served by --command without the variable, describe says which folder to name."""
    target = "conformance.adapters.pytorch_pcgrad:backend"
    command = f"{sys.executable} -m conformance.host {target}"
    with (
        Supervisor(resolve(command=command)) as supervisor,
        pytest.raises(BrokenBackendError, match=r"MTL_CHECKOUT must name .* that holds pcgrad.py"),
    ):
        supervisor.describe()


def test_the_snippet_knows_where_the_checkout_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs by itself, with the folder that the backend was named with."""
    place = checkout("pytorch-pcgrad", tmp_path)
    monkeypatch.setenv("MTL_CHECKOUT", str(place))
    source = pytorch_pcgrad.backend.snippet("pcgrad", {})
    monkeypatch.delenv("MTL_CHECKOUT")
    names = {"inputs": {"jacobian": ROWS}, "dtype": "float64", "seed": 0, "earlier": []}
    exec(source, names)  # noqa: S102  (our own source)
    assert names["outputs"]["direction"].tolist() == [0.25, 0.5]  # type: ignore[index]
