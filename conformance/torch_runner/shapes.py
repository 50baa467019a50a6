"""The shapes of the runner's tensors and matrices, by the names that the papers give them."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

Jacobian = Float[Tensor, "T d"]
TaskGradients = Float[Tensor, "T d"]
Direction = Float[Tensor, " d"]
Weights = Float[Tensor, " T"]

Matrix = NDArray[np.float64]
"""A small matrix in float64: (T, T), or (k, T) for k combinations of the T rows."""

Exponents = NDArray[np.int64]
"""One exponent of two for each of the T rows."""
