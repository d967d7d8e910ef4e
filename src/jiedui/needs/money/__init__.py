"""Income: who is below a line and how far, and how unequal incomes are.

Takes a table of households or persons and the name of its column of income; gives `Estimates` with
design-based errors. Refuses negative weights, and negative incomes where a measure has no meaning for them.
"""

from jiedui.needs.money.distribution import gini, lorenz, quantile_shares
from jiedui.needs.money.equivalence import equivalise
from jiedui.needs.money.lines import relative_line
from jiedui.needs.money.shortfall import at_risk, fgt, sen, watts

__all__ = [
    "at_risk",
    "equivalise",
    "fgt",
    "gini",
    "lorenz",
    "quantile_shares",
    "relative_line",
    "sen",
    "watts",
]
