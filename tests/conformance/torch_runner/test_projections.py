"""The aggregators that project and that mix hulls, against exact answers and on bad input."""

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.aggregators import AGGREGATORS  # noqa: E402  (torch may be missing)
from conformance.torch_runner.cones import onto_cone  # noqa: E402  (the same)
from conformance.torch_runner.dictionary import Program  # noqa: E402  (the same)
from conformance.torch_runner.linear import best, exactly, in_floats  # noqa: E402  (the same)
from mtl_reference import METHODS  # noqa: E402  (the same)

torch.set_num_threads(1)

ROWS = ((3.0, 1.0, -2.0, 0.5), (-1.0, 2.0, 0.25, 1.0), (-2.0, -3.0, 1.0, 0.75))
FIRST, *OTHERS = ROWS
VECTORS = ((1.0, 0.5, 0.25), (0.25, 1.0, 0.5), (0.5, 0.25, 1.0))
INPUTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "upgrad": ({"jacobian": ROWS}, {}),
    "dual_proj": ({"jacobian": ROWS}, {}),
    "gem": ({"gradient": FIRST, "memory": OTHERS}, {}),
    "a_gem": ({"gradient": FIRST, "reference": ROWS[2]}, {}),
    "ogd": ({"gradient": FIRST, "basis": ((0.0, 1.0, 0.0, 0.0), (0.5, 0.5, 0.0, 0.0))}, {}),
    "pe_ltr": ({"jacobian": ROWS, "floors": (0.25, 0.0, 0.125)}, {}),
    "pe_ltr, two stages": (
        {"jacobian": ROWS, "floors": (0.25, 0.0, 0.125)}, {"solver": "two-stage"}),
    "arml": ({"jacobian": ROWS, "gradient": (1.0, 0.0, 2.0, -1.0)}, {}),
    "pareto_mtl": ({"jacobian": ROWS, "losses": (1.0, 3.0, 2.0), "preferences": VECTORS}, {}),
    "pareto_mtl, first": (
        {"jacobian": ROWS, "losses": (1.0, 3.0, 2.0), "preferences": VECTORS},
        {"phase": "first", "region": 2.0}),
    "epo": ({"jacobian": ROWS, "losses": (1.0, 3.0, 2.0), "preference": (1.0, 2.0, 1.0)}, {}),
}  # fmt: skip


def answered(method: str, inputs: dict[str, Any], params: dict[str, Any], dtype: Any) -> Any:  # noqa: ANN401  (torch may be missing)
    """The aggregation of inputs in a dtype."""
    first, *others = METHODS[method].inputs
    given = {name: torch.tensor(inputs[name], dtype=dtype) for name in others}
    return AGGREGATORS[method](torch.tensor(inputs[first], dtype=dtype), **given, **params)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", INPUTS)
def test_answer_is_the_exact_one_nearly_rounded(name: str, dtype: Any) -> None:  # noqa: ANN401
    """On a well-conditioned input each answer is the exact one to a few units of its dtype."""
    method, (inputs, params) = name.split(",", maxsplit=1)[0], INPUTS[name]
    found = answered(method, inputs, params, dtype).direction
    right = torch.tensor(
        METHODS[method].answer(inputs, None, params).to_float64(), dtype=torch.float64
    )
    assert found.dtype == dtype
    assert (found.double() - right).norm() <= 8 * torch.finfo(dtype).eps * right.norm()


@pytest.mark.parametrize("name", [name for name in INPUTS if name != "ogd"])
def test_rows_of_any_length(name: str) -> None:
    """Rows 2^600 times as long, beyond what their squares can be, give an answer as long."""
    method, (inputs, params) = name.split(",", maxsplit=1)[0], INPUTS[name]
    facts, scale = METHODS[method], 2.0**600
    longer = {n: np.multiply(v, scale) if n in facts.rows else v for n, v in inputs.items()}
    found = answered(method, longer, params, torch.float64).direction / scale
    right = answered(method, inputs, params, torch.float64).direction
    assert found.tolist() == pytest.approx(right.tolist(), rel=1e-14)


@pytest.mark.parametrize("name", INPUTS)
def test_bad_numbers_are_refused_by_name(name: str) -> None:
    """NaN in any input is refused, and the message names the input."""
    method, (inputs, params) = name.split(",", maxsplit=1)[0], INPUTS[name]
    for bad in inputs:
        spoiled = {n: np.array(v) for n, v in inputs.items()}
        spoiled[bad].flat[-1] = np.nan
        with pytest.raises(ValueError, match=rf"{bad}.*nan"):
            answered(method, spoiled, params, torch.float64)


def test_projections_meet_their_conditions_on_dependent_rows() -> None:
    """Parallel, opposed and zero rows: no row is conflicted with but by rounding."""
    rows = np.array([[1.0, 2.0], [-1.0, -2.0], [2.0, 4.0], [0.0, 0.0], [0.5, -1.0]])
    gramian = rows @ rows.T
    pushes = onto_cone(gramian, gramian)
    points = (np.eye(5) + pushes) @ rows
    assert (pushes >= 0).all()
    assert (points @ rows.T).min() >= -1e-14


@pytest.mark.parametrize("seed", range(5))
def test_simplex_method_finds_the_best_vertex(seed: int) -> None:
    """No other point of the polyhedron that is drawn is better."""
    noise = np.random.default_rng(seed)
    rows, objective = noise.standard_normal((4, 5)), noise.standard_normal(5)
    drawn = noise.dirichlet(np.ones(5), size=2000)
    bounds = rows @ drawn[0] - 0.1
    found = best(objective, rows, bounds)
    allowed = drawn[(drawn @ rows.T >= bounds).all(axis=1)]
    assert found.sum() == pytest.approx(1)
    assert (rows @ found >= bounds - 1e-12).all()
    assert objective @ found >= (allowed @ objective).max() - 1e-12


def test_a_program_without_answer_is_refused() -> None:
    """No weights on the simplex sum to two."""
    with pytest.raises(ValueError, match="no weights keep"):
        best(np.ones(2), np.ones((1, 2)), np.array([2.0]))


@pytest.mark.parametrize("tasks", [1, 3, 12, 40])
def test_floats_and_whole_numbers_find_one_vertex(tasks: int) -> None:
    """Where float64 proves its vertex it is the exact one, also after more exchanges than last."""
    rows = np.random.default_rng(tasks).standard_normal((tasks, 50))
    gramian = rows @ rows.T
    program = Program(gramian.sum(0), gramian, np.zeros(tasks), np.ones(tasks))
    found = in_floats(program)
    assert found is not None
    assert found == pytest.approx(exactly(program), abs=1e-12)


def test_whole_numbers_decide_what_floats_leave_open() -> None:
    """The one point that keeps b_1 >= b_2 and b_1 (1 + 2u) <= b_2 (1 + 2u) is found exactly."""
    long = 1 + 2.0**-52
    rows = np.array([[1.0, -1.0], [-long, long]])
    program = Program(np.array([1.0, 0.0]), rows, np.zeros(2), np.ones(2))
    assert exactly(program).tolist() == [0.5, 0.5]
