"""Tests of the torch backend as the harness sees it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.backend import backend  # noqa: E402  (torch may be missing)
from conformance.wire import Arrays  # noqa: E402  (the same)
from mtl_reference import METHODS  # noqa: E402  (the same)

ROWS = np.array([[1.0, 0.5], [-1.0, 1.0]])


def test_every_declared_output_is_given_in_the_dtype_asked() -> None:
    """Each method answers with what it declares, in each dtype that it declares."""
    for method in ("cagrad", "gradops", "imtl_g", "mean", "mgda", "pcgrad", "sum"):
        facts = backend.describe()["methods"][method]
        for dtype in facts["dtypes"]:
            native = np.dtype("float32" if dtype == "bfloat16" else dtype)
            inputs = Arrays({"jacobian": ROWS.astype(native)}, {"jacobian": dtype})
            outputs = backend.evaluate(method, inputs, facts["params"], None, 0)
            assert list(outputs) == facts["outputs"]
            assert {outputs.dtypes.get(name, str(native)) for name in outputs} == {dtype}
            assert {array.dtype for array in outputs.values()} == {native}


def test_declared_parameters_are_the_references() -> None:
    """Names and defaults are those of the table of methods."""
    for method, facts in backend.describe()["methods"].items():
        assert facts["params"] == {p.name: p.default for p in METHODS[method].parameters}


def test_bfloat16_answers_hold_in_bfloat16() -> None:
    """A bfloat16 request gives float32 arrays whose low sixteen bits are zero."""
    jacobian = np.array([[1.0, 0.5, 3.0], [-1.0, 1.0, 1.5]], dtype=np.float32)
    inputs = Arrays({"jacobian": jacobian}, {"jacobian": "bfloat16"})
    found = backend.evaluate("imtl_g", inputs, {}, None, 0)["direction"]
    assert not (found.view(np.uint32) & 0xFFFF).any()


def test_injected_orders_are_the_ones_used() -> None:
    """With orders the seed says nothing; without them it decides."""
    rows = np.array([[4.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]])
    random = {"orders": [[2, 1], [0, 2], [0, 1]]}
    answers = [
        backend.evaluate("pcgrad", {"jacobian": rows}, {}, given, seed)["direction"].tobytes()
        for given, seed in [(random, 0), (random, 1), *((None, seed) for seed in range(20))]
    ]
    assert answers[0] == answers[1]
    assert len(set(answers[2:])) > 1


@pytest.mark.parametrize(
    ("method", "params"),
    [("gradient_surgery", {}), ("cagrad", {"rescale": 1})],
)
def test_what_is_not_offered_is_unsupported(method: str, params: dict[str, object]) -> None:
    """Unknown methods and parameters are not guessed at."""
    with pytest.raises(NotImplementedError, match=r"gradient_surgery|rescale"):
        backend.evaluate(method, {"jacobian": ROWS}, params, None, 0)


@pytest.mark.parametrize("method", ["cagrad", "gradops", "imtl_g", "mgda", "pcgrad", "sum"])
def test_the_snippet_gives_the_backends_own_answer(method: str) -> None:
    """A recorded failure is reproduced by plain source without the harness."""
    params = backend.describe()["methods"][method]["params"]
    orders = [[1], [0]] if method == "pcgrad" else None
    inputs, random = {"jacobian": ROWS}, {"orders": orders} if orders else None
    scope = {"np": np, "inputs": inputs, "random": random, "params": params, "dtype": "float64"}
    exec(backend.snippet(method, params), scope)  # noqa: S102  (our own source, to be run)
    right = backend.evaluate(method, inputs, params, random, 0)
    assert scope["outputs"]["direction"].tolist() == right["direction"].tolist()
