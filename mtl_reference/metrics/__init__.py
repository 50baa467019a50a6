"""The metrics of the papers, exactly: what the columns of their tables mean.

Counts and means are rationals; angles, standard errors and probabilities are balls or roots. Where
a definition leaves a case open, a ValueError says what is missing instead of a number.
"""

from mtl_reference.metrics.classification import accuracy, area_under_curve
from mtl_reference.metrics.comparison import average_error, delta_m, mean_ranks, success_rate
from mtl_reference.metrics.dense import (
    Angles,
    angles,
    batch_averaged,
    confusion,
    depth_errors,
    intersection_over_union,
    mean_intersection_over_union,
    pixel_accuracy,
)
from mtl_reference.metrics.statistics import WelchTest, standard_error, variance, welch_t_test

__all__ = [
    "Angles",
    "WelchTest",
    "accuracy",
    "angles",
    "area_under_curve",
    "average_error",
    "batch_averaged",
    "confusion",
    "delta_m",
    "depth_errors",
    "intersection_over_union",
    "mean_intersection_over_union",
    "mean_ranks",
    "pixel_accuracy",
    "standard_error",
    "success_rate",
    "variance",
    "welch_t_test",
]
