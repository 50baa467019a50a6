"""Tests that the adapters call their libraries as users do, and say so when one is missing."""

from importlib import metadata

import numpy as np
import pytest

from conformance.adapters import conflictfree, tensors, torchjd
from conformance.wire import Arrays

torch = pytest.importorskip("torch")
pytest.importorskip("torchjd")
pytest.importorskip("conflictfree")

CONFLICT = np.array([[1.0, 0.0], [-0.5, 1.0]])


@pytest.mark.parametrize("adapter", [torchjd, conflictfree])
def test_adapter_serves_every_method_that_it_declares(adapter: object) -> None:
    """Each declared method answers with each output that it declares, in the dtype asked."""
    backend = adapter.backend  # type: ignore[attr-defined]
    for method, facts in backend.describe()["methods"].items():
        for dtype in set(facts["dtypes"]) - {"bfloat16"}:
            inputs = {"jacobian": CONFLICT.astype(dtype)}
            outputs = backend.evaluate(method, inputs, {}, None, 0)
            assert set(outputs) == set(facts["outputs"])
            assert {array.dtype.name for array in outputs.values()} == {dtype}


def test_bfloat16_reaches_the_library_as_bfloat16() -> None:
    """A bfloat16 jacobian is summed in bfloat16, not in the float32 that carries it."""
    jacobian = np.array([[1.0, 1.0], [0.00390625, 0.0]], dtype=np.float32)
    inputs = Arrays({"jacobian": jacobian}, {"jacobian": "bfloat16"})
    outputs = torchjd.backend.evaluate("sum", inputs, {}, None, 0)
    assert outputs["direction"].tolist() == [1.0, 1.0]
    assert outputs.dtypes == {"direction": "bfloat16"}


def test_the_seed_fixes_torchjds_orders() -> None:
    """PCGrad under one seed answers the same bits, and other seeds reach other orders."""
    jacobian = np.array([[1.0, 0.0, 0.2], [-1.0, 0.4, 0.1], [-0.3, -1.0, 0.3], [0.2, 0.1, -1.0]])
    answers = [
        torchjd.backend.evaluate("pcgrad", {"jacobian": jacobian}, {}, None, seed)["direction"]
        for seed in [0, *range(12)]
    ]
    assert answers[0].tobytes() == answers[1].tobytes()
    assert len({answer.round(9).tobytes() for answer in answers}) > 1


def test_an_offered_parameter_reaches_the_library() -> None:
    """CAGrad with c = 0 is the mean."""
    outputs = torchjd.backend.evaluate("cagrad", {"jacobian": CONFLICT}, {"c": 0.0}, None, 0)
    assert outputs["direction"].tolist() == [0.25, 0.5]


def test_what_the_library_lacks_is_unsupported() -> None:
    """A method or parameter that the library has not raises NotImplementedError with its name."""
    inputs = {"jacobian": CONFLICT}
    with pytest.raises(NotImplementedError, match="no gradops"):
        torchjd.backend.evaluate("gradops", inputs, {}, None, 0)
    with pytest.raises(NotImplementedError, match="MGDA has no parameter normalization"):
        torchjd.backend.evaluate("mgda", inputs, {"normalization": "l2"}, None, 0)
    with pytest.raises(NotImplementedError, match="no mean"):
        conflictfree.backend.evaluate("mean", inputs, {}, None, 0)


@pytest.mark.parametrize("adapter", [torchjd, conflictfree])
def test_the_snippet_gives_the_adapters_answer(adapter: object) -> None:
    """The plain source of each method, run by itself, prints the same bits as the adapter."""
    backend = adapter.backend  # type: ignore[attr-defined]
    for method in backend.describe()["methods"]:
        names = {"jacobian": CONFLICT.copy(), "dtype": "float64", "seed": 3}
        exec(backend.snippet(method, {}), names)  # noqa: S102  (our own source)
        expected = backend.evaluate(method, {"jacobian": CONFLICT}, {}, None, 3)["direction"]
        assert np.asarray(names["outputs"]["direction"]).tobytes() == expected.tobytes()


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library, describing and answering both say what to install."""

    def absent(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", absent)
    with pytest.raises(ModuleNotFoundError, match=r"mtl-reference\[peers\]"):
        torchjd.backend.describe()
    with pytest.raises(ModuleNotFoundError, match=r"mtl-reference\[peers\]"):
        tensors.library("nosuchlibrary", "nosuchlibrary")
