"""Welch's t-test of two samples of unequal variances, two-sided.

[Welch47] B. L. Welch, The Generalization of "Student's" Problem when Several Different Population
Variances Are Involved, 1947; CAGrad's code marks table cells with it.

The statistic is the square root of a rational with a sign, the degrees of freedom are rational, and
the probability I_x(v/2, 1/2), x = v / (v + t^2), is a ball. *Undefined* where a sample has fewer
than two figures or neither varies.
"""

from flint import fmpq

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.weighting import Values, losses_of

METHOD = Method(
    id="welch_t_test",
    paper="[Welch47] Welch: The Generalization of Student's Problem (1947)",
    number_field="a square root, a rational and a ball",
    inputs=("first_sample", "second_sample"),
    outputs=("statistic", "freedom", "probability"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def statistic(first_sample: Values, *, second_sample: Values) -> Answer:
    """Statistic, degrees of freedom and probability for samples (n,) and (l,).

    ValueError for no figures and for numbers that are not finite.

    >>> found = statistic([1, 2, 3], second_sample=[2, 3, 4]).outputs
    >>> print(*found["statistic"], *found["freedom"])
    -1/2*sqrt(6) 4
    """
    samples = losses_of(first_sample, "first_sample"), losses_of(second_sample, "second_sample")
    if any(len(sample) == 1 for sample in samples):
        return Answer(Kind.UNDEFINED, reason="one figure alone has no variance")
    if all(len(set(sample)) == 1 for sample in samples):
        return Answer(Kind.UNDEFINED, reason="neither sample varies")
    test = metrics.welch_t_test(*samples)
    outputs = {
        "statistic": (test.statistic,),
        "freedom": (fmpq(test.freedom),),
        "probability": (test.probability,),
    }
    return Answer(Kind.EXACT, outputs)
