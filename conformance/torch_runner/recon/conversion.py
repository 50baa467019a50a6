"""The conversion of any model: task-specific copies of chosen layers.

[RECON] Shi et al., Recon: reducing conflicting gradients from the root for multi-task learning,
2023. A layer is a module that owns parameters, named by its path; convolution and normalisation
are two layers. The model's own class is left alone: each task's pass through the model runs with
that task's parameters and buffers of the chosen layers put in place (`torch.func`), so whatever
the model does with them (functional calls, fused paths) it does with the task's.

*Departure*: buffers of the layers that stay shared (running statistics of normalisations) are kept
for each task too. They describe the features that pass, and behind a task-specific layer each task
has its own; the published code mixes them, so that evaluation normalises by what no task has.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, cast, final

import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import Module, ModuleList, Parameter

from conformance.torch_runner.recon.layers import joined
from conformance.torch_runner.recon.refusals import refuse, seen_through

Select = Callable[[Any, int], Any]


def convert(
    model: Module, chosen: Sequence[str], tasks: int, *, select: Select | None = None
) -> "Converted":
    """The model with task-specific copies of the chosen layers, all equal at first.

    ``select(output, task)`` takes a task's part of what the model returns; by default the entry
    of a tuple, list or dictionary with one entry for each task. ValueError for a layer that is
    not there, owns no parameters or is named twice, for tied parameters, and for scripted models.
    """
    if tasks < 1:
        message = f"tasks must be at least 1 (got {tasks})"
        raise ValueError(message)
    refuse(model, chosen)
    return Converted(model, tuple(chosen), tasks, entry if select is None else select)


def entry(output: Any, task: int) -> Any:  # noqa: ANN401  (a model's output)
    """A task's entry of a tuple, list or dictionary; TypeError for any other output."""
    if isinstance(output, Mapping):
        return list(output.values())[task]
    if isinstance(output, tuple | list):
        return output[task]
    message = (
        f"the model must return a tuple, list or dictionary of the tasks' outputs "
        f"(got {type(output).__name__}; give select=...)"
    )
    raise TypeError(message)


@final
class Converted(Module):
    """A model whose chosen layers are task-specific; called, it gives one output for each task.

    Task 0 keeps the model's own tensors, the other tasks have copies of the chosen layers in
    ``copies`` and of the buffers of all others in ``statistics``.
    """

    def __init__(self, model: Module, chosen: tuple[str, ...], tasks: int, select: Select) -> None:
        super().__init__()
        self.model, self.chosen, self.tasks, self.select = model, chosen, tasks, select
        self.copies = ModuleList(
            ModuleList(_Copy(model.get_submodule(path)) for path in chosen)
            for _ in range(tasks - 1)
        )
        self.tracked = tuple(
            path
            for path, module in model.named_modules()
            if path not in chosen and any(True for _ in module.named_buffers(recurse=False))
        )
        self.statistics = ModuleList(
            ModuleList(_Copy(model.get_submodule(path), weights=False) for path in self.tracked)
            for _ in range(tasks - 1)
        )
        self._checked = False

    def forward(self, *inputs: Any, **options: Any) -> tuple[Any, ...]:  # noqa: ANN401
        """The tasks' outputs, each from a pass with its own copies.

        Every pass draws the same random numbers (dropout), as the one pass of the plain model.
        """
        if not self._checked:
            self._probe(inputs, options)
        outputs = []
        for task in range(self.tasks):
            with torch.random.fork_rng(enabled=task < self.tasks - 1):
                outputs.append(self.of_task(task, *inputs, **options))
        return tuple(outputs)

    def of_task(self, task: int, *inputs: Any, **options: Any) -> Any:  # noqa: ANN401
        """One task's output."""
        output = functional_call(self.model, self.own(task), inputs, options)
        return self.select(output, task)

    def own(self, task: int) -> dict[str, Tensor]:
        """A task's own tensors by their names in the model; none for task 0."""
        if task == 0:
            return {}
        copies = [
            *zip(self.chosen, cast("ModuleList", self.copies[task - 1]), strict=True),
            *zip(self.tracked, cast("ModuleList", self.statistics[task - 1]), strict=True),
        ]
        return {
            joined(path, name): tensor for path, copy in copies for name, tensor in _tensors(copy)
        }

    def specific(self, task: int) -> list[Parameter]:
        """The parameters that are a task's alone."""
        if task == 0:
            owners = [self.model.get_submodule(path) for path in self.chosen]
            return [each for owner in owners for each in owner.parameters(recurse=False)]
        return list(self.copies[task - 1].parameters())

    def shared(self) -> list[Parameter]:
        """The parameters of the model that all tasks still share, heads included."""
        own = {id(parameter) for parameter in self.specific(0)}
        return [each for each in self.model.parameters() if id(each) not in own]

    def _probe(self, inputs: tuple[Any, ...], options: dict[str, Any]) -> None:
        """See once, on a throw-away copy, that each task's pass runs on its own layers.

        ValueError names a parameter that reaches another task's output past its module.
        """
        if self.tasks > 1:
            copy = deepcopy(self)
            seen_through(copy.model, copy.chosen, lambda: copy.of_task(1, *inputs, **options))
        self._checked = True


@final
class _Copy(Module):
    """The parameters and buffers that a module owns itself, copied; or its buffers alone."""

    def __init__(self, module: Module, *, weights: bool = True) -> None:
        super().__init__()
        for name, parameter in module.named_parameters(recurse=False) if weights else ():
            self.register_parameter(
                name, Parameter(parameter.detach().clone(), parameter.requires_grad)
            )
        for name, buffer in module.named_buffers(recurse=False):
            persistent = name not in module._non_persistent_buffers_set  # noqa: SLF001
            self.register_buffer(name, buffer.detach().clone(), persistent=persistent)


def _tensors(module: Module) -> Iterator[tuple[str, Tensor]]:
    yield from module.named_parameters(recurse=False)
    yield from module.named_buffers(recurse=False)
