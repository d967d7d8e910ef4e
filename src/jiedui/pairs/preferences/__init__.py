"""Two-sided preference lists: stable matchings, and the blocking pairs of any pairs.

Takes ranked lists of both sides with ties; gives a matching, or the pairs that would rather be together.
Refuses ranks and places that cannot be; pairs that only one side ranked are told and left out.
"""

from jiedui.pairs.preferences.lists import Preferences, make_preferences
from jiedui.pairs.preferences.stability import Matching, blocking_pairs, match_stably

__all__ = ["Matching", "Preferences", "blocking_pairs", "make_preferences", "match_stably"]
