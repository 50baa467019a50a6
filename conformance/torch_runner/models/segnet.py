"""SegNet as the multi-task papers use it, and MTAN, which adds task-specific attention to it.

[MTAN] S. Liu, E. Johns, A. J. Davison, End-to-end multi-task learning with attention, 2019: five
encoder and five decoder stages with pooling indices, filters 64, 128, 256, 512, 512; each task's
attention picks from the features of every stage. Heads: 3 x 3, then 1 x 1 convolution.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import cast, final

import torch
from torch import Tensor, nn

FILTERS = (64, 128, 256, 512, 512)


def stage(*channels: int) -> nn.Sequential:
    """Convolution 3 x 3, normalisation and ReLU for each step of the channels."""
    steps: list[nn.Module] = []
    for inside, outside in pairwise(channels):
        steps += [
            nn.Conv2d(inside, outside, 3, padding=1), nn.BatchNorm2d(outside), nn.ReLU(),
        ]  # fmt: skip
    return nn.Sequential(*steps)


def head(outputs: int) -> nn.Sequential:
    """A task's head on the 64 features of the last stage."""
    return nn.Sequential(
        nn.Conv2d(FILTERS[0], FILTERS[0], 3, padding=1), nn.Conv2d(FILTERS[0], outputs, 1)
    )


class Trunk(nn.Module):
    """What SegNet's tasks share: the first convolution of each stage, and the ones after it."""

    def __init__(self, channels: int = 3) -> None:
        super().__init__()
        first, *rest = FILTERS
        pairs = list(zip(FILTERS[:-1], rest, strict=True))
        self.encoder = nn.ModuleList([stage(channels, first), *(stage(a, b) for a, b in pairs)])
        self.encoder_inner = nn.ModuleList(
            [stage(first, first), stage(rest[0], rest[0]), *(stage(b, b, b) for b in rest[1:])]
        )
        self.decoder = nn.ModuleList([stage(first, first), *(stage(b, a) for a, b in pairs)])
        self.decoder_inner = nn.ModuleList(
            [stage(first, first), stage(first, first), *(stage(a, a, a) for a, _ in pairs[1:])]
        )
        self.down = nn.MaxPool2d(2, 2, return_indices=True)
        self.up = nn.MaxUnpool2d(2, 2)

    def features(self, images: Tensor) -> tuple[list[tuple[Tensor, Tensor]], ...]:
        """For each encoder and each decoder stage its first and its last features."""
        encoded, indices = [], []
        current = images
        for outer, inner in zip(self.encoder, self.encoder_inner, strict=True):
            first = outer(current)
            last = inner(first)
            encoded.append((first, last))
            current, places = self.down(last)
            indices.append(places)
        decoded = []
        for place in reversed(range(len(FILTERS))):
            first = self.up(current, indices[place])
            current = self.decoder_inner[place](self.decoder[place](first))
            decoded.append((first, current))
        return encoded, decoded


@final
class SegNet(nn.Module):
    """Maps (batch, outputs_t, height, width), one a task, of images whose sides 32 divides."""

    def __init__(self, outputs: Sequence[int] = (13, 1, 3), channels: int = 3) -> None:
        super().__init__()
        self.trunk = Trunk(channels)
        self.heads = nn.ModuleList(head(each) for each in outputs)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """One map for each task."""
        _, decoded = self.trunk.features(images)
        return tuple(each(decoded[-1][1]) for each in self.heads)


def attention(inside: int, between: int, outside: int) -> nn.Sequential:
    """1 x 1 convolution, normalisation, ReLU, and the same to a mask in (0, 1)."""
    return nn.Sequential(
        nn.Conv2d(inside, between, 1), nn.BatchNorm2d(between), nn.ReLU(),
        nn.Conv2d(between, outside, 1), nn.BatchNorm2d(outside), nn.Sigmoid(),
    )  # fmt: skip


@final
class Attention(nn.Module):
    """One task's own attention on every stage."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(
            attention(width if place == 0 else 2 * width, width, width)
            for place, width in enumerate(FILTERS)
        )
        narrow = (FILTERS[0], *FILTERS[:-1])
        self.decoder = nn.ModuleList(
            attention(width + outside, outside, outside)
            for width, outside in zip(FILTERS, narrow, strict=True)
        )


@final
class MTAN(nn.Module):
    """SegNet with attention: the same maps, each task picking features of every stage."""

    def __init__(self, outputs: Sequence[int] = (13, 1, 3), channels: int = 3) -> None:
        super().__init__()
        widths = [*FILTERS[1:], FILTERS[-1]]
        self.trunk = Trunk(channels)
        self.encoder_attention = nn.ModuleList(
            stage(a, b) for a, b in zip(FILTERS, widths, strict=True)
        )
        self.decoder_attention = nn.ModuleList(
            stage(b, a) for a, b in zip((FILTERS[0], *FILTERS[:-1]), FILTERS, strict=True)
        )
        self.attention = nn.ModuleList(Attention() for _ in outputs)
        self.heads = nn.ModuleList(head(each) for each in outputs)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """One map for each task."""
        encoded, decoded = self.trunk.features(images)
        return tuple(
            own(self.attended(cast("Attention", each), encoded, decoded))
            for each, own in zip(self.attention, self.heads, strict=True)
        )

    def attended(
        self,
        own: Attention,
        encoded: list[tuple[Tensor, Tensor]],
        decoded: list[tuple[Tensor, Tensor]],
    ) -> Tensor:
        """A task's features behind the last stage."""
        current = encoded[0][0]
        for place, (first, last) in enumerate(encoded):
            seen = torch.cat([first, current], 1) if place else first
            masked = own.encoder[place](seen) * last
            current = nn.functional.max_pool2d(self.encoder_attention[place](masked), 2, 2)
        for step, place in enumerate(reversed(range(len(FILTERS)))):
            first, last = decoded[step]
            large = nn.functional.interpolate(
                current, scale_factor=2, mode="bilinear", align_corners=True
            )
            reduced = self.decoder_attention[place](large)
            current = own.decoder[place](torch.cat([first, reduced], 1)) * last
        return current
