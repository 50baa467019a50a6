"""Tests that the adapters call their libraries as users do, and say so when one is missing."""

from collections.abc import Iterator
from importlib import import_module, metadata
from typing import Any

import numpy as np
import pytest

from conformance.adapters import libmtl, torchjd
from conformance.adapters.adapter import Adapter, Offer
from conformance.backend import resolve
from conformance.registry import BACKENDS
from conformance.subject import BackendSubject
from conformance.supervisor import Supervisor
from conformance.wire import Arrays
from mtl_reference import METHODS
from properties.checks import jobs, run
from properties.laws import LAWS

torch = pytest.importorskip("torch")

CONFLICT = np.array([[1.0, 0.0, 0.5], [-0.5, 1.0, 0.0], [0.25, -0.125, 1.0]])
VECTORS = {
    "initial_losses": [1.0, 1.0, 2.0],
    "log_scales": [0.25, -0.5, 0.0],
    "log_variances": [0.25, -0.5, 0.0],
    "losses": [1.0, 2.0, 4.0],
    "preference": [0.25, 0.25, 0.5],
    "previous_losses": [2.0, 2.0, 3.0],
    "reference_losses": [0.5, 0.5, 0.5],
    "weights": [0.5, 1.0, 1.5],
}
# docs/findings/conflictfree-config-double.json
FAILING = {("conflictfree", "config"): {"float64"}}
PUBLISHED = sorted(name for name, entry in BACKENDS.items() if entry.extra == "peers")


@pytest.fixture(autouse=True)
def default_dtype() -> Iterator[None]:
    """LibMTL's adapter sets torch's default dtype, in a child process of its own elsewhere."""
    before = torch.get_default_dtype()
    yield
    torch.set_default_dtype(before)


def adapter(name: str) -> Adapter:
    """The adapter of a registered library; skipped where the library is missing."""
    library = BACKENDS[name].library
    try:
        metadata.version(library or "torch")
    except metadata.PackageNotFoundError:
        pytest.skip(f"{library} is not installed: pip install 'mtl-reference[peers]'")
    backend: Adapter = import_module(BACKENDS[name].target.partition(":")[0]).backend
    return backend


def inputs(method: str, dtype: str = "float64") -> dict[str, Any]:
    """Three conflicting tasks, and whatever else the method takes."""
    given = {"jacobian": CONFLICT, **VECTORS}
    wanted = [name for name in METHODS[method].inputs if name in given]
    return {name: np.array(given[name], dtype=dtype) for name in wanted}


def offers() -> list[tuple[str, str]]:
    """Every method of every library that is installed here."""
    found = []
    for name in PUBLISHED:
        if BACKENDS[name].library:
            backend: Adapter = import_module(BACKENDS[name].target.partition(":")[0]).backend
            found += [(name, method) for method in backend.offers if method in METHODS]
    return found


def answered(name: str, method: str, dtype: str, seed: int = 3) -> Arrays:
    """What a library answers; skipped where it wants a package that is not here."""
    try:
        return adapter(name).evaluate(method, inputs(method, dtype), {}, None, seed)
    except ImportError as error:
        pytest.skip(f"{name}'s {method} wants a package that is not here: {error}")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "method"), offers())
def test_adapter_serves_every_method_that_it_declares(name: str, method: str) -> None:
    """Each declared method answers with each output that it declares, in the dtype asked."""
    facts = adapter(name).describe()["methods"][method]
    for dtype in set(facts["dtypes"]) - {"bfloat16"} - FAILING.get((name, method), set()):
        outputs = answered(name, method, dtype)
        assert set(outputs) == set(facts["outputs"])
        assert {array.dtype.name for array in outputs.values()} == {dtype}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "method"), offers())
def test_the_snippet_gives_the_adapters_answer(name: str, method: str) -> None:
    """The plain source of each method, run by itself, gives what the adapter gives.

    To a few units of the dtype: a kernel may round otherwise where an array lies otherwise in
    memory.
    """
    dtype = "float32" if (name, method) in FAILING else "float64"
    expected = answered(name, method, dtype)
    names = {"inputs": inputs(method, dtype), "dtype": dtype, "seed": 3, "earlier": []}
    source = adapter(name).snippet(method, {})
    assert "conformance" not in source
    exec(source, names)  # noqa: S102  (our own source)
    for output, array in expected.items():
        found = np.asarray(names["outputs"][output])  # type: ignore[call-overload]
        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        near = 64 * np.finfo(array.dtype).eps * np.abs(array).max()
        np.testing.assert_allclose(found, array, rtol=0, atol=near)


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_offer_speaks_the_references_language(name: str) -> None:
    """Methods, parameters and outputs that are declared are those of the reference."""
    backend: Adapter = import_module(BACKENDS[name].target.partition(":")[0]).backend
    for method, offer in backend.offers.items():
        if method in METHODS:
            known = {each.name for each in METHODS[method].parameters}
            assert set(offer.params) <= known
            assert set(offer.outputs) <= set(METHODS[method].outputs)


def test_bfloat16_reaches_the_library_as_bfloat16() -> None:
    """A bfloat16 jacobian is summed in bfloat16, not in the float32 that carries it."""
    jacobian = np.array([[1.0, 1.0], [0.00390625, 0.0]], dtype=np.float32)
    given = Arrays({"jacobian": jacobian}, {"jacobian": "bfloat16"})
    outputs = adapter("torchjd").evaluate("sum", given, {}, None, 0)
    assert outputs["direction"].tolist() == [1.0, 1.0]
    assert outputs.dtypes == {"direction": "bfloat16"}


@pytest.mark.parametrize("name", ["torchjd", "libmtl"])
def test_the_seed_fixes_the_librarys_orders(name: str) -> None:
    """PCGrad under one seed answers the same bits, and other seeds reach other orders."""
    jacobian = np.array([[1.0, 0.0, 0.2], [-1.0, 0.4, 0.1], [-0.3, -1.0, 0.3], [0.2, 0.1, -1.0]])
    backend = adapter(name)
    answers = [
        backend.evaluate("pcgrad", {"jacobian": jacobian}, {}, None, seed)["direction"]
        for seed in [0, *range(12)]
    ]
    assert answers[0].tobytes() == answers[1].tobytes()
    assert len({answer.round(9).tobytes() for answer in answers}) > 1


def test_an_offered_parameter_reaches_the_library() -> None:
    """CAGrad with c = 0 is the mean; other parameters are not those of a library's default."""
    given = {"jacobian": CONFLICT[:2, :2]}
    outputs = adapter("torchjd").evaluate("cagrad", given, {"c": 0.0}, None, 0)
    assert outputs["direction"].tolist() == [0.25, 0.5]


@pytest.mark.parametrize("name", ["torchjd", "libmtl"])
def test_a_state_lives_through_a_session(name: str) -> None:
    """GradVac's second step of a session is not its first one, and a fresh one is."""
    backend = adapter(name)
    params = {"beta": 0.5}
    session = backend.open("gradvac", params, 2, 3, "float64", 0)
    given = {"jacobian": CONFLICT[:2]}
    first, second = (session.step(given, None)["direction"] for _ in range(2))
    again = backend.evaluate("gradvac", given, params, None, 0)["direction"]
    session.close()
    assert first.tolist() == again.tolist() != second.tolist()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("name", "method", "law"),
    [
        ("torchjd", "random_weighting", "rlw-normals"),
        ("torchjd", "graddrop", "graddrop-draws"),
        ("torchjd", "pcgrad", "pcgrad-orders"),
    ],
)
def test_a_library_that_draws_is_judged_by_its_draws(name: str, method: str, law: str) -> None:
    """A law about draws has something to say of the answers that the harness reads."""
    adapter(name)
    with Supervisor(resolve(name)) as supervisor:
        described = supervisor.describe()
        asked = jobs(described, suite="s", backend="b", methods=[method], laws=[law])
        (job, *_) = asked
        record = run(job, BackendSubject(supervisor, described, job.dtype))
    assert record.counts == {"pass": len(LAWS[law].drawn)}


def test_libmtl_is_given_the_wanted_gradients() -> None:
    """The small model's shared gradients are the jacobian's rows: their sum comes back exactly."""
    jacobian = np.array([[0.1, 1e-30, -3.0], [0.2, 7.0, 3.0]])
    outputs = adapter("libmtl").evaluate("mean", {"jacobian": jacobian}, {}, None, 0)
    assert outputs["direction"].tolist() == (jacobian[0] + jacobian[1]).tolist()


def test_what_the_library_lacks_is_unsupported() -> None:
    """A method or parameter that the library has not raises NotImplementedError with its name."""
    given = {"jacobian": CONFLICT}
    with pytest.raises(NotImplementedError, match="torchjd has no gradops"):
        torchjd.backend.evaluate("gradops", given, {}, None, 0)
    with pytest.raises(NotImplementedError, match="mgda has no parameter normalization"):
        torchjd.backend.evaluate("mgda", given, {"normalization": "l2"}, None, 0)
    with pytest.raises(NotImplementedError, match="libmtl has no upgrad"):
        libmtl.backend.evaluate("upgrad", given, {}, None, 0)


def test_a_value_that_the_library_has_not_is_unsupported() -> None:
    """LibMTL trains its scales; it never puts them at their optimum."""
    with pytest.raises(NotImplementedError, match="libmtl's imtl has scales given"):
        libmtl.backend.evaluate("imtl", inputs("imtl"), {"scales": "optimum"}, None, 0)


def test_an_input_that_the_library_has_no_place_for_is_unsupported() -> None:
    """A representation, or several layers, are not passed over; one layer is no parting."""
    backend = adapter("torchjd")
    given = {"jacobian": CONFLICT[:2]}
    with pytest.raises(NotImplementedError, match="takes no representation"):
        backend.evaluate("graddrop", {**given, "representation": np.ones((1, 3))}, {}, None, 0)
    with pytest.raises(NotImplementedError, match="takes no layers"):
        backend.evaluate("gradvac", {**given, "layers": np.array([[0, 1], [1, 3]])}, {}, None, 0)
    outputs = backend.evaluate("gradvac", {**given, "layers": np.array([[0, 3]])}, {}, None, 0)
    assert set(outputs) == {"direction"}


def test_one_number_a_task_reaches_a_library_that_takes_it() -> None:
    """TorchJD leaks task by task; LibMTL documents one number."""
    given = {"jacobian": np.array([[1.0], [-3.0]])}
    outputs = adapter("torchjd").evaluate("graddrop", given, {"leak": [1.0, 1.0]}, None, 0)
    assert outputs["direction"].tolist() == [-2.0]
    with pytest.raises(NotImplementedError, match="takes one leak for all tasks"):
        libmtl.backend.evaluate("graddrop", given, {"leak": [1.0, 1.0]}, None, 0)


def test_libmtl_is_given_the_losses_as_they_are() -> None:
    """A loss of 1e-18 is not rounded away beside the gradients' inner products."""
    losses = {"losses": np.array([2.0**-60, 2.0**60])}
    weights = adapter("libmtl").evaluate("geometric_mean", losses, {}, None, 0)["weights"]
    assert weights == pytest.approx([2.0**59, 2.0**-61], rel=1e-9)


def test_libmtl_drops_signs_of_a_representation() -> None:
    """GradDrop's mask is drawn for a unit of the representation and serves all its samples."""
    jacobian = np.array([[1.0, 2.0], [-1.0, -2.0]])
    given = {"jacobian": jacobian, "representation": np.array([[1.0], [1.0]])}
    outputs = adapter("libmtl").evaluate("graddrop", given, {}, None, 0)
    assert outputs["direction"].tolist() in ([1.0, 2.0], [-1.0, -2.0])


def test_gradnorm_starts_from_the_given_state() -> None:
    """Without a step the weights are those given; with one they move, and keep their sum."""
    backend = adapter("gradnorm-pytorch")
    given = inputs("gradnorm")
    still = backend.evaluate("gradnorm", given, {"learning_rate": 0.0}, None, 0)
    moved = backend.evaluate("gradnorm", given, {"learning_rate": 0.1}, None, 0)
    assert still["weights"].tolist() == [0.5, 1.0, 1.5] != moved["weights"].tolist()
    assert sum(moved["weights"]) == pytest.approx(3.0)


def test_a_parameter_at_its_default_is_not_asked_of_a_library() -> None:
    """normalization="none" is what plain MGDA does."""
    given = {"jacobian": CONFLICT}
    outputs = adapter("torchjd").evaluate("mgda", given, {"normalization": "none"}, None, 0)
    assert set(outputs) == {"direction", "weights"}


def test_a_missing_library_names_the_extra() -> None:
    """Without the library, describing says what to install."""
    absent = Adapter("nothing", "no-such-distribution", {"sum": Offer(min, min)})  # type: ignore[arg-type]
    with pytest.raises(ModuleNotFoundError, match=r"mtl-reference\[peers\]"):
        absent.describe()
