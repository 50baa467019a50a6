"""Recon in torch: conflict scores of layers, and task-specific copies of them in any model."""

from conformance.torch_runner.recon.conversion import Converted, convert
from conformance.torch_runner.recon.layers import layers
from conformance.torch_runner.recon.recorder import ConflictRecorder

__all__ = ["ConflictRecorder", "Converted", "convert", "layers"]
