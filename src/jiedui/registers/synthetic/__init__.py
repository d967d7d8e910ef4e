"""Registers of counties that do not exist, with known truth.

Takes a number of households and a seed; gives the tables as declared, the faults planted in them and who
is who over the lists, and the files that offices would send. Refuses unknown periods and families of
faults; no real person can be in them.
"""

from jiedui.registers.synthetic.county import RATES, County, make_county
from jiedui.registers.synthetic.deliveries import Delivery, make_deliveries
from jiedui.registers.synthetic.expectation import expected_rules
from jiedui.registers.synthetic.pages import Page

__all__ = ["RATES", "County", "Delivery", "Page", "expected_rules", "make_county", "make_deliveries"]
