"""The sizes of jacobians that are timed, and how they are written."""

import re
from dataclasses import dataclass

import torch
from torch import Tensor

DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32, "float64": torch.float64}
SMALL = 10**6
"""Numbers up to which a jacobian is timed in bursts: a single call would be below the clock."""
BURST = 5


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """A jacobian of ``tasks`` rows and ``width`` columns."""

    tasks: int
    width: int

    def __str__(self) -> str:
        """As "10x1e6" where the width is a digit and zeros, else in full."""
        digits = str(self.width)
        zeros = len(digits) - 1
        short = zeros > 2 and digits == digits[0] + "0" * zeros  # noqa: PLR2004  (100 is short)
        return f"{self.tasks}x{digits[0]}e{zeros}" if short else f"{self.tasks}x{digits}"

    @property
    def numbers(self) -> int:
        """How many numbers it holds."""
        return self.tasks * self.width

    @property
    def burst(self) -> int:
        """Calls of one side in a row, each timed."""
        return BURST if self.numbers <= SMALL else 1


SIZES = (
    Size(2, 10**4),
    Size(3, 10**4),
    Size(10, 10**4),
    Size(40, 10**4),
    Size(2, 10**6),
    Size(3, 10**6),
    Size(10, 10**6),
    Size(40, 10**6),
    Size(2, 10**7),
    Size(3, 10**7),
    Size(10, 10**7),
)


def size_of(text: str) -> Size:
    """Read "10x1e6" or "3x500"; ValueError for anything else.

    >>> size_of("10x1e6")
    Size(tasks=10, width=1000000)
    """
    found = re.fullmatch(r"(\d+)[x×](\d+)(?:e(\d+))?", text.strip())
    size = Size(int(found[1]), int(found[2]) * 10 ** int(found[3] or 0)) if found else Size(0, 0)
    if not size.numbers:
        message = f"a size is tasks x width, like 10x1e6 (got '{text}')"
        raise ValueError(message)
    return size


def matrix(size: Size, dtype: str, device: str) -> Tensor:
    """A jacobian of normal numbers, the same at every call."""
    draws = torch.Generator().manual_seed(size.tasks)
    rows = torch.randn((size.tasks, size.width), generator=draws, dtype=torch.float32)
    return rows.to(device, DTYPES[dtype])
