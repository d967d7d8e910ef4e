"""Who helps whom: exact proposals with proof and reasons.

Takes needs, helpers' capacity, present pairs, rules and decisions; gives proposals with prices and
certificates. Refuses what it cannot compute exactly. Further doors: `answers`, `rules`, `contiguous`,
`preferences`, `lots`, `parts`.
"""

from jiedui.pairs.intake import make_problem
from jiedui.pairs.kernel.cache import warm_up
from jiedui.pairs.problem import Problem, exact
from jiedui.pairs.proposal import Proposal, given
from jiedui.pairs.quota import shares
from jiedui.pairs.repair import repair
from jiedui.pairs.search import least_moves, propose

__all__ = [
    "Problem",
    "Proposal",
    "exact",
    "given",
    "least_moves",
    "make_problem",
    "propose",
    "repair",
    "shares",
    "warm_up",
]
