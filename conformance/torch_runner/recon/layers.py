"""The layers of a model in Recon's sense: the modules that own parameters, in network order."""

from collections.abc import Sequence

from torch.nn import Module, Parameter


def layers(model: Module, within: Sequence[str] = ("",)) -> list[str]:
    """Paths of the modules that own parameters, in network order, below the given prefixes.

    ``within`` names what the tasks share (default: everything), such as ("trunk",).
    """
    return [
        path
        for path, module in model.named_modules()
        if owned(module) and any(_below(path, prefix) for prefix in within)
    ]


def owned(module: Module) -> list[tuple[str, Parameter]]:
    """The parameters that a module owns itself, by name."""
    return list(module.named_parameters(recurse=False))


def joined(path: str, name: str) -> str:
    """The name of a module's parameter in the whole model."""
    return f"{path}.{name}" if path else name


def _below(path: str, prefix: str) -> bool:
    return not prefix or path == prefix or path.startswith(f"{prefix}.")
