"""What a name or a code means, in the words of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["one", "several", "none"]


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place of a gazetteer.

    Attributes
    ----------
    code : str
        Without ending zeros that stand for the whole.
    path : tuple of str
        The names of what it lies in, from the whole down, then its own.
    valid_to : str
        The year in which it ended without a known successor; empty when it stands.
    """

    code: str
    name: str
    level: str
    path: tuple[str, ...]
    valid_to: str = ""

    @property
    def label(self) -> str:
        """The path and the code, as a question shows them."""
        return f"{''.join(self.path)}（{self.code}）"


@dataclass(frozen=True, slots=True)
class Found:
    """What a name or a code means.

    Attributes
    ----------
    matches : tuple of NamedPlace
        With ``one`` the place, with ``several`` all it may be, with ``none`` those that it is like.
    reason : str
        Of a name that is not found: ``unknown``, ``sign`` (one sign differs), ``sound`` (sounds the same),
        ``kind`` (村 for 社区), ``elsewhere`` (the name is known, but not there), ``blank``. Of a code:
        ``form``, ``level``, ``unknown``, ``ended``, ``early``. Of one that is found: ``ended`` when it has
        ended without a known successor, ``follows`` when its code has been followed by another, or empty.
    group : str
        The villagers' group that stood after the village, as it was written.
    """

    status: Status
    matches: tuple[NamedPlace, ...]
    reason: str = ""
    group: str = ""
