"""isl-org/MultiObjectiveOptimization's MinNormSolver as a backend, from a checkout.

The checkout holds ``multi_task/min_norm_solvers.py`` with ``MinNormSolver.find_min_norm_element``
and ``gradient_normalizers``. Conventions: weights on the simplex; ``normalization_type`` l2, loss
or loss+ divides the gradients before the weights are found, and the weights are then applied to
the losses as they are. ``MAX_ITER`` and ``STOP_CRIT`` are the class's own.
"""

from typing import Any

from conformance.adapters import checkout
from conformance.adapters.adapter import Adapter, Inputs, Offer, Params
from conformance.adapters.checkout import module
from conformance.adapters.tensors import tensor

REPOSITORY, FILE = "isl-org/MultiObjectiveOptimization", "multi_task/min_norm_solvers.py"


def _solvers(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (the library's)
    import os

    found = module(os.environ["MTL_CHECKOUT"] + "/multi_task/min_norm_solvers.py")
    return found, params["normalization"]


def _solve(solvers: Any, inputs: Inputs, dtype: str) -> dict[str, Any]:  # noqa: ANN401
    found, normalization = solvers
    jacobian = tensor(inputs["jacobian"], dtype)
    losses = inputs["losses"].tolist() if "losses" in inputs else [1.0] * len(jacobian)
    tasks = range(len(jacobian))
    grads = {task: [jacobian[task]] for task in tasks}
    norms = found.gradient_normalizers(grads, dict(enumerate(losses)), normalization)
    normalized = [[each / norms[task] for each in grads[task]] for task in tasks]
    solution, _ = found.MinNormSolver.find_min_norm_element(normalized)
    weights = tensor(solution, dtype)
    return {"direction": weights @ jacobian, "weights": weights}


backend = Adapter(
    "min-norm-solver",
    REPOSITORY,
    {
        "mgda": Offer(
            _solvers,
            _solve,
            {"normalization": "none"},
            outputs=("direction", "weights"),
            quoted=(module,),
        )
    },
    version=lambda: checkout.version(REPOSITORY, FILE),
)
