"""The official CAGrad functions (Cranial-XIX/CAGrad) as a backend, from a checkout.

They stand inside ``multi_task_mgd_trainer`` of ``nyuv2/utils.py`` (three tasks) and
``cityscapes/utils.py`` (two tasks), take gradients as (d, T), and are float32, as the trainer's
buffer is. The adapter takes each function out of the trainer's source and calls it alone.

Conventions: ``cagrad`` is the mean plus the ball, divided by 1 + c^2 (``rescale=1``); ``pcgrad``
and ``graddrop`` average over the tasks; ``mgd`` is MGDA's vector. The trainer multiplies whatever
they return by T afterwards, "to match the sum loss"; that product is not part of the functions.
``pcgrad`` draws from the numpy generator that it is given, ``graddrop`` from torch's ("seeded").
"""

from typing import Any

import numpy as np

from conformance.adapters import checkout
from conformance.adapters.adapter import Adapter, Inputs, Offer, Params
from conformance.adapters.checkout import module
from conformance.adapters.tensors import tensor

REPOSITORY, FILES = "Cranial-XIX/CAGrad", ("nyuv2/utils.py", "cityscapes/utils.py")


def taken_out(name: str, tasks: int) -> Any:  # noqa: ANN401  (a function)
    """A function that stands inside the trainer for this number of tasks."""
    import ast
    import os
    from pathlib import Path

    where = {3: "nyuv2", 2: "cityscapes"}.get(tasks)
    if where is None:
        message = f"T must be 3 (nyuv2/utils.py) or 2 (cityscapes/utils.py), got {tasks}"
        raise NotImplementedError(message)
    path = Path(os.environ["MTL_CHECKOUT"], where, "utils.py")
    inside: list[ast.stmt] = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    if not inside:
        message = f"{path} defines no function {name}"
        raise LookupError(message)
    names = vars(module(str(path)))
    source = compile(ast.Module(inside[-1:], type_ignores=[]), str(path), "exec")
    exec(source, names)  # noqa: S102  (the user's own checkout)
    return names[name]


def _cagrad(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (a function)
    found = taken_out("cagrad", tasks)
    return lambda grads: found(grads, params["c"], rescale=1)


def _graddrop(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (a function)
    return taken_out("graddrop", tasks)


def _mgd(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (a function)
    return taken_out("mgd", tasks)


def _pcgrad(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (a function)
    found = taken_out("pcgrad", tasks)
    generator = np.random.default_rng(np.random.randint(2**31))  # noqa: NPY002  (as seeded)
    return lambda grads: found(grads, generator)


def _call(function: Any, inputs: Inputs, dtype: str) -> dict[str, Any]:  # noqa: ANN401
    return {"direction": function(tensor(inputs["jacobian"], dtype).t().contiguous())}


_SINGLE = ("float32",)
_SHOWN = (module, taken_out)

backend = Adapter(
    "cagrad-official",
    REPOSITORY,
    {
        "cagrad": Offer(
            _cagrad, _call, {"c": 0.5}, dtypes=_SINGLE, scale="1/(1+c**2)", quoted=_SHOWN
        ),
        "graddrop": Offer(
            _graddrop,
            _call,
            dtypes=_SINGLE,
            scale="1/T",
            randomness="seeded",
            quoted=_SHOWN,
            lacks=("representation",),
        ),
        "mgda": Offer(_mgd, _call, dtypes=_SINGLE, quoted=_SHOWN),
        "pcgrad": Offer(
            _pcgrad, _call, dtypes=_SINGLE, scale="1/T", randomness="seeded", quoted=_SHOWN
        ),
    },
    version=lambda: checkout.version(REPOSITORY, *FILES),
)
