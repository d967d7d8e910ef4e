"""Multidimensional poverty by the Alkire-Foster method.

Takes units, their members and a specification; gives measures with standard errors in one long table, changes
between rounds, robustness and transitions. Refuses what would be counted wrongly in silence.
"""

from jiedui.needs.poverty.changes import poverty_change
from jiedui.needs.poverty.comparisons import Robustness, robustness
from jiedui.needs.poverty.estimation import poverty
from jiedui.needs.poverty.gathering import deprivations
from jiedui.needs.poverty.measures import MEASURES
from jiedui.needs.poverty.statuses import Transitions, transitions

__all__ = [
    "MEASURES",
    "Robustness",
    "Transitions",
    "deprivations",
    "poverty",
    "poverty_change",
    "robustness",
    "transitions",
]
