"""What waits for somebody: the shape in which every stage tells Today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a user.

    Attributes
    ----------
    what : str
        A sentence in the reader's language.
    url : str
        Where it is done.
    since : datetime
        Since when it waits.
    due : date or None
        The last day; overdue ones come first, those without a day last.
    tag : str
        ``waiting``, ``problem``, ``info`` or ``done``: the colour.
    state : str
        The word of the tag.
    """

    what: str
    url: str
    since: datetime
    due: date | None = None
    tag: str = "waiting"
    state: str = ""
