"""Poverty of millions of households from one scan, on any engine that Ibis knows.

Takes households with a column of 1, 0 or nothing for each indicator, as an Ibis table; gives headline figures
by area as a table of the same engine, or a cube from which every cut-off, weighting and curve follows without
another scan. Refuses indicators that are not 0 or 1, weights that are not above 0, and households of no area.
"""

from jiedui.needs.cube.headlines import headline
from jiedui.needs.cube.households import make_households
from jiedui.needs.cube.profile import Cube, profile_cube, read_cube
from jiedui.needs.cube.sensitivity import curves, dominance, robustness

__all__ = [
    "Cube",
    "curves",
    "dominance",
    "headline",
    "make_households",
    "profile_cube",
    "read_cube",
    "robustness",
]
