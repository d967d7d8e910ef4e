"""Needs in units: what a village, school or household lacks, as kinds, quantities and priorities.

Takes a table of gaps and a catalogue of conversion rules; gives needs, and from them recipients that a
pairing reads. Refuses gaps that are missing or negative, and rules without unit and source.
"""

from jiedui.needs.quantities.catalogue import Catalogue, load_catalogue, shipped_catalogues
from jiedui.needs.quantities.conversion import needs_in_units
from jiedui.needs.quantities.counting import count_gaps
from jiedui.needs.quantities.recipients import as_recipients

__all__ = [
    "Catalogue",
    "as_recipients",
    "count_gaps",
    "load_catalogue",
    "needs_in_units",
    "shipped_catalogues",
]
