"""A sheet understood: headings apart from data, and what is no data left aside and told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.files.heading import Head, find_head
from jiedui.registers.files.sheet import Sheet
from jiedui.tables.allowed import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.registers.files.raw import Raw
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
SERIAL = re.compile(r"序号|序|行号|(?i:no\.?|s/n|#)")
UNIT = re.compile(
    r"(?<![一-鿿])(?:金额|计量|计算|货币)?单位[:：]\s*"
    r"(?:[百千万亿]*元|亩|公顷|平方米|㎡|[户人个岁年月天]|公里|千米|米|公斤|千克|吨|[%％])[^\s）)]*"
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

    def row(self, row: int) -> list[str]:
        """Give the cells of a row, blank ones as empty texts."""
        return [column[row].as_py() or "" for column in self.columns]


def understand(raw: Raw, sha256: str) -> Sheet | None:
    """Give a sheet with its layout understood; None where no headings are found."""
    head = find_head(raw)
    return None if head is None else arrange(raw, head, sha256)


def arrange(raw: Raw, head: Head, sha256: str) -> Sheet:
    """Give the sheet below a head."""
    import numpy as np

    first = head.bottom + len(head.aside) + 1
    filled = _fill_merges(raw, first)
    below = [column.slice(first) for column in filled]
    kept = [at for at, column in enumerate(below) if head.headings[at] or column.null_count < len(column)]
    body = Body(raw.place, [below[at] for at in kept], [head.headings[at] for at in kept], kept, first)
    keep, left_out = _rows(body)
    names = [f"c{at}" for at in range(len(kept))]
    kinds = None if raw.kinds is None else [raw.kinds[at].slice(first) for at in kept]
    return Sheet(
        place=raw.place,
        title=head.title,
        headings=tuple(body.headings),
        positions=tuple(kept),
        cells=_kept(body.columns, names, keep),
        kinds=None if kinds is None else _kept(kinds, names, keep),
        rows=np.flatnonzero(keep).astype(np.int64) + first + 1,
        bottom=head.bottom + 1,
        notes=(*raw.notes, *_head_notes(raw, head, body), *left_out, *_merge_notes(raw, filled)),
        sha256=sha256,
    )


def _kept(columns: Sequence[pa.ChunkedArray], names: list[str], keep: NDArray[np.bool_]) -> pa.Table:
    """Give the rows that are data."""
    import pyarrow as pa

    whole = pa.table(columns, names)
    return whole if keep.all() else whole.filter(pa.array(keep))


def _fill_merges(raw: Raw, first: int) -> list[pa.ChunkedArray]:
    """Give the columns with each merged cell of the data standing on all of its rows."""
    import numpy as np

    columns = list(raw.columns)
    merged: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _ in raw.merges:
        if first <= top < bottom and left < len(columns):
            merged.setdefault(left, []).append((top, bottom))
    for at, ranges in merged.items():
        source = np.arange(len(columns[at]))
        for top, bottom in ranges:
            source[top : bottom + 1] = top
        columns[at] = columns[at].take(source)
    return columns


def _rows(body: Body) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Say which rows are data, and what the others are."""
    import numpy as np

    height = len(body.columns[0]) if body.columns else 0
    keep = np.zeros(height, bool)
    for column in body.columns:
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
        rule, cell=cell, rows=_numbers(numbers), count=len(rows), found=first[: LISTED * 4]
    )


def _numbers(numbers: Sequence[int]) -> dict[str, str]:
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
        words = [cell for cell in body.row(row)[:FIRST] if cell and not cell.isdecimal()]
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
        cells = [cell for cell in body.row(row) if cell]
        if len(cells) <= most and SIGN_OFF.match(cells[0]):
            rest = [[cell for cell in body.row(below) if cell] for below in last[at:]]
            if all(len(set(cells)) <= most for cells in rest):
                return last[at:]
    return []


def _head_notes(raw: Raw, head: Head, body: Body) -> Iterator[Finding]:
    """Tell what the head and the columns have that a reader may stumble on."""
    place, number = raw.place, head.bottom + 1
    if unit := UNIT.search(head.title):
        yield place.finding("reading.unit", found=unit[0])
    if head.aside:
        yield place.finding("reading.columns_numbered", rows=_numbers([row + 1 for row in head.aside]))
    for at, heading in zip(body.positions, body.headings, strict=True):
        if not heading:
            yield place.finding("reading.unnamed", cell=place.cell(number, at))
        elif SERIAL.fullmatch(heading):
            yield place.finding("reading.serial", cell=place.cell(number, at, heading), found=heading)
    hidden = [row + 1 for row in raw.hidden_rows if body.first <= row < body.first + len(raw.columns[0])]
    if hidden:
        yield place.finding("reading.hidden_rows", rows=_numbers(hidden), count=len(hidden))
    concealed = [at for at in raw.hidden_columns if at in set(body.positions)]
    if concealed:
        names = [place.cell(number, at) for at in concealed[:LISTED]]
        yield place.finding("reading.hidden_columns", cell=names[0], found=listed(names))


def _merge_notes(raw: Raw, filled: Sequence[pa.ChunkedArray]) -> Iterator[Finding]:
    changed = [at for at, column in enumerate(filled) if column is not raw.columns[at]]
    if changed:
        names = [raw.place.cell(1, at) for at in changed[:LISTED]]
        yield raw.place.finding("reading.merged", found=listed([name.rstrip("1") for name in names]))
