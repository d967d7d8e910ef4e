"""Where places are, what borders what, and which code a place had when.

Takes Arrow tables, codes, and degrees of longitude and latitude; gives kilometres, blocks and place
states. Opens no files and draws nothing. Refuses to guess: where a border, a code or a year is not
known it gives nothing, and where a name is ambiguous it gives every place.
"""

from jiedui.geo.adjacency import Adjacency
from jiedui.geo.codes import PlaceCodes, PlaceState, covers, most_specific
from jiedui.geo.distance import distance_km
from jiedui.geo.projection import project

__all__ = ["Adjacency", "PlaceCodes", "PlaceState", "covers", "distance_km", "most_specific", "project"]
