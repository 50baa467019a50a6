"""The metrics against scikit-learn, torchmetrics and scipy, where these have them."""

import importlib
import sys
import warnings
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as distribution_version
from types import ModuleType

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference import metrics
from mtl_reference.enclosure import Number, round_float64

sklearn = pytest.importorskip("sklearn.metrics")
stats = pytest.importorskip("scipy.stats")

CLASSES = 4
classes = st.integers(0, CLASSES - 1)
marks = st.lists(st.tuples(classes, classes), min_size=1, max_size=30)
quick = settings(derandomize=True, max_examples=60, database=None, deadline=None)
FLOAT = 1e-12  # what a float library's dozens of roundings may leave


def close(exact: Number, found: float) -> bool:
    """Whether a float library found the exact number up to rounding."""
    return abs(round_float64(exact) - found) <= FLOAT * max(1.0, abs(found))


@quick
@given(marks)
def test_accuracy_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    """Fraction of hits."""
    found, labels = zip(*pairs, strict=True)
    assert close(metrics.accuracy(found, labels), sklearn.accuracy_score(labels, found))


@quick
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_scikit_learns(pairs: list[tuple[int, bool]]) -> None:
    """Ties and all, wherever both classes are there."""
    scores, labels = [score for score, _ in pairs], [int(label) for _, label in pairs]
    if len(set(labels)) == 2:
        wanted = sklearn.roc_auc_score(labels, scores)
        assert close(metrics.area_under_curve(scores, labels), wanted)


@quick
@given(marks)
def test_the_confusion_matrix_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    """Rows are labels; the mean IoU is that of the classes that occur."""
    found, labels = zip(*pairs, strict=True)
    table = metrics.confusion(found, labels, CLASSES)
    wanted = sklearn.confusion_matrix(labels, found, labels=range(CLASSES))
    assert np.array_equal(np.array(table), wanted)
    mean = sklearn.jaccard_score(labels, found, average="macro")
    assert close(metrics.mean_intersection_over_union(table), mean)


@pytest.fixture
def torchmetrics(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Torchmetrics, imported as if there were no torchvision: some builds of it do not load."""
    imports = pytest.importorskip("lightning_utilities.core.imports")
    pytest.importorskip("torch")

    def version(name: str) -> str:
        if name == "torchvision":
            raise PackageNotFoundError(name)
        return distribution_version(name)

    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.setattr(imports, "_version", version)
    return importlib.import_module("torchmetrics.functional.classification")


def test_the_mean_iou_is_torchmetrics(torchmetrics: ModuleType) -> None:
    """The same on a case where every class occurs and one label is ignored."""
    import torch

    found, labels = [0, 1, 2, 3, 1, 0], [0, 1, 2, 3, 0, -1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = torchmetrics.multiclass_jaccard_index(
            torch.tensor(found), torch.tensor(labels), num_classes=CLASSES, ignore_index=-1
        )
    exact = metrics.mean_intersection_over_union(metrics.confusion(found, labels, CLASSES))
    assert abs(round_float64(exact) - float(wanted)) <= 4 * 2.0**-24


samples = st.lists(st.integers(-50, 50), min_size=2, max_size=8)


@quick
@given(samples, samples)
def test_welchs_test_is_scipys(first: list[int], second: list[int]) -> None:
    """Statistic and two-sided probability, wherever a sample varies."""
    if len(set(first)) == 1 or len(set(second)) == 1:
        return
    wanted = stats.ttest_ind(first, second, equal_var=False)
    found = metrics.welch_t_test(first, second)
    assert close(found.statistic, wanted.statistic)
    assert close(found.probability, wanted.pvalue)


@quick
@given(st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_ranks_are_scipys(column: list[int]) -> None:
    """All five ways with ties, lower being better."""
    for ties in ("ordinal", "min", "average", "max", "dense"):
        wanted = [fmpq(*float(r).as_integer_ratio()) for r in stats.rankdata(column, method=ties)]
        assert list(metrics.mean_ranks([[each] for each in column], [True], ties)) == wanted
