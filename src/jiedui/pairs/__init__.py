"""Who helps whom: exact proposals with proof and reasons.

Takes needs, helpers' capacity, present pairs, rules and decisions; gives proposals, their measures,
prices, certificates and reasons. Refuses what it cannot compute exactly.
"""

from jiedui.pairs.answers import Answers
from jiedui.pairs.intake import make_problem
from jiedui.pairs.lots import Lot, LotDecision, draw_lot, fingerprint
from jiedui.pairs.preferences import Preferences, make_preferences
from jiedui.pairs.proposal import Proposal, given
from jiedui.pairs.quota import shares
from jiedui.pairs.records import Scenario, make_records
from jiedui.pairs.repair import repair
from jiedui.pairs.rules import Apart, Budget, Quota, SomeOrNone
from jiedui.pairs.search import least_moves, propose
from jiedui.pairs.sensitivity import firmness, frontier
from jiedui.pairs.setting import Setting, make_setting
from jiedui.pairs.shortage import shortages
from jiedui.pairs.stability import Matching, blocking_pairs, match_stably

__all__ = [
    "Answers",
    "Apart",
    "Budget",
    "Lot",
    "LotDecision",
    "Matching",
    "Preferences",
    "Proposal",
    "Quota",
    "Scenario",
    "Setting",
    "SomeOrNone",
    "blocking_pairs",
    "draw_lot",
    "fingerprint",
    "firmness",
    "frontier",
    "given",
    "least_moves",
    "make_preferences",
    "make_problem",
    "make_records",
    "make_setting",
    "match_stably",
    "propose",
    "repair",
    "shares",
    "shortages",
]
