"""Order by lot among equals (同等条件随机排序), and the probability of every pair.

Takes a proposal and the decision of named people; gives the drawn proposal. Refuses a lot that nobody
decided, and proposals whose equals cannot be listed.
"""

from jiedui.pairs.lots.drawing import Lot, LotDecision, draw_lot, fingerprint

__all__ = ["Lot", "LotDecision", "draw_lot", "fingerprint"]
