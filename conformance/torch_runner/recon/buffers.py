"""Buffers of layers that all tasks share: updated once by one input, not once a task."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module
from torch.utils.hooks import RemovableHandle


@contextmanager
def updated_once(model: Module, chosen: Sequence[str]) -> Iterator[Callable[[int], None]]:
    """Let shared layers keep what the first task's pass left in their buffers.

    That is undone only where a later task's input is the same: a layer before every task-specific
    one sees one batch, not T. Yields a function that is told which task's pass follows.
    """
    owners = [
        module
        for path, module in model.named_modules()
        if path not in chosen and module.training and any(module.named_buffers(recurse=False))
    ]
    seen: dict[Module, list[Tensor | None]] = {}
    calls: Counter[Module] = Counter()
    kept: dict[Module, dict[str, Tensor]] = {}
    handles: list[RemovableHandle] = []
    current = 0

    def before(module: Module, inputs: tuple[Any, ...]) -> None:
        given = inputs[0].detach() if inputs and isinstance(inputs[0], Tensor) else None
        place, known = calls[module], seen.setdefault(module, [])
        calls[module] += 1
        if current == 0:
            known.append(given)
        elif place < len(known) and _same(known[place], given):
            kept[module] = {n: b.clone() for n, b in module.named_buffers(recurse=False)}

    def after(module: Module, _inputs: Any, _output: Any) -> None:  # noqa: ANN401
        for name, buffer in kept.pop(module, {}).items():
            # past autograd's versions: training never reads a buffer backwards
            getattr(module, name).data.copy_(buffer)

    def following(task: int) -> None:
        nonlocal current
        current = task
        calls.clear()

    for module in owners:
        handles += [module.register_forward_pre_hook(before), module.register_forward_hook(after)]
    try:
        yield following
    finally:
        for handle in handles:
            handle.remove()


def _same(first: Tensor | None, second: Tensor | None) -> bool:
    return first is not None and second is not None and torch.equal(first, second)
