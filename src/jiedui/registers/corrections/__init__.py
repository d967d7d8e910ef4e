"""Corrections as data, laid over each import.

Takes a register and a table of corrections; gives the register with those that still fit, the outcome of
each. Refuses to choose: where the row, the value or another correction does not agree, it asks.
"""

from jiedui.registers.corrections.application import Corrected, apply_corrections
from jiedui.registers.corrections.correction import with_names

__all__ = ["Corrected", "apply_corrections", "with_names"]
