"""What a planner asks of a proposal: reasons, what if, what a place is worth, how firm it is, who lacks help.

Takes a proposal; gives exact answers. Refuses proposals that no prices prove.
"""

from jiedui.pairs.answers.questions import Answers
from jiedui.pairs.answers.reasons import Reason, reasons_of
from jiedui.pairs.answers.sensitivity import firmness, frontier
from jiedui.pairs.answers.shortage import Shortage, shortages

__all__ = ["Answers", "Reason", "Shortage", "firmness", "frontier", "reasons_of", "shortages"]
