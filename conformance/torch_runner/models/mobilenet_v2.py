"""MobileNetV2, the encoder of the PASCAL-Context experiments, with a dense head for each task.

[SANDLER] M. Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, 2018, Table 2.
The papers put a reduced atrous pyramid behind it; here a 1 x 1 convolution and a resize stand for
it: what Recon turns are the encoder's layers.
"""

from collections.abc import Sequence
from typing import Final, final

from torch import Tensor, nn
from torch.nn.functional import interpolate

BOTTLENECKS: Final = (
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
    (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
)  # fmt: skip
"""Expansion, channels, repetitions, stride of the first, of each sequence of bottlenecks."""


def step(inside: int, outside: int, size: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    """Convolution, normalisation and ReLU6."""
    convolution = nn.Conv2d(inside, outside, size, stride, size // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(outside), nn.ReLU6()]


@final
class Bottleneck(nn.Module):
    """Expand, filter each channel, project; with a shortcut where the sizes allow one."""

    def __init__(self, inside: int, outside: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inside * expansion
        self.shortcut = stride == 1 and inside == outside
        self.steps = nn.Sequential(
            *(step(inside, wide, 1) if expansion > 1 else []),
            *step(wide, wide, 3, stride, groups=wide),
            nn.Conv2d(wide, outside, 1, bias=False),
            nn.BatchNorm2d(outside),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Features (batch, outside, ...)."""
        features: Tensor = self.steps(images)
        return images + features if self.shortcut else features


@final
class MobileNetV2(nn.Module):
    """Maps (batch, outputs_t, height, width), one a task, of images (batch, 3, height, width)."""

    def __init__(self, outputs: Sequence[int] = (21, 7, 1, 3)) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        inside = 32
        for expansion, channels, repetitions, stride in BOTTLENECKS:
            for place in range(repetitions):
                blocks.append(Bottleneck(inside, channels, 1 if place else stride, expansion))
                inside = channels
        self.trunk = nn.Sequential(*step(3, 32, 3, 2), *blocks, *step(inside, 1280, 1))
        self.heads = nn.ModuleList(nn.Conv2d(1280, each, 1) for each in outputs)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """One map for each task, resized to the images."""
        features = self.trunk(images)
        return tuple(
            interpolate(each(features), images.shape[-2:], mode="bilinear") for each in self.heads
        )
