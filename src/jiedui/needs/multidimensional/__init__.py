"""Multidimensional poverty by the Alkire-Foster method.

Takes units, their members and a specification; gives measures with standard errors in one long table, changes
between rounds, robustness and transitions. Refuses what would be counted wrongly in silence.
"""

from jiedui.needs.multidimensional.changes import poverty_change
from jiedui.needs.multidimensional.comparisons import Robustness, robustness
from jiedui.needs.multidimensional.estimation import poverty
from jiedui.needs.multidimensional.gathering import deprivations
from jiedui.needs.multidimensional.measures import MEASURES
from jiedui.needs.multidimensional.statuses import Transitions, transitions

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
