"""ResNet18 as the Multi-Fashion+MNIST experiments of Recon have it: one trunk, a head a task.

[RECON] Shi et al., 2023, section 5.1: the residual network of He et al. (2016) with 18 layers, a
stem for one channel, a last layer of 100 features, and a linear head for each task.
"""

from typing import final

from torch import Tensor, nn
from torch.nn.functional import relu

STAGES = ((64, 1), (128, 2), (256, 2), (512, 2))
"""Channels of each stage, and the stride of its first block."""


@final
class Block(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut, which is a 1 x 1 convolution where sizes change."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.downsample = (
            nn.Sequential()
            if stride == 1 and inside == outside
            else nn.Sequential(
                nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside)
            )
        )

    def forward(self, images: Tensor) -> Tensor:
        """Features of half the size where the stride is 2."""
        inner = self.bn2(self.conv2(relu(self.bn1(self.conv1(images)))))
        summed: Tensor = inner + self.downsample(images)
        return relu(summed)


@final
class ResNet18(nn.Module):
    """Logits (batch, classes) of each task for images (batch, channels, height, width)."""

    def __init__(
        self, tasks: int = 2, classes: int = 10, channels: int = 1, features: int = 100
    ) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        width = STAGES[0][0]
        for outside, stride in STAGES:
            blocks += [Block(width, outside, stride), Block(outside, outside, 1)]
            width = outside
        self.trunk = nn.Sequential(
            nn.Conv2d(channels, 64, 7, 2, 3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
            *blocks,
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(width, features),
        )
        self.heads = nn.ModuleList(nn.Linear(features, classes) for _ in range(tasks))

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Logits, one tensor for each task."""
        features = self.trunk(images)
        return tuple(head(features) for head in self.heads)
