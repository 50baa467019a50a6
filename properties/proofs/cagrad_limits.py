"""CAGrad as c grows: how near it is to MGDA, at every c."""

from properties.proofs.theorem import Lemma, Theorem, reals

xm, x_len, m_len, centre, c, term = reals("xm X M O c y")
oo, eg, ee, dd = reals("oo eg ee dd")

PROVED = (
    Theorem(
        "cagrad-to-mgda-rate", ("cagrad-to-mgda",), ("cagrad", "mgda"),
        "The dual point x = g_w* of CAGrad is within (|x| + |m|)/c of MGDA's point m: as c grows"
        " the direction (d - g0)/|d - g0| = x/|x| tends to m/|m|, at the rate 1/c.",
        {
            "optimal": "F(x) <= F(m): <x, g0> + c |g0| |x| <= <m, g0> + c |g0| |m|",
            "projection": "|x - m|^2 <= |x|^2 - |m|^2, as m is the shortest of the hull",
            "mean": "g0 is not zero",
        },
        (
            Lemma(
                "rate",
                {
                    "optimal": c * centre * (x_len - m_len) <= xm * centre,
                    "projection": xm * xm <= x_len * x_len - m_len * m_len,
                    "mean": centre > 0,
                },
                c * xm <= x_len + m_len,
                (x_len >= 0, m_len >= 0, xm >= 0, centre >= 0),
            ),
        ),
        "by optimality of both; the rate is not in the paper",
        "F(x) <= F(m) gives c (|x| - |m|) <= |x - m| by Cauchy and Schwarz; with the projection"
        " |x - m|^2 <= (|x| - |m|)(|x| + |m|) <= |x - m| (|x| + |m|)/c.",
        remarks=("A rate of 1/c for the dual point, at every c > 0 and every jacobian.",),
    ),
    Theorem(
        "cagrad-to-mgda-angle", ("cagrad-to-mgda",), ("cagrad", "mgda"),
        "For c > 1, not stationary: the angle between d - g0 and MGDA's m is at most 2 arctan(1/c),"
        " as its cosine is at least (c^2 - 1)/(c^2 + 1); d itself is within arcsin(1/c) of d - g0.",
        {
            "optimal": "c (|x| - |m|) <= |x - m|, from F(x) <= F(m)",
            "projection": "<x, m> >= |m|^2, as m is the shortest of the hull",
            "c": "c > 1",
            "ball": "|d - g0| = c |g0|",
        },
        (
            Lemma(
                "|m|/|x|",
                {
                    "optimal": c * (x_len - m_len) <= xm,
                    "projection": xm * xm <= x_len * x_len - m_len * m_len,
                    "c": c > 1,
                },
                m_len * (c * c + 1) >= (c * c - 1) * x_len,
                (x_len > 0, m_len > 0, xm >= 0),
            ),
            Lemma(
                "the cosine is no less",
                {"projection": term >= m_len * m_len},
                term * x_len >= m_len * (x_len * m_len),
                (x_len > 0, m_len > 0),
            ),
            Lemma(
                "from d - g0 to d: the sine is at most 1/c",
                {"ball": ee == c * c * oo, "c": c > 1},
                c * c * (dd * ee - term * term) <= dd * ee,
                (oo > 0, ee >= 0, dd == oo + 2 * eg + ee, term == ee + eg, eg * eg <= oo * ee),
            ),
        ),
        "by optimality of both; not in the paper",
        "c (|x| - |m|) <= |x - m| <= sqrt(|x|^2 - |m|^2) gives c^2 (|x| - |m|) <= |x| + |m|; and"
        " cos = <x, m>/(|x| |m|) >= |m|/|x|. The sine of the angle between d and e = d - g0 is"
        " |g0| sin/|d| <= 1/c.",
        remarks=(("CAGrad(c) is within 2 arctan(1/c) + arcsin(1/c) of MGDA's direction, whatever"
                  " the jacobian, the number of tasks and the dimension (c > 1, not stationary):"
                  " the limit is uniform."),),
    ),
)  # fmt: skip
