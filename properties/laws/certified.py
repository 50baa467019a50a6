"""Laws that are a certificate: the weights of DW, the choice of Krum, the middle of columns."""

from properties.laws.aggregators import GENERAL
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Law

LAWS = (
    Law("dw-weights", "D", "w_i : w_k = |R_i|^alpha : |R_k|^alpha, w_i >= 0, sum w = T, and the"
        " direction is the weighted sum.", "the answer is defined", "X F", certified, GENERAL,
        needs=("direction", "weights")),
    Law("static-sum", "D", "The direction is sum_i w_i g'_i of GradOPS's modified gradients.",
        "w >= 0, sum w = T", "X F", certified, GENERAL),
    Law("krum-choice", "D", "The direction is the mean of rows, none of which has a worse score"
        " than one left out.", "T >= f + 3, scores not tied", "X F", certified, GENERAL),
    Law("trimmed-middle", "D", "Every entry is the mean of its column's middle, and within its"
        " range.", "T > 2 b", "X F", certified, GENERAL),
)  # fmt: skip
