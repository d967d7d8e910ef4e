"""A file as a grid of cells, whatever its format: headings, rows with their numbers, addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jiedui.language import finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiedui.errors import Finding

LETTERS = 26


class FailedFormula:
    """The content of a cell whose formula failed or was never computed."""

    def __str__(self) -> str:
        return "#"


FAILED_FORMULA: Final = FailedFormula()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as its program counts, and its cells."""

    number: int
    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a grid stands, so that a finding can point at a cell.

    Attributes
    ----------
    lettered : bool
        Whether columns have letters (Excel, CSV) or only names (Parquet).
    """

    file: str
    sheet: str = ""
    lettered: bool = True

    def cell(self, number: int, position: int | None, name: str = "") -> str:
        """Give an address such as ``C17``, or ``name 17`` where columns have no letters.

        Examples
        --------
        >>> Place("a.xlsx").cell(17, 2, "code"), Place("a.parquet", lettered=False).cell(17, 2, "code")
        ('C17', 'code 17')
        """
        if self.lettered and position is not None:
            return f"{letters(position)}{number}"
        return f"{name} {number}".lstrip()

    def finding(self, rule: str, *, cell: str = "", **values: object) -> Finding:
        """Give a finding in this file and sheet."""
        return finding(rule, file=self.file, sheet=self.sheet, cell=cell, **values)


@dataclass(frozen=True, slots=True)
class Grid:
    """Headings and rows of one sheet, before any check."""

    place: Place
    headings: Sequence[object]
    rows: Sequence[Row]


def letters(position: int) -> str:
    """Name a column as Excel does, counted from 0.

    Examples
    --------
    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    while position >= 0:
        position, letter = divmod(position, LETTERS)
        name = chr(ord("A") + letter) + name
        position -= 1
    return name


def is_blank(cell: object) -> bool:
    """Tell whether a cell holds nothing, or only spaces."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))
