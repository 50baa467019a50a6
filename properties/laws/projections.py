"""The laws of methods that project on the cone of all x that conflict with no row."""

from properties.laws.aggregators import GENERAL
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Law

LAWS = (
    Law("cone-projection", "D", "Each projection x of v on {x : Gx >= 0} has x - v = G'u, u >= 0"
        " and u_i <g_i, x> = 0.", "none", "P X F", certified, GENERAL),
)  # fmt: skip
