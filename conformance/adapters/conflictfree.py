"""conflictfree's operators as a backend, called as its users call them.

Conventions: ConFIG with equal weights and the projection length, which are the operator's
defaults; PCGrad sums over the tasks; IMTL-G's weights sum to 1. The library says that its PCGrad
is the algorithm of Yu et al. (2020), which draws orders at random, and offers no handle on them:
the randomness is declared "uncontrolled". No accuracy is documented, so none is claimed.
"""

from typing import Any

from conformance.adapters.adapter import Adapter, Construction, Inputs, Offer, constructed
from conformance.adapters.tensors import tensor


def _operator(name: str) -> Construction:
    return constructed("conflictfree.grad_operator", name)


def _calculate(operator: Any, inputs: Inputs, dtype: str) -> dict[str, Any]:  # noqa: ANN401
    return {"direction": operator.calculate_gradient(tensor(inputs["jacobian"], dtype))}


backend = Adapter(
    "conflictfree",
    "conflictfree",
    {
        # torch.linalg's lstsq and pinv know no bfloat16 on the CPU.
        "config": Offer(_operator("ConFIGOperator"), _calculate),
        "imtl_g": Offer(_operator("IMTLGOperator"), _calculate),
        "pcgrad": Offer(
            _operator("PCGradOperator"),
            _calculate,
            dtypes=("float64", "float32", "bfloat16"),
            randomness="uncontrolled",
        ),
    },
)
