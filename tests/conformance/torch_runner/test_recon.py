"""Recon's conversion of real and of awkward models, and the recorder of conflicts."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from conformance.torch_runner import train
from conformance.torch_runner.benchmarks.multi_fashion_mnist import BENCHMARK
from conformance.torch_runner.models.lenet import LeNet
from conformance.torch_runner.models.mobilenet_v2 import MobileNetV2
from conformance.torch_runner.models.resnet18 import ResNet18
from conformance.torch_runner.models.segnet import MTAN, SegNet
from conformance.torch_runner.recon import ConflictRecorder, convert, layers, training
from conformance.torch_runner.stepping import trainable
from mtl_reference import recon as exact
from mtl_reference.tables import sizes

MTAN_SHARED = ("trunk", "encoder_attention", "decoder_attention")


class Block(nn.Module):
    """Two tasks on a transformer block of torch's own."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.5, batch_first=True)
        self.heads = nn.ModuleList(nn.Linear(8, 1) for _ in range(2))

    def forward(self, words: Tensor) -> dict[str, Tensor]:
        """Outputs by the tasks' names."""
        features = self.trunk(words)
        return {f"task {place}": head(features) for place, head in enumerate(self.heads)}


MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], tuple[str, ...]]] = {
    "LeNet": (lambda: LeNet(3), (4, 1, 36, 36), ("trunk",)),
    "ResNet18": (lambda: ResNet18(2), (2, 1, 36, 36), ("trunk",)),
    "SegNet": (lambda: SegNet((3, 1)), (1, 3, 32, 32), ("trunk",)),
    "MTAN": (lambda: MTAN((3, 1)), (1, 3, 32, 32), MTAN_SHARED),
    "MobileNetV2": (lambda: MobileNetV2((2, 1)), (2, 3, 32, 32), ("trunk",)),
    "transformer": (Block, (2, 3, 8), ("trunk",)),
}


def made(name: str) -> tuple[nn.Module, Tensor, list[str]]:
    """A model with weights of a seed, an input, and its shared layers."""
    build, shape, within = MODELS[name]
    torch.manual_seed(0)
    model = build()
    return model, torch.randn(shape), layers(model, within)


def values(output: Any) -> list[Tensor]:  # noqa: ANN401  (a model's output)
    """The tasks' outputs in their order."""
    return list(output.values()) if isinstance(output, dict) else list(output)


def size(model: nn.Module) -> float:
    """The size of a model in MB, to four decimals."""
    exact_size = exact.megabytes(sum(each.numel() for each in model.parameters()))
    return round(int(exact_size.p) / int(exact_size.q), 4)


@pytest.mark.parametrize("mode", ["training", "evaluation"])
@pytest.mark.parametrize("name", MODELS)
def test_conversion_changes_nothing_at_first(name: str, mode: str) -> None:
    """Right after conversion, outputs are bit for bit those of the plain model; so are buffers."""
    model, inputs, shared = made(name)
    training = mode == "training"
    plain = deepcopy(model).train(training)
    converted = convert(model, shared[1::2], len(values(plain(inputs)))).train(training)
    plain = deepcopy(converted.model)  # the same buffers: the plain model was called once above
    torch.manual_seed(1)
    wanted = values(plain(inputs))
    torch.manual_seed(1)
    found = converted(inputs)
    assert all(torch.equal(a, b) for a, b in zip(found, wanted, strict=True))
    first = shared[0]  # before every task-specific layer, so it saw one batch
    pairs = zip(
        plain.get_submodule(first).buffers(), converted.model.get_submodule(first).buffers(),
        strict=True,
    )  # fmt: skip
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize(
    ("name", "count", "megabytes"),
    [("ResNet18", 41, 42.8145), ("SegNet", 52, None), ("MTAN", 72, None)],
)
def test_models_have_the_layers_of_the_paper(
    name: str, count: int, megabytes: float | None
) -> None:
    """41, 52 and 72 shared layers; the ResNet18 of 42.81 MB."""
    model, _, shared = made(name)
    assert len(shared) == count
    assert megabytes is None or size(model) == megabytes


SIZES: dict[str, tuple[Callable[[], nn.Module], float]] = {
    "SegNet, CityScapes": (lambda: SegNet((7, 1)), 95.43),
    "SegNet, NYUv2": (lambda: SegNet((13, 1, 3)), 95.58),
    "MTAN, CityScapes": (lambda: MTAN((7, 1)), 157.19),
    "MTAN, NYUv2": (lambda: MTAN((13, 1, 3)), 168.72),
}


@pytest.mark.parametrize("name", SIZES)
def test_models_have_the_size_of_the_papers_tables(name: str) -> None:
    """The sizes printed in Recon's Tables 3, 5, 15 and 16, to the digits given."""
    build, printed = SIZES[name]
    assert round(size(build()), 2) == printed


@pytest.mark.parametrize(("chosen", "megabytes"), [("first", 48.90), ("last", 84.17)])
def test_converted_resnet18_has_the_size_of_table_11(chosen: str, megabytes: float) -> None:
    """25 layers turned from either end: FSK 48.90 MB, LSK 84.17 MB."""
    model, _, shared = made("ResNet18")
    places = (exact.first_layers if chosen == "first" else exact.last_layers)(len(shared), 25)
    converted = convert(model, [shared[place] for place in places], 2)
    assert round(size(converted), 2) == megabytes


def test_a_task_moves_its_own_layers_and_no_other() -> None:
    """Task 1's loss reaches its own copies, never task 0's; shared layers feel both."""
    model, images, shared = made("LeNet")
    converted = convert(model, [shared[2]], 2, select=lambda output, task: output[task])
    converted(images)[1].sum().backward()
    assert all(parameter.grad is None for parameter in converted.specific(0))
    assert all(parameter.grad is not None for parameter in converted.specific(1))
    assert converted.model.get_parameter(f"{shared[0]}.weight").grad is not None


def test_only_the_named_layers_change() -> None:
    """The converted model has the plain one's entries, and copies of the named layer."""
    model, _, shared = made("LeNet")
    names = set(model.state_dict())
    converted = convert(model, [shared[1]], 3)
    entries = set(converted.state_dict())
    assert {name.removeprefix("model.") for name in entries if name.startswith("model.")} == names
    copies = {name for name in entries if name.startswith("copies.")}
    assert len(copies) == 2 * 5  # weight, bias, mean, variance, count of a batch normalisation


def test_state_is_saved_and_loaded() -> None:
    """A converted model takes another's state, and then answers as it does."""
    model, images, shared = made("LeNet")
    one = convert(model, shared[:3], 3).eval()
    with torch.no_grad():
        for parameter in one.parameters():
            parameter.mul_(1.5)
    other = convert(LeNet(3), shared[:3], 3).eval()
    other.load_state_dict(one.state_dict())
    assert all(torch.equal(a, b) for a, b in zip(one(images), other(images), strict=True))


class Twice(nn.Module):
    """A layer called twice, one that is read past its module, and two with one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.again = nn.Linear(3, 3)
        self.hidden = nn.Linear(3, 3)
        self.held: list[Tensor] = [self.hidden.weight]
        self.tied = nn.Linear(3, 3)
        self.other = nn.Linear(3, 3)
        self.other.weight = self.tied.weight

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """The same for both tasks."""
        found = self.again(self.again(inputs)) @ self.held[0] + self.tied(self.other(inputs))
        return found, found + 1


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        ("hidden", "reads hidden.weight past its modules"),
        ("tied", "tied.weight is tied: it is tied.weight and other.weight"),
        ("gone", "'gone' is not in the model"),
    ],
)
def test_what_cannot_be_converted_is_named(layer: str, complaint: str) -> None:
    """A layer that the code bypasses, a tied one, and one that is not there."""
    with pytest.raises(ValueError, match=complaint):
        convert(Twice(), [layer], 2)(torch.randn(1, 3))


def test_a_layer_called_twice_is_one_layer() -> None:
    """A task's pass uses its copy in both calls."""
    converted = convert(Twice(), ["again"], 2)
    converted(torch.randn(1, 3))[1].sum().backward()
    assert converted.model.get_parameter("again.weight").grad is None


def test_a_module_without_parameters_is_no_layer() -> None:
    """A container, and the same layer twice."""
    with pytest.raises(ValueError, match="owns no parameters"):
        convert(LeNet(), ["trunk"], 2)
    with pytest.raises(ValueError, match="named once"):
        convert(LeNet(), ["trunk.0", "trunk.0"], 2)
    with pytest.raises(TypeError, match="must return a tuple"):
        convert(nn.Linear(2, 2), [""], 2)(torch.randn(1, 2))


def rows(recorder: ConflictRecorder, jacobian: Tensor) -> list[Sequence[Sequence[float]]]:
    """The jacobian layer by layer, as plain numbers."""
    return [jacobian[:, start:stop].double().tolist() for start, stop in recorder.spans]


@pytest.mark.parametrize("severity", [0.0, -0.25])
def test_recorded_scores_are_the_exact_ones(severity: float) -> None:
    """Summed over iterations, layer by layer, T = 5, as the exact reference counts them."""
    model = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 2))
    recorder = ConflictRecorder(model, list(model.parameters()), severity=severity)
    generator = torch.Generator().manual_seed(3)
    wanted = [0, 0]
    for _ in range(4):
        jacobian = torch.randn(5, 14, generator=generator)
        recorder.record(jacobian)
        found = exact.scores(rows(recorder, jacobian), severity)
        wanted = [a + b for a, b in zip(wanted, found, strict=True)]
    assert recorder.scores.tolist() == wanted
    assert recorder.iterations == 4


def test_the_histogram_counts_whole_gradients() -> None:
    """Cosines 0, -1 and 0 with a zero row: two in [1, 0], one beyond the last edge."""
    model = nn.Linear(2, 1, bias=False)
    recorder = ConflictRecorder(model, list(model.parameters()))
    recorder.record(torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]))
    assert recorder.histogram.tolist() == [2, 0, 0, 0, 1]
    assert recorder.ranked() == [""]


def test_a_recorder_refuses_another_jacobian() -> None:
    """Columns that are not the shared parameters', a severity out of range."""
    model = nn.Linear(2, 1)
    with pytest.raises(ValueError, match="must have 3 columns"):
        ConflictRecorder(model, list(model.parameters())).record(torch.ones(2, 4))
    with pytest.raises(ValueError, match="severity"):
        ConflictRecorder(model, list(model.parameters()), severity=0.5)


@pytest.mark.usefixtures("small")
def test_algorithm_1_scores_selects_converts_and_trains_again(
    idx_folder: Path, tmp_path: Path
) -> None:
    """The layers turned are the top K by score, and the converted network has their copies."""
    out = tmp_path / "out"
    found = training.run(
        "multi-fashion-mnist", "mean", {}, k=2, severity=-0.01, out=out, data=idx_folder, epochs=2
    )
    assert set(found.turned) == set(found.layers[:2])
    sizes = {name: sum(p.numel() for p in LeNet().get_submodule(name).parameters())
             for name in found.turned}  # fmt: skip
    assert found.parameters[1] - found.parameters[0] == sum(sizes.values())
    assert sum(found.before) == pytest.approx(1)
    assert json.loads((out / "recon.json").read_text())["turned"] == list(found.turned)
    assert len((out / "recon" / "metrics.jsonl").read_text().splitlines()) == 2


@pytest.mark.usefixtures("small")
def test_only_the_first_quarter_is_scored(idx_folder: Path, tmp_path: Path) -> None:
    """Of four epochs of five steps the first five steps are scored; the histogram has all 20."""
    found = training.run(
        "multi-fashion-mnist", "mean", {}, k=1, out=tmp_path, data=idx_folder, epochs=4
    )
    assert max(found.scores) <= 5
    assert round(20 * found.before[0]) == pytest.approx(20 * found.before[0])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("method", ["dwa", "imtl_l", "gradvac", "nash_mtl", "graddrop"])
def test_other_kinds_of_methods_train_too(method: str, idx_folder: Path, tmp_path: Path) -> None:
    """Loss weightings, stateful and random methods, each stopped and taken up again."""
    assert method in trainable()
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    given: Any = {"data": idx_folder, "epochs": 1}
    train.run("multi-fashion-mnist", method, {}, out=whole, **given)
    train.run("multi-fashion-mnist", method, {}, out=parts, steps=3, **given)
    train.run("multi-fashion-mnist", method, {}, out=parts, resume=True, **given)
    assert (whole / "metrics.jsonl").read_text() == (parts / "metrics.jsonl").read_text()


def stepped(model: nn.Module, own: Sequence[Sequence[Tensor]], size: float) -> nn.Module:
    """The model after a step of this size along each parameter's direction."""
    with torch.no_grad():
        for parameter, direction in own:
            parameter.sub_(size * direction)
    return model


@pytest.mark.parametrize("build", [LeNet, ResNet18])
def test_one_converted_step_beats_the_plain_one_on_real_images(
    build: Callable[[], nn.Module], real_folder: Path
) -> None:
    """Theorem 4.1 in float64 on a real batch: layers that meet its hypothesis are turned."""
    torch.manual_seed(2)
    train_split, _ = BENCHMARK.load(real_folder)
    images, labels = train_split.batch(torch.arange(16))
    model = build().double().eval()
    shared = layers(model, ("trunk",))

    def losses(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return BENCHMARK.losses(outputs, labels)

    names = dict(model.named_parameters())
    both = losses(model(images.double()))
    found = [
        dict(zip(names, torch.autograd.grad(each, names.values(), retain_graph=True,
                                            materialize_grads=True), strict=True))
        for each in both
    ]  # fmt: skip

    def meets(layer: str) -> bool:
        own = [name for name in names if name.rpartition(".")[0] == layer]
        rows = torch.stack([torch.cat([g[name].flatten() for name in own]) for g in found])
        gramian = rows @ rows.T
        return bool((gramian.fill_diagonal_(-1) < rows.square().sum(1)).all())

    apart = [layer for layer in shared if meets(layer)]
    assert apart, "no layer meets the hypothesis on this batch"
    converted = convert(deepcopy(model), apart, 2)
    size, mean = 1e-3, {name: (found[0][name] + found[1][name]) / 2 for name in names}
    turned = {name for name in names if name.rpartition(".")[0] in apart}
    heads = {name: sum(g[name] for g in found) for name in names if name.startswith("heads")}
    plain = stepped(model, [(names[n], heads.get(n, mean[n])) for n in names], size)
    inner = dict(converted.model.named_parameters())
    stepped(
        converted,
        [(inner[n], found[0][n] if n in turned else heads.get(n, mean[n])) for n in inner],
        size,
    )
    stepped(converted, [(p, found[1][n]) for n, p in converted.own(1).items() if n in names], size)
    before, after = sum(losses(plain(images.double()))), sum(losses(converted(images.double())))
    assert after < before


def test_the_audits_sizes_are_those_of_the_models() -> None:
    """The parameters that the audit of the papers' sizes counts with are the bundled models'."""
    turned = [convert(ResNet18(), made("ResNet18")[2][part], 2) for part in (_FIRST, _LAST)]
    counted = {
        sum(each.numel() for each in model.parameters())
        for model in (ResNet18(), *turned, SegNet((7, 1)), SegNet(), MTAN(), MTAN((7, 1)))
    }
    told = {int(remark.arithmetic.split()[0]) for remark in sizes()}
    assert counted <= told


_FIRST, _LAST = slice(25), slice(-25, None)
