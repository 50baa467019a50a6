"""Tests of the training loop: gradients, the network, and runs that go on bit for bit."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.benchmarks.data import DataError  # noqa: E402  (needs torch)
from conformance.torch_runner.capture import jacobians  # noqa: E402  (the same)
from conformance.torch_runner.gradients import (  # noqa: E402  (the same)
    conflicts,
    differentiate,
    set_gradient,
)
from conformance.torch_runner.models.lenet import LeNet  # noqa: E402  (the same)
from conformance.torch_runner.train import Progress, run  # noqa: E402  (the same)

NAME = "multi-fashion-mnist"
small = pytest.mark.usefixtures("small")


def files(folder: Path) -> tuple[str, dict[str, object]]:
    """What a run left: its metrics and its checkpoint."""
    held = torch.load(folder / "checkpoint.pt", weights_only=True)
    return (folder / "metrics.jsonl").read_text(), held


def same(first: object, second: object) -> bool:
    """Whether two checkpoints agree, tensors bit for bit."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[k], second[k]) for k in first)
    if isinstance(first, torch.Tensor):
        return torch.equal(first, second)
    return first == second


def test_lenet_is_the_papers() -> None:
    """The shared part has 14,730 parameters and the heads 510 each; logits are (batch, 10)."""
    model = LeNet()
    assert sum(p.numel() for p in model.trunk.parameters()) == 14_730
    assert [sum(p.numel() for p in head.parameters()) for head in model.heads] == [510, 510]
    assert [tuple(out.shape) for out in model(torch.zeros(3, 1, 36, 36))] == [(3, 10), (3, 10)]


def test_jacobian_rows_are_the_gradients_of_each_loss() -> None:
    """Each row is what backward() gives for its loss alone, and each head gets only its own."""
    torch.manual_seed(0)
    model = LeNet().eval()
    shared = list(model.trunk.parameters())
    heads = [list(head.parameters()) for head in model.heads]
    losses = [out.square().mean() for out in model(torch.rand(4, 1, 36, 36))]
    jacobian = differentiate(losses, shared, heads)
    given = [head.weight.grad.clone() for head in model.heads]
    model.zero_grad()
    model(torch.zeros(1, 1, 36, 36))
    torch.manual_seed(0)
    again = LeNet().eval()
    again(torch.rand(4, 1, 36, 36))[1].square().mean().backward()
    row = torch.cat([p.grad.flatten() for p in again.trunk.parameters()])
    assert torch.allclose(jacobian[1], row)
    assert torch.allclose(given[1], again.heads[1].weight.grad)


def test_a_parameter_that_a_loss_does_not_reach_has_a_zero_gradient() -> None:
    """Such a gradient is a number, not a hole in the row."""
    first, second = (torch.nn.Parameter(torch.ones(2)) for _ in range(2))
    heads = [torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)]
    losses = [(first * 3 * heads[0].bias).sum(), (second * heads[1].bias).sum()]
    jacobian = differentiate(losses, [first, second], [list(head.parameters()) for head in heads])
    assert jacobian[0, 2:].tolist() == [0.0, 0.0]


def test_set_gradient_cuts_the_direction_in_order() -> None:
    """Pieces go to the parameters in their order and shapes; a wrong length is refused."""
    shared = [torch.nn.Parameter(torch.zeros(2, 2)), torch.nn.Parameter(torch.zeros(1))]
    set_gradient(shared, torch.arange(5.0))
    assert shared[0].grad.tolist() == [[0.0, 1.0], [2.0, 3.0]]
    assert shared[1].grad.tolist() == [4.0]
    with pytest.raises(ValueError, match="5 entries"):
        set_gradient(shared, torch.arange(6.0))


def test_conflicts_counts_pairs() -> None:
    """Of three pairs one points apart; right angles are no conflict."""
    assert conflicts(torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0]])) == pytest.approx(1 / 3)


@small
@pytest.mark.parametrize("steps", [3, 5, 7])
def test_a_stopped_run_goes_on_bit_for_bit(idx_folder: Path, tmp_path: Path, steps: int) -> None:
    """Stopped within or at the end of an epoch, the rest is what it would have been."""
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    run(NAME, "pcgrad", {}, data=idx_folder, out=whole, epochs=3)
    run(NAME, "pcgrad", {}, data=idx_folder, out=parts, epochs=3, steps=steps)
    run(NAME, "pcgrad", {}, data=idx_folder, out=parts, epochs=3, resume=True)
    (metrics, held), (again, resumed) = files(whole), files(parts)
    assert metrics == again
    assert same(held, resumed)


@small
def test_seed_and_method_make_the_run(idx_folder: Path, tmp_path: Path) -> None:
    """The same settings leave the same bits; another seed or method others."""
    found = []
    for number, (method, seed) in enumerate([("mgda", 0), ("mgda", 0), ("mgda", 1), ("sum", 0)]):
        out = tmp_path / str(number)
        run(NAME, method, {}, data=idx_folder, out=out, steps=2, seed=seed)
        found.append(files(out)[1]["model"])
    assert same(found[0], found[1])
    assert not same(found[0], found[2])
    assert not same(found[0], found[3])


@small
def test_training_leaves_the_global_generator_alone(idx_folder: Path, tmp_path: Path) -> None:
    """All draws come from the run's own generators."""
    state = torch.get_rng_state()
    run(NAME, "pcgrad", {}, data=idx_folder, out=tmp_path, steps=1)
    assert torch.equal(torch.get_rng_state(), state)


@small
def test_metrics_are_lines_of_json(idx_folder: Path, tmp_path: Path) -> None:
    """One line for each epoch; progress is told at every step."""
    seen: list[Progress] = []
    given = {"alpha": -1.0}
    records = run(
        NAME, "gradops", given, data=idx_folder, out=tmp_path, epochs=2, progress=seen.append
    )
    lines = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == records
    assert [record["epoch"] for record in records] == [1, 2]
    assert set(records[0]["test_accuracy"]) == {"mnist", "fashion"}
    assert [(p.epoch, p.step) for p in seen[4:6]] == [(1, 5), (2, 1)]
    assert records[1]["train_loss"]["mnist"] < records[0]["train_loss"]["mnist"]


@small
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"benchmark": "multi-fashion"}, "nearest: multi-fashion-mnist"),
        ({"method": "cagrat"}, "nearest: cagrad"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"resume": True}, "nothing to resume"),
    ],
)
def test_what_cannot_run_says_why(
    idx_folder: Path, tmp_path: Path, given: dict[str, object], message: str
) -> None:
    """Unknown names list the nearest ones; numbers are checked."""
    plain = {"benchmark": NAME, "method": "cagrad", "params": {}, "data": idx_folder}
    with pytest.raises(ValueError, match=message):
        run(**{**plain, "out": tmp_path, **given})


@small
def test_another_runs_checkpoint_is_refused(idx_folder: Path, tmp_path: Path) -> None:
    """A checkpoint goes on with the settings that it was made with."""
    run(NAME, "mean", {}, data=idx_folder, out=tmp_path, steps=1)
    with pytest.raises(ValueError, match="method 'mean'"):
        run(NAME, "sum", {}, data=idx_folder, out=tmp_path, resume=True)


def test_missing_data_is_told_before_anything_is_written(tmp_path: Path) -> None:
    """Without images a run leaves nothing behind."""
    with pytest.raises(DataError, match="missing"):
        run(NAME, "mean", {}, data=tmp_path, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@small
def test_captured_jacobians_are_those_of_the_steps(idx_folder: Path) -> None:
    """Steps come in order, in float32, and do not depend on which others are asked for."""
    found = dict(jacobians(NAME, [0, 2, 4], data=idx_folder))
    assert list(found) == [0, 2, 4]
    assert {(rows.shape, rows.dtype.name) for rows in found.values()} == {((2, 14_730), "float32")}
    ((_, alone),) = jacobians(NAME, [2], data=idx_folder)
    assert np.array_equal(found[2], alone)
    assert not np.array_equal(found[0], found[2])


@small
def test_steps_beyond_the_first_epoch_are_refused(idx_folder: Path) -> None:
    """What cannot be captured is told at once."""
    with pytest.raises(ValueError, match="between 0 and 4"):
        list(jacobians(NAME, [5], data=idx_folder))


def test_real_images_are_learnt(real_folder: Path, tmp_path: Path) -> None:
    """Thirty real steps of GradOPS lift both accuracies far above one in ten."""
    (record,) = run(NAME, "gradops", {"alpha": -1.0}, data=real_folder, out=tmp_path, steps=30)
    assert all(value > 0.25 for value in record["test_accuracy"].values())
    assert record["partial"]
