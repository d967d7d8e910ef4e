"""What the mechanisms of paired assistance are, as data.

Takes the name of a shipped scheme, or a folder with a ``scheme.toml``; gives a checked `Scheme`.
Refuses weights that do not sum to one, unknown rules, and numbers without unit and source.
"""

from jiedui.schemes.checking import OBJECTIVES, band_of, is_objective
from jiedui.schemes.periods import Period, load_period
from jiedui.schemes.scheme import CapacityRule, Kind, Part, Scheme, Value, load_scheme, shipped_schemes

__all__ = [
    "OBJECTIVES",
    "CapacityRule",
    "Kind",
    "Part",
    "Period",
    "Scheme",
    "Value",
    "band_of",
    "is_objective",
    "load_period",
    "load_scheme",
    "shipped_schemes",
]
