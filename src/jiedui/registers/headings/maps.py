"""What each heading of a sheet feeds, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jiedui.errors import Finding
from jiedui.tables.grid import Place

Reason = Literal["saved", "exact", "alias", "similar", "second", "unclear", "unknown"]
"""``saved``: a line of the map says so. ``second``: another heading names the same column better, this one
feeds nothing. ``unclear``: something is near, or two headings name one column equally well; it feeds nothing
until a person says so. ``unknown``: nothing is near."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One heading and the column it feeds; a heading that feeds two tables has two.

    Attributes
    ----------
    position : int
        The column of the sheet, counted from 0.
    table, column : str
        What it feeds; both empty when nothing.
    score : float
        1 for a name or alias, the likeness (0 to 1) for ``similar`` and ``unclear``.
    runner_up : str
        ``table.column`` that comes next, or that is suggested where nothing is fed; may be empty.
    runner_up_score : float
        Its likeness, 0 when there is none.
    factor : int
        By what a number is multiplied to be in the unit of its column: 10,000 for 万元.
    who, when : str
        Who confirmed it and when; both empty where nobody has.
    """

    position: int
    heading: str
    table: str = ""
    column: str = ""
    reason: Reason = "unknown"
    score: float = 0.0
    runner_up: str = ""
    runner_up_score: float = 0.0
    factor: int = 1
    who: str = ""
    when: str = ""

    @property
    def is_fed(self) -> bool:
        """Whether it feeds a column."""
        return bool(self.column)


@dataclass(frozen=True, slots=True)
class HeadingMap:
    """The headings of one sheet, matched.

    Attributes
    ----------
    tables : tuple of str
        The tables that the sheet is for, first the one its rows stand for; empty when none is clear.
    feeds : tuple of Feed
        In the order of the sheet.
    questions, notes : tuple of Finding
        What a person is asked, and what was only seen.
    """

    place: Place
    tables: tuple[str, ...]
    feeds: tuple[Feed, ...]
    questions: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()

    def columns(self, table: str) -> Mapping[str, Feed]:
        """Give the feeds of a table by column."""
        return {feed.column: feed for feed in self.feeds if feed.is_fed and feed.table == table}

    def unfed(self) -> tuple[int, ...]:
        """Give the columns of the sheet that feed nothing."""
        fed = {feed.position for feed in self.feeds if feed.is_fed}
        return tuple(sorted({feed.position for feed in self.feeds} - fed))
