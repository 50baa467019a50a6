"""A search for what the papers do not say: methods that coincide, cones, orders, single answers.

Methods that take a jacobian alone, with several parameters, are asked on jacobians of one
configuration after the other, exactly; directions are compared in balls of 256 bits, which tell all
but the equal apart. What holds in every case is kept as a conjecture with the number of cases; what
has been proved since is named as such (`grounds`). Nothing is claimed beyond that: a conjecture is
what the search did not refute.
"""

from properties.discovery.conjecture import Conjecture, broken, conjectures
from properties.discovery.grounds import Grounds, grounds
from properties.discovery.search import search

__all__ = ["Conjecture", "Grounds", "broken", "conjectures", "grounds", "search"]
