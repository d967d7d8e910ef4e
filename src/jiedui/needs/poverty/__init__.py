"""Multidimensional poverty by the Alkire-Foster method.

Takes units, their members and a specification; gives measures with standard errors in one long table, changes
between rounds, robustness and transitions. Refuses what would be counted wrongly in silence.
"""

from jiedui.needs.poverty.estimation import poverty
from jiedui.needs.poverty.gathering import deprivations
from jiedui.needs.poverty.measures import MEASURES

__all__ = ["MEASURES", "deprivations", "poverty"]
