"""What an expression may be made of, and what its names stand for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from jiedui.tables.grammar import FIGURES, LOGIC, SUMS, TEXTS, Grammar

TODAY: Final = "today"
"""The value that is always there: the date on which the register is checked."""
OWN_FUNCTIONS = ("before", "months_since", "oldest_age", "youngest_age", "yuan")
"""Functions about dates that carry their precision, and how money is written."""
ROWS = Grammar((LOGIC, SUMS, TEXTS), OWN_FUNCTIONS, has_rows=True)
GROUPS = Grammar((*ROWS.parts, FIGURES), OWN_FUNCTIONS, has_rows=True)
"""What expressions about one row, or a pair of them, and about groups of rows may be made of."""
Side = Literal["this", "other"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of an expression stand for.

    Attributes
    ----------
    default : {"this", "other"}
        Which row a name without ``this.`` or ``other.`` belongs to.
    tables : mapping of str to str
        The tables that may be named: ``this``, ``other`` or both.
    grouped : str
        What tells the group of matching rows from other groups; empty when figures are not allowed.
    filtered : str
        SQL that says which matching rows count.
    """

    default: Side
    tables: dict[Side, str]
    values: Collection[str]
    grouped: str = ""
    filtered: str = ""

    @property
    def grammar(self) -> Grammar:
        """What the expression may be made of."""
        return GROUPS if self.grouped else ROWS
