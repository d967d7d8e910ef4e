"""Registers of counties that do not exist, with known truth.

Takes a number of households and a seed; gives the tables as declared, the faults planted in them and who
is who over the lists. Refuses unknown periods and families of faults; no real person can be in them.
"""

from jiedui.registers.synthetic.county import RATES, County, make_county

__all__ = ["RATES", "County", "make_county"]
