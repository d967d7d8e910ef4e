"""Headings of offices, matched to our tables.

Takes a sheet and the map that a person confirmed last month; gives for each heading the columns it feeds,
with the reason. Refuses to guess: what is not clear is asked.
"""

from jiedui.registers.headings.offices import OfficeLayout, office_layouts

__all__ = ["OfficeLayout", "office_layouts"]
