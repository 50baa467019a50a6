"""Small stand-ins for public repositories: their files and signatures, with code of our own.

They let the adapters' path be walked where no checkout is at hand. Each does one plain thing, so
that a test knows what has to come back; none resembles the code that it stands in for.
"""

from pathlib import Path
from textwrap import dedent

CAGRAD_UTILS = """
    import numpy as np
    import torch
    from min_norm_solvers import HELPER

    def multi_task_mgd_trainer(loader, method="mgd", alpha=0.5):
        def cagrad(grads, alpha=0.5, rescale=1):
            return grads.mean(1) * (1 + alpha) / (1 + alpha**2 if rescale == 1 else 1)

        def pcgrad(grads, rng):
            order = np.arange(grads.shape[1])
            rng.shuffle(order)
            return grads.t()[int(order[0])]

        def graddrop(grads):
            return grads.mean(1) * torch.rand_like(grads[:, 0])

        def mgd(grads):
            return HELPER * grads.t()[0]

        return cagrad, pcgrad, graddrop, mgd
"""

MIN_NORM = """
    import numpy as np

    HELPER = 1.0

    class MinNormSolver:
        def find_min_norm_element(vecs):
            lengths = np.array([sum(float((x * x).sum()) for x in vec) for vec in vecs])
            weights = np.zeros(len(vecs))
            weights[int(lengths.argmin())] = 1.0
            return weights, float(lengths.min())

    def gradient_normalizers(grads, losses, normalization_type):
        if normalization_type == "none":
            return {task: 1.0 for task in grads}
        return {task: float(losses[task]) for task in grads}
"""

PCGRAD = """
    import torch

    class PCGrad:
        def __init__(self, optimizer, reduction="mean"):
            self._optim = optimizer

        def pc_backward(self, objectives):
            self._optim.zero_grad()
            torch.stack(list(objectives)).mean().backward()
"""

WEIGHT_METHODS = """
    import torch

    class Weighted:
        def __init__(self, factor):
            self.factor = factor
            self.logsigma = torch.zeros(1)

        def backward(self, losses, shared_parameters=None):
            weights = torch.full((len(losses),), float(self.factor), dtype=losses.dtype)
            (losses * weights).sum().backward()
            return None, {"weights": weights}

    class WeightMethods:
        def __init__(self, method, n_tasks, device, **kwargs):
            factor = kwargs.get("c", kwargs.get("temp", 1.0))
            self.method = Weighted(factor)
            self.asked = method, kwargs

        def backward(self, losses, **kwargs):
            return self.method.backward(losses, **kwargs)
"""

ABSTRACT = """
    import torch

    class AbsWeighting(torch.nn.Module):
        def init_param(self):
            pass

        def gradients(self, losses):
            rows = []
            for loss in losses:
                loss.backward(retain_graph=True)
                rows.append(torch.cat([p.grad.view(-1).clone() for p in self.get_share_params()]))
                self.zero_grad_share_params()
            return torch.stack(rows)
"""

EW = """
    from LibMTL.weighting.abstract_weighting import AbsWeighting

    class EW(AbsWeighting):
        def backward(self, losses, **kwargs):
            losses.sum().backward()
"""

GRADVAC = """
    from LibMTL.weighting.abstract_weighting import AbsWeighting

    class GradVac(AbsWeighting):
        def init_param(self):
            self.step = 0

        def backward(self, losses, **kwargs):
            assert kwargs["GradVac_group_type"] == 0
            self.step += 1
            rows = self.gradients(losses)
            (parameter,) = self.get_share_params()
            parameter.grad.data = (rows.sum(0) * self.step * kwargs["GradVac_beta"]).view(1, -1)
"""

FILES = {
    "cagrad-official": {
        "nyuv2/utils.py": CAGRAD_UTILS,
        "nyuv2/min_norm_solvers.py": MIN_NORM,
        "cityscapes/utils.py": CAGRAD_UTILS,
        "cityscapes/min_norm_solvers.py": MIN_NORM,
    },
    "libmtl-checkout": {
        "LibMTL/weighting/abstract_weighting.py": ABSTRACT,
        "LibMTL/weighting/EW.py": EW,
        "LibMTL/weighting/GradVac.py": GRADVAC,
        "LibMTL/weighting/__init__.py": "raise RuntimeError",
        "LibMTL/__init__.py": "import torchvision.models.utils",
    },
    "min-norm-solver": {"multi_task/min_norm_solvers.py": MIN_NORM},
    "nash-mtl": {"methods/weight_methods.py": WEIGHT_METHODS, "methods/__init__.py": ""},
    "pytorch-pcgrad": {"pcgrad.py": PCGRAD},
}


def checkout(name: str, folder: Path) -> Path:
    """Write the stand-in for the repository of a backend; return its folder."""
    for file, source in FILES[name].items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(source), encoding="utf-8")
    return folder
