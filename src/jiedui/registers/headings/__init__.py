"""Headings of offices, matched to our tables.

Takes a sheet and the map that a person confirmed last month; gives for each heading the columns it feeds,
with the reason. Refuses to guess: what is not clear is asked.
"""

from jiedui.registers.headings.maps import Feed, HeadingMap
from jiedui.registers.headings.matching import match_headings
from jiedui.registers.headings.offices import OfficeLayout, office_layouts
from jiedui.registers.headings.saved import MAPPING, SavedLine, SavedMap, read_map, write_map

__all__ = [
    "MAPPING",
    "Feed",
    "HeadingMap",
    "OfficeLayout",
    "SavedLine",
    "SavedMap",
    "match_headings",
    "office_layouts",
    "read_map",
    "write_map",
]
