"""What is claimed of PCGrad."""

from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several, three, two, up_to_two

SOURCE = "Yu et al. 2020 (PCGrad)"
TURN = ((0, 1), (1, -1), (-1, 0))


def three_only(tasks: int, _params: Params) -> bool:
    """Three tasks, which have two orders each."""
    return tasks == 3  # noqa: PLR2004  (three)


CLAIMS = (
    *general(without=("permutation",)),
    holds("permutation", SOURCE, "orders are relabelled along"),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    holds("non-conflict", SOURCE + ", Theorem 1", "T <= 2", covers=up_to_two),
    fails("non-conflict", "T >= 3", case(TURN), covers=three),
    holds("strong-non-conflict", SOURCE, "T <= 2", covers=up_to_two),
    fails("strong-non-conflict", "T >= 3", case(((0, 1), (1, 0), (-1, -1))), covers=three),
    holds("stationary", when="T = 2, antiparallel", covers=two, families=("antiparallel",)),
    fails("stationary", "T >= 3", case(TURN), covers=three),
    holds("pcgrad-is-gradops", "GradOPS (arXiv 2503.03438)", "T = 2", covers=two),
    fails("pcgrad-is-gradops", "T >= 3", case(((0, 1), (0, 1), (1, -1))), covers=three),
    holds("pcgrad-replay", SOURCE + ", Algorithm 1", "orders are given"),
    holds("pcgrad-two-tasks", SOURCE + ", Theorems 1 and 2", "T = 2", covers=two),
    holds("pcgrad-orders", SOURCE + ", Algorithm 1", "orders are not given", covers=three_only),
)  # fmt: skip
