"""Rows below the headings that are no data: totals, signatures, headings repeated on each page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from jiedui.tables.allowed import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.tables.grid import Place

TOTAL = (
    "^(?:.{0,12}(?:合|小|总)[\\s\u3000]*计|[本全].{0,4}共[\\s\u3000]*计|[共累][\\s\u3000]*计"
    "|(?i:total|subtotal|grand total|sum))[\\s\u3000]*[:：]?$"
)
SIGN_OFF = re.compile(
    r"(?:单位|部门|乡镇|村)?(?:填表|填报|制表|审核|复核|审批|经办|负责|经手|校对|签字|签章|盖章|主管|分管)"
    r"(?:人|者|领导|单位|日期|时间)?(?:\(?（?签[字章]\)?）?)?\s*[:：].*|(?:注|备注|说明|填表说明|附注)\s*[:：].*",
    re.DOTALL,
)
FOOT = 30
"""Rows at the end in which lines of signatures and remarks are looked for."""
FIRST = 4
"""Columns in which the word for a total is looked for."""
LISTED = 10


@dataclass(frozen=True, slots=True)
class Body:
    """The data below the headings, before rows are left out.

    Attributes
    ----------
    first : int
        The row of the sheet on which they begin, counted from 0.
    """

    place: Place
    columns: Sequence[pa.ChunkedArray]
    headings: Sequence[str]
    positions: Sequence[int]
    first: int

    def row(self, row: int) -> Iterator[str]:
        """Give the cells of a row one by one, blank ones as empty texts."""
        return (column[row].as_py() or "" for column in self.columns)


def rows_of_data(body: Body) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Say which rows are data, and what the others are."""
    import numpy as np

    height = len(body.columns[0]) if body.columns else 0
    keep = np.zeros(height, bool)
    for column in body.columns:
        if not keep.all():
            keep |= column.is_valid().to_numpy()
    notes = []
    for rule, rows in (
        ("reading.sign_off", _sign_off(body, keep)),
        ("reading.totals", list(_totals(body))),
        ("reading.headings_again", list(_headings_again(body))),
    ):
        found = [row for row in rows if keep[row]]
        keep[found] = False
        if found:
            notes.append(_rows_note(body, rule, found))
    return keep, notes


def _rows_note(body: Body, rule: str, rows: Sequence[int]) -> Finding:
    first = next((cell for cell in body.row(rows[0]) if cell), "")
    numbers = [row + body.first + 1 for row in rows]
    cell = body.place.cell(numbers[0], body.positions[0], body.headings[0])
    return body.place.finding(
        rule, cell=cell, rows=numbered(numbers), count=len(rows), found=first[: LISTED * 4]
    )


def numbered(numbers: Sequence[int]) -> dict[str, str]:
    """Write the first of some numbers of rows."""
    more = ["…"] if len(numbers) > LISTED else []
    return dict(listed([*map(str, numbers[:LISTED]), *more]))


def _totals(body: Body) -> Iterator[int]:
    """Give the rows whose first words are those of a total."""
    import numpy as np
    from pyarrow import compute

    found = np.zeros(len(body.columns[0]) if body.columns else 0, bool)
    for column in body.columns[:FIRST]:
        found |= _true(compute.match_substring_regex(column, TOTAL))
    for row in np.flatnonzero(found).tolist():
        words = [cell for cell in islice(body.row(row), FIRST) if cell and not cell.isdecimal()]
        if words and re.match(TOTAL, words[0]):
            yield row


def _true(found: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Give where something holds."""
    from pyarrow import compute

    where: NDArray[np.bool_] = compute.coalesce(found, compute.is_valid(found)).to_numpy()
    return where


def _unspaced(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give texts without the spaces that stretch a word: 合　　计."""
    from pyarrow import compute

    return compute.replace_substring_regex(column, "[\\s\u3000]+", "")


def _headings_again(body: Body) -> Iterator[int]:
    """Give the rows that repeat the headings, as printed pages do."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute

    if not body.headings or not (levels := [set(heading.split("/")) for heading in body.headings]):
        return
    named = next((at for at, heading in enumerate(body.headings) if heading), None)
    if named is None:
        return
    last = body.headings[named].rsplit("/", 1)[-1]
    same = _true(compute.equal(_unspaced(body.columns[named]), pa.scalar(last, pa.string())))
    for row in np.flatnonzero(same).tolist():
        cells = ["".join(cell.split()) for cell in body.row(row)]
        if all(not cell or cell in level for cell, level in zip(cells, levels, strict=True)):
            yield row


def _sign_off(body: Body, filled: NDArray[np.bool_]) -> list[int]:
    """Give the rows at the end from the first line of signatures or remarks on."""
    import numpy as np

    last: list[int] = np.flatnonzero(filled)[-FOOT:].tolist()
    most = max(1, len(body.columns) // 2)
    for at, row in enumerate(last):
        if SIGN_OFF.match(next(filter(None, body.row(row)), "")):
            rest = [set(filter(None, body.row(below))) for below in last[at:]]
            if all(len(cells) <= most for cells in rest):
                return last[at:]
    return []
