"""One step of training: what a method is given at it, and what it makes of the gradients."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

import torch
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation, Weighting
from conformance.torch_runner.aggregators import AGGREGATORS, WEIGHTINGS
from conformance.torch_runner.checkpoint import Run
from conformance.torch_runner.shapes import Direction, Jacobian
from mtl_reference import METHODS

LOSSES = frozenset({"losses", "initial_losses", "previous_losses"})
"""Inputs that every step of training has, beside the jacobian."""

FIRST = {"log_scales": 0.0, "log_variances": 0.0, "logits": 0.0, "weights": 1.0}
"""Inputs that a method hands on from step to step as outputs, and what each task begins with."""


def trainable() -> dict[str, Callable[..., Aggregation | Weighting]]:
    """The methods whose inputs a training step has, by name."""
    functions: dict[str, Callable[..., Aggregation | Weighting]] = {**AGGREGATORS, **WEIGHTINGS}
    known = {"jacobian", *LOSSES, *FIRST}
    return {name: each for name, each in functions.items() if needed(name, each) <= known}


def needed(method: str, function: Callable[..., Any]) -> set[str]:
    """The inputs that a method cannot do without."""
    asked = signature(function).parameters
    first, *others = METHODS[method].inputs
    return {first, *(name for name in others if asked[name].default is Parameter.empty)}


def combined(state: Run, jacobian: Jacobian, losses: Tensor) -> tuple[Direction, Tensor | None]:
    """The direction of the run's method, and the weights that it gives the losses, if it does.

    Updates what the run remembers for the method: losses seen, and its state.
    """
    settings = state.settings
    function, facts = trainable()[settings.method], METHODS[settings.method]
    state.seen.setdefault("initial_losses", losses)
    state.seen.setdefault("previous_losses", losses)
    for name in set(FIRST) & set(facts.inputs):
        state.seen.setdefault(name, torch.full_like(losses, FIRST[name]))
    known: Mapping[str, Tensor] = {"jacobian": jacobian, "losses": losses, **state.seen}
    first, *others = facts.inputs
    given: dict[str, Any] = {name: known[name] for name in others if name in known}
    given |= settings.params
    if "generator" in signature(function).parameters:
        given["generator"] = state.orders
    if facts.stateful:
        given["state"] = state.kept
    found = function(known[first], **given)
    state.kept = found.state
    state.seen["previous_losses"] = losses
    handed = {name: found.output(name) for name in set(FIRST) & {*facts.inputs} & {*facts.outputs}}
    state.seen |= {name: value for name, value in handed.items() if value is not None}
    if isinstance(found, Aggregation):
        return found.direction, None
    weights = found.output("weights")
    if weights is None:
        message = f"{settings.method} gives no weights at these losses"
        raise ValueError(message)
    return weights.to(jacobian) @ jacobian, weights


def rate(state: Run) -> None:
    """Set the learning rate of the epoch under way, by the recipe's milestones."""
    recipe = state.recipe
    passed = sum(state.epoch >= milestone for milestone in recipe.milestones)
    for group in state.optimizer.param_groups:
        base = group.setdefault("base_lr", group["lr"])
        group["lr"] = base * recipe.decay**passed


def scaled(state: Run, weights: Tensor | None) -> None:
    """Weigh the gradients of what is a task's own, where the method weighs losses."""
    if weights is None:
        return
    with torch.no_grad():
        for weight, own in zip(weights, state.specific(), strict=True):
            for parameter in own:
                if parameter.grad is not None:
                    parameter.grad.mul_(weight.to(parameter.grad))
