"""Tests of the zoo: its sound backends answer as the exact reference does, its faults do not."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from conformance.host import load
from conformance.wire import Arrays
from conformance.zoo import reference, transcription
from conformance.zoo.faults import FAULTS, Faulty
from mtl_reference import METHODS
from mtl_reference.method import Kind

CASES = {
    "conflict": [[1.0, 0.0], [-3.0, 0.5]],
    "three": [[4.0, -1.0, -1.0], [-1.0, 4.0, -1.0], [-1.0, -1.0, 5.0]],
    "full mantissas": [[0.1, 0.7, -0.3], [-0.6, 0.2, 0.9]],
    "dependent": [[1.0, 0.0, 1.0], [0.0, 1.0, -1.0], [1.0, 1.0, 0.0]],
    "more tasks than parameters": [[1.0, 0.0], [1.0, 0.1], [-0.2, 1.0]],
    "stationary": [[1.0, 2.0], [3.0, -1.0], [-4.0, -1.0]],
    "one task": [[3.0, -4.0]],
    "duplicates": [[2.0, 1.0], [2.0, 1.0], [-1.0, 1.0]],
    "turning": [[1.0, 0.0], [-1.0, 1.0], [-3.0, -1.0]],
    "zero row": [[0.0, 0.0], [1.0, 2.0]],
    "far apart": [[2.0**-27, -(2.0**-28)], [2.0**27, 2.0**26], [-1.0, 2.0]],
}
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("mean", {}),
    ("sum", {}),
    ("mgda", {}),
    ("pcgrad", {}),
    ("imtl_g", {}),
    *(("cagrad", {"c": c}) for c in (0.0, 0.5, 1.0, 10.0)),
    *(("gradops", {"alpha": alpha}) for alpha in (0.0, 1.0, 0.5, -1.0)),
    ("gradops", {"alpha": 0.0, "fallback": "none"}),
]


def others(tasks: int) -> list[list[int]]:
    """Orders in which each task meets the others as they stand."""
    return [[other for other in range(tasks) if other != task] for task in range(tasks)]


def asked(
    backend: Faulty | reference.Reference | transcription.Transcription,
    method: str,
    jacobian: np.ndarray,
    params: dict[str, Any],
) -> dict[str, np.ndarray]:
    """Outputs of a backend for a jacobian, orders given."""
    inputs = {"jacobian": jacobian.copy()}
    return backend.evaluate(method, inputs, params, {"orders": others(len(jacobian))}, 0)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("method", "params"), SETTINGS, ids=str)
def test_transcription_agrees_with_the_reference(
    method: str, params: dict[str, Any], case: str
) -> None:
    """Each output is the exact one to ten digits of the rows' lengths, at three scales."""
    rows = np.array(CASES[case])
    given = {"orders": others(len(rows))} if method == "pcgrad" else {}
    answer = METHODS[method].direction(rows.tolist(), **params, **given)
    if answer.kind is not Kind.EXACT:
        pytest.skip(f"the definition has no single answer: {answer.reason}")
    size = np.linalg.norm(rows, axis=1).max()
    for scale in (1.0, 2.0**-100, 2.0**100):
        found = asked(transcription.backend, method, scale * rows, params)["direction"] / scale
        assert np.abs(found - answer.to_float64()).max() <= size / 10**10


def test_transcription_refuses_what_is_no_jacobian() -> None:
    """NaN is named by row and column; integers, vectors, no tasks and float32 by their kind."""
    with pytest.raises(ValueError, match=r"jacobian\[1, 0\] is nan"):
        asked(transcription.backend, "mean", np.array([[1.0], [np.nan]]), {})
    with pytest.raises(TypeError, match="floating point"):
        asked(transcription.backend, "mean", np.array([[1], [2]]), {})
    with pytest.raises(ValueError, match=r"shape \(T, d\)"):
        asked(transcription.backend, "mean", np.zeros((0, 3)), {})
    with pytest.raises(NotImplementedError, match="dtype among float64"):
        asked(transcription.backend, "mean", np.zeros((2, 3), dtype=np.float32), {})


def test_transcription_keeps_bits_under_powers_of_two() -> None:
    """Scaling the jacobian by 2**k scales every bit of the answer, subnormal rows included."""
    rows = np.array(CASES["turning"])
    for method, params in SETTINGS:
        if method == "imtl_g":
            continue
        plain = asked(transcription.backend, method, rows, params)["direction"]
        scaled = asked(transcription.backend, method, np.ldexp(rows, -600), params)["direction"]
        assert np.ldexp(plain, -600).tobytes() == scaled.tobytes()


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_reference_rounds_to_the_dtype_asked(dtype: str) -> None:
    """The mean of 1, 1 and 0 is the float nearest to 2/3, in each dtype."""
    storage = "float64" if dtype == "float64" else "float32"
    jacobian = np.array([[1.0], [1.0], [0.0]], dtype=storage)
    inputs = Arrays({"jacobian": jacobian}, {"jacobian": dtype})
    outputs = reference.backend.evaluate("mean", inputs, {}, None, 0)
    nearest = {"float64": 2 / 3, "float32": float(np.float32(2 / 3)), "bfloat16": 0.66796875}
    assert outputs["direction"].tolist() == [nearest[dtype]]
    assert outputs.dtypes == ({"direction": "bfloat16"} if dtype == "bfloat16" else {})


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (Fraction(257, 256), 1.0),  # a tie goes to the even neighbour
        (Fraction(259, 256), 1.015625),
        (Fraction(257, 256) + Fraction(1, 2**80), 1.0078125),  # the tie of binary32 is none
        (Fraction(257, 256) - Fraction(1, 2**80), 1.0),
        (-Fraction(257, 256) - Fraction(1, 2**80), -1.0078125),
        (Fraction(1, 2**134), 0.0),
        (Fraction(3, 2**135), 2.0**-133),
        (Fraction(2**129), float("inf")),
    ],
)
def test_bfloat16_is_rounded_once(number: Fraction, rounded: float) -> None:
    """Rounding by way of binary32 decides ties by the exact number."""
    exact = fmpq(number.numerator, number.denominator)
    assert reference.round_bfloat16(exact) == rounded


def test_reference_serves_members_of_sets() -> None:
    """Where the definition admits a set of answers, the one served lies in it."""
    cagrad = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
    answer = METHODS["cagrad"].direction(cagrad.tolist(), c=0.5)
    found = asked(reference.backend, "cagrad", cagrad, {"c": 0.5})["direction"]
    assert answer.kind is Kind.SET
    assert answer.contains(tuple(fmpq(*x.as_integer_ratio()) for x in found.tolist()))
    parallel = np.array([[3.0, 4.0], [6.0, 8.0]])
    answer = METHODS["imtl_g"].direction(parallel.tolist())
    found = asked(reference.backend, "imtl_g", parallel, {})["direction"]
    assert answer.kind is Kind.SET
    assert np.allclose(found, [0.6, 0.8], rtol=0, atol=2**-50)


def test_reference_says_why_there_is_no_answer() -> None:
    """An undefined answer is refused with the definition's reason."""
    with pytest.raises(ValueError, match="row 0 is zero"):
        asked(reference.backend, "imtl_g", np.array([[0.0], [1.0]]), {})


def test_every_method_has_at_least_two_faults() -> None:
    """No method gets by with fewer than two mistakes, each under a name of its own."""
    counts = [sum(fault.method == method for fault in FAULTS.values()) for method in METHODS]
    assert min(counts) >= 2
    assert all(name.startswith(f"{fault.method}_") for name, fault in FAULTS.items())


def drawn(count: int) -> Iterator[np.ndarray]:
    """Jacobians of three and four tasks, with entries of both signs and a few sizes."""
    generator = np.random.default_rng(0)
    for place in range(count):
        shape = (3 + place % 2, 3 + place % 3)
        yield generator.normal(size=shape) * 10.0 ** generator.uniform(-5, 1, (shape[0], 1))


PLAIN = {method for method, _ in SETTINGS}
NEEDY = {
    "sum_in_place", "pcgrad_fixed_order", "pcgrad_ignored_orders", "mgda_divided_twice",
    "mgda_lengths_for_losses",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, each in FAULTS.items() if each.method in PLAIN])
def test_a_fault_answers_and_is_wrong(name: str) -> None:
    """Every faulty backend loads by its name, answers, and differs from the sound one somewhere."""
    if name in NEEDY:
        pytest.skip("wrong in what it writes to, or under other orders")
    backend: Faulty = load(f"conformance.zoo.faults:{name}")
    method = backend.fault.method
    inputs = [*drawn(16), np.array(CASES["turning"]), np.array(CASES["more tasks than parameters"])]
    gaps = []
    for params in (params for candidate, params in SETTINGS if candidate == method):
        for jacobian in inputs if params.get("alpha", 0.0) >= 0 else ():
            wrong = asked(backend, method, jacobian, params)["direction"]
            right = asked(transcription.backend, method, jacobian, params)["direction"]
            gaps.append(np.abs(wrong - right).max() / np.abs(jacobian).max())
    assert max(gaps) > 2**-40


def test_self_projection_shows_where_a_gradient_turns() -> None:
    """Projecting a task on itself changes the answer exactly where it opposes its own gradient."""
    turning = np.array(CASES["turning"])
    wrong = asked(load("conformance.zoo.faults:pcgrad_self_projection"), "pcgrad", turning, {})
    right = asked(transcription.backend, "pcgrad", turning, {})
    assert np.abs(wrong["direction"] - right["direction"]).max() > 0.1


def test_an_unknown_fault_is_named() -> None:
    """The package says which faults there are."""
    with pytest.raises(AttributeError, match="no fault is called mean_nothing"):
        load("conformance.zoo.faults:mean_nothing")
