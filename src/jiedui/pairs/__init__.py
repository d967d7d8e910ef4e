"""Who helps whom: exact proposals with proof and reasons.

Takes needs, helpers' capacity, present pairs, rules and decisions; gives proposals, their measures,
prices, certificates and reasons. Refuses what it cannot compute exactly.
"""

from jiedui.pairs.answers import Answers
from jiedui.pairs.intake import make_problem
from jiedui.pairs.problem import Problem, exact
from jiedui.pairs.proposal import Proposal, given
from jiedui.pairs.quota import shares
from jiedui.pairs.reasons import Reason, reasons_of
from jiedui.pairs.repair import repair
from jiedui.pairs.rules import Apart, Budget, Quota, SomeOrNone
from jiedui.pairs.search import least_moves, propose
from jiedui.pairs.sensitivity import firmness, frontier
from jiedui.pairs.shortage import shortages

__all__ = [
    "Answers",
    "Apart",
    "Budget",
    "Problem",
    "Proposal",
    "Quota",
    "Reason",
    "SomeOrNone",
    "exact",
    "firmness",
    "frontier",
    "given",
    "least_moves",
    "make_problem",
    "propose",
    "reasons_of",
    "repair",
    "shares",
    "shortages",
]
