"""Who helps whom: exact proposals with proof and reasons.

Takes needs, helpers' capacity, present pairs, rules and decisions; gives proposals, their measures,
prices, certificates and reasons. Refuses what it cannot compute exactly.
"""

from jiedui.pairs.answers import Answers
from jiedui.pairs.clusters import local_spark, pair_on_spark
from jiedui.pairs.contiguity import blocks_of, propose_contiguous
from jiedui.pairs.groups import pair_by_part, part_groups
from jiedui.pairs.intake import make_problem
from jiedui.pairs.lots import Lot, LotDecision, draw_lot, fingerprint
from jiedui.pairs.parts import pair_part
from jiedui.pairs.preferences import Preferences, make_preferences
from jiedui.pairs.problem import Problem, exact
from jiedui.pairs.proposal import Proposal, given
from jiedui.pairs.quota import shares
from jiedui.pairs.reasons import Reason, reasons_of
from jiedui.pairs.repair import repair
from jiedui.pairs.rules import Apart, Budget, Quota, Rule, SomeOrNone
from jiedui.pairs.search import least_moves, propose
from jiedui.pairs.sensitivity import firmness, frontier
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
    "Problem",
    "Proposal",
    "Quota",
    "Reason",
    "Rule",
    "SomeOrNone",
    "blocking_pairs",
    "blocks_of",
    "draw_lot",
    "exact",
    "fingerprint",
    "firmness",
    "frontier",
    "given",
    "least_moves",
    "local_spark",
    "make_preferences",
    "make_problem",
    "match_stably",
    "pair_by_part",
    "pair_on_spark",
    "pair_part",
    "part_groups",
    "propose",
    "propose_contiguous",
    "reasons_of",
    "repair",
    "shares",
    "shortages",
]
