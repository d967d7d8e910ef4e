"""Who needs help, in what, and how sure.

Takes units, a survey or registers, and specifications as data; gives estimates with standard errors, scores
with intervals, and needs in units. Refuses what cannot be computed as specified.
"""

from jiedui.needs.estimates import ESTIMATES, Design, Estimates
from jiedui.needs.multidimensional import poverty, poverty_change
from jiedui.needs.spec import Indicator, Spec
from jiedui.needs.spec_reading import load_spec, read_spec, shipped_specs

__all__ = [
    "ESTIMATES",
    "Design",
    "Estimates",
    "Indicator",
    "Spec",
    "load_spec",
    "poverty",
    "poverty_change",
    "read_spec",
    "shipped_specs",
]
