"""What the mechanisms of paired assistance are, as data.

Takes the name of a shipped scheme, or a folder with a ``scheme.toml``; gives a checked `Scheme`.
Refuses weights that do not sum to one, unknown rules, and numbers without unit and source.
"""

from jiedui.schemes.periods import Period, load_period
from jiedui.schemes.scheme import (
    OBJECTIVES,
    CapacityRule,
    Part,
    Scheme,
    Value,
    band_of,
    is_objective,
    load_scheme,
    shipped_schemes,
)

__all__ = [
    "OBJECTIVES",
    "CapacityRule",
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
