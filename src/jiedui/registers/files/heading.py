"""Where the headings of a sheet stand, found by evidence: filled, in words, unlike the rows below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.registers.files.sheet import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from jiedui.registers.files.raw import Range, Raw

LOOKED_AT = 30
"""Rows in which the headings are looked for."""
FILLED = 0.5
"""A row of headings is at least half as full as the fullest row."""
LONGEST = 60
"""Signs of a heading; longer texts are remarks."""
NUMERIC = re.compile(
    r"[+-]?[\d,]*\.?\d+%?(?:[eE][+-]?\d+)?|\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|\d{17}[\dXx]"
)
LABEL = re.compile(r".{0,10}[:：]")
"""A line such as 单位：元 or 填报单位：某某镇."""
DEEPEST = 6
"""Rows of headings, one above the other."""
EVIDENCE = 5
"""Rows below the headings that are asked whether they hold numbers."""
FIELD = re.compile(r"[a-z][a-z0-9]*_[a-z0-9_]*|[a-z][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class Head:
    """The rows that stand above the data; rows counted from 0.

    Attributes
    ----------
    bottom : int
        The last row of headings.
    aside : tuple of int
        Rows directly below that only number or name the columns.
    """

    title: str
    headings: Sequence[str]
    bottom: int
    aside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One of the first rows, merged cells filled in.

    Attributes
    ----------
    own : sequence of bool
        Whether a cell is where its text stands, not only covered by it.
    """

    cells: Sequence[str]
    numeric: Sequence[bool]
    own: Sequence[bool]

    @property
    def filled(self) -> int:
        """Count the cells that hold something."""
        return sum(map(bool, self.cells))


def find_head(raw: Raw) -> Head | None:
    """Give the head of a sheet; None where no row can be one."""
    rows = _first_rows(raw)
    fullest = max((row.filled for row in rows), default=0)
    if not fullest:
        return None
    top = next((at for at, row in enumerate(rows) if _may_head(row, fullest)), None)
    if top is None:
        return None
    bottom = _bottom(rows, top, raw.merges)
    title = dict.fromkeys(cell for row in rows[:top] for cell in row.cells if cell)
    headings = [_joined(rows[top : bottom + 1], column) for column in range(len(raw.columns))]
    aside: list[int] = []
    while bottom + len(aside) + 1 < len(rows) and _is_aside(rows[bottom + len(aside) + 1]):
        aside.append(bottom + len(aside) + 1)
    return Head(" ".join(title), headings, bottom, tuple(aside))


def _first_rows(raw: Raw) -> list[Row]:
    """Give the first rows with merged cells filled in."""
    height = min(LOOKED_AT, len(raw.columns[0])) if raw.columns else 0
    texts = _top(raw.columns, height)
    kinds = _top(raw.kinds, height) if raw.kinds else None
    numeric = [
        [_is_numeric(cell, kinds[place][row] if kinds else TEXT) for row, cell in enumerate(column)]
        for place, column in enumerate(texts)
    ]
    own = [[bool(cell) for cell in column] for column in texts]
    for top, left, bottom, right in raw.merges:
        if top < height and left < len(texts) and texts[left][top]:
            for column in range(left, min(right + 1, len(texts))):
                for row in range(top, min(bottom + 1, height)):
                    texts[column][row] = texts[left][top]
                    numeric[column][row] = numeric[left][top]
    return [
        Row(
            cells=[column[row] or "" for column in texts],
            numeric=[column[row] for column in numeric],
            own=[column[row] for column in own],
        )
        for row in range(height)
    ]


def _top(columns: Sequence[pa.ChunkedArray], height: int) -> list[list[Any]]:
    """Give the first cells of each column; together, for there may be very many."""
    import pyarrow as pa

    parts = [part for column in columns for part in column.slice(0, height).chunks]
    cells = pa.chunked_array(parts, columns[0].type).to_pylist() if columns else []
    return [cells[at : at + height] for at in range(0, len(cells), height)]


def _is_numeric(cell: str | None, kind: int) -> bool:
    if not cell or kind != TEXT:
        return bool(cell)
    return cell[0] in "0123456789+-.," and NUMERIC.fullmatch(cell) is not None


def _may_head(row: Row, fullest: int) -> bool:
    """Tell whether a row has the look of headings."""
    cells = [cell for cell in row.cells if cell]
    if len(cells) < FILLED * fullest or (len(set(cells)) == 1 and fullest > 1):
        return False
    labels = sum(bool(LABEL.match(cell)) for cell in cells)
    return 2 * labels < len(cells) + 1 and _in_words(row)


def _in_words(row: Row) -> bool:
    """Tell whether a row holds short words and not values."""
    cells = [cell for cell in row.cells if cell]
    lasting = all(len(cell) <= LONGEST for cell in cells)
    return bool(cells) and lasting and 2 * sum(row.numeric) <= len(cells)


def _bottom(rows: Sequence[Row], top: int, merges: Sequence[Range]) -> int:
    """Give the last row of the headings that begin at a row."""
    bottom = top
    while bottom + 1 < min(len(rows), top + DEEPEST):
        covering = [merge for merge in merges if top <= merge[0] <= bottom <= merge[2]]
        reaches = max((merge[2] for merge in covering), default=bottom)
        if bottom < reaches < len(rows):
            bottom = reaches
        elif _is_spanned(rows, bottom, covering) or _is_parted(rows, bottom):
            bottom += 1
        else:
            break
    return bottom


def _is_spanned(rows: Sequence[Row], above: int, covering: Sequence[Range]) -> bool:
    """Tell whether a row holds only parts of headings that are merged over several columns above it."""
    upper, lower = rows[above], rows[above + 1]
    spanned = {place for _, left, _, right in covering if right > left for place in range(left, right + 1)}
    stands = [place for place, own in enumerate(lower.own) if own]
    under = [place for place in stands if place in spanned]
    return (
        bool(under) and _in_words(lower) and all(place in under or not upper.cells[place] for place in stands)
    )


def _is_parted(rows: Sequence[Row], above: int) -> bool:
    """Tell, where a file knows no merged cells, whether a row parts the headings of the one above it.

    Words stand where the row above is blank, or begin such a stretch, and numbers stand below them.
    """
    upper, lower = rows[above], rows[above + 1]
    stands = {place for place, cell in enumerate(lower.cells) if cell}
    first = next((place for place, cell in enumerate(upper.cells) if cell), 0)
    parts = {place for place in stands if not upper.cells[place] and place > first}
    begin = {place for place in stands if upper.cells[place]}
    if not parts or stands - parts - begin or any(place + 1 not in parts for place in begin):
        return False
    below = rows[above + 2 : above + 2 + EVIDENCE]
    counted = any(row.numeric[place] for row in below for place in stands)
    return counted and not any(lower.numeric)


def _joined(rows: Sequence[Row], column: int) -> str:
    """Join the levels of a heading, each once."""
    levels: list[str] = []
    for level, row in enumerate(rows):
        cell = row.cells[column] or _parent(rows, level, column)
        if cell and cell not in levels[-1:]:
            levels.append(cell)
    return "/".join(
        "".join(level.split()) if not level.isascii() else " ".join(level.split()) for level in levels
    )


def _parent(rows: Sequence[Row], level: int, column: int) -> str:
    """Give the heading to the left that a blank one belongs to, if a part of it stands below."""
    if level + 1 >= len(rows) or not rows[level + 1].own[column]:
        return ""
    return next((cell for cell in reversed(rows[level].cells[:column]) if cell), "")


def _is_aside(row: Row) -> bool:
    """Tell whether a row only numbers the columns (1, 2, 3…) or gives their field names."""
    cells = [cell for cell in row.cells if cell]
    if len(cells) < 2:  # noqa: PLR2004 - one cell proves nothing
        return False
    numbers = [cell for cell in cells if cell.isdecimal()]
    counted = len(numbers) > 1 and [int(cell) for cell in numbers] == list(range(1, len(numbers) + 1))
    lettered = all(cell in "甲乙丙丁戊己" for cell in cells if cell not in numbers)
    named = len(set(cells)) == len(cells) and all(FIELD.fullmatch(cell) for cell in cells)
    return (counted and lettered) or (named and any("_" in cell for cell in cells))
