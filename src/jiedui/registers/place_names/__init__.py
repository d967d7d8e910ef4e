"""Names and codes of places, resolved at every level down to the village.

Takes a table of places and what a clerk wrote; gives the place, or the places it may be. Refuses to guess:
an ambiguous name, a slip of one sign, a code and a name that contradict each other are asked.
"""

from jiedui.registers.place_names.found import Found, NamedPlace
from jiedui.registers.place_names.gazetteer import Gazetteer
from jiedui.registers.place_names.national_list import places_from_package
from jiedui.registers.place_names.placing import Placed, place_rows
from jiedui.registers.place_names.sources import KnownPlaces, places_of_register, read_places
from jiedui.registers.place_names.tables import KNOWN_PLACES

__all__ = [
    "KNOWN_PLACES",
    "Found",
    "Gazetteer",
    "KnownPlaces",
    "NamedPlace",
    "Placed",
    "place_rows",
    "places_from_package",
    "places_of_register",
    "read_places",
]
