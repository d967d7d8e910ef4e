"""Sheets made into a register: cells tidied and typed, rows sorted into their tables.

Takes sheets and the maps of their headings; gives a `Register`, every cell that does not fit as a finding,
and what nobody knows as it came. Refuses to guess: a cell that is not certain is null and asked about.
"""

from jiedui.registers.intake.joining import TIDYING, Taken, take_in
from jiedui.registers.intake.rows import Rows, read_rows
from jiedui.registers.intake.tidying import read_tidied

__all__ = ["TIDYING", "Rows", "Taken", "read_rows", "read_tidied", "take_in"]
