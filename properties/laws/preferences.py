"""The law of EPO: its weights solve the linear program of the losses and the preference."""

from properties.laws.aggregators import GENERAL
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Law

LAWS = (
    Law("epo-lp", "D", "The weights lie on the simplex, keep the constraints of the program that"
        " the imbalance selects, and no weights have a better value.", "losses and preference are"
        " positive", "X F", certified, GENERAL),
)  # fmt: skip
