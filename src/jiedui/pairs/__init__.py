"""Who helps whom: exact proposals with proof and reasons.

Takes needs, helpers' capacity, present pairs, rules and decisions; gives proposals, their measures,
prices, certificates and reasons. Refuses what it cannot compute exactly.
"""

from jiedui.pairs.answers import Answers
from jiedui.pairs.cache import warm_up
from jiedui.pairs.problem import make_problem
from jiedui.pairs.proposal import Proposal, given
from jiedui.pairs.quota import shares
from jiedui.pairs.records import Scenario, make_records
from jiedui.pairs.repair import repair
from jiedui.pairs.search import least_moves, propose
from jiedui.pairs.sensitivity import firmness, frontier
from jiedui.pairs.setting import Setting, make_setting
from jiedui.pairs.shortage import shortages

__all__ = [
    "Answers",
    "Proposal",
    "Scenario",
    "Setting",
    "firmness",
    "frontier",
    "given",
    "least_moves",
    "make_problem",
    "make_records",
    "make_setting",
    "propose",
    "repair",
    "shares",
    "shortages",
    "warm_up",
]
