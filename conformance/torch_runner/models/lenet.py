"""The LeNet of the Multi-Fashion+MNIST experiments: one trunk, one head for each task.

[CAGrad] Liu et al., 2021, appendix B: Conv(1, 5, 9), max-pooling, ReLU, BatchNorm(5),
Conv(5, 10, 5), max-pooling, ReLU, BatchNorm(250), Linear(250, 50); heads Linear(50, 10).
"""

from typing import final

from torch import Tensor, nn


@final
class LeNet(nn.Module):
    """Logits (batch, classes) of each task for images (batch, 1, 36, 36)."""

    def __init__(self, tasks: int = 2, classes: int = 10) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(1, 5, 9),  # 36 -> 28
            nn.MaxPool2d(2),  # 14
            nn.ReLU(),
            nn.BatchNorm2d(5),
            nn.Conv2d(5, 10, 5),  # 10
            nn.MaxPool2d(2),  # 5
            nn.ReLU(),
            nn.Flatten(),
            nn.BatchNorm1d(250),
            nn.Linear(250, 50),
        )
        self.heads = nn.ModuleList(nn.Linear(50, classes) for _ in range(tasks))

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Logits, one tensor for each task."""
        features = self.trunk(images)
        return tuple(head(features) for head in self.heads)
