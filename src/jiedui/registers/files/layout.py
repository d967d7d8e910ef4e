"""A sheet understood: headings apart from data, and what is no data left aside and told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jiedui.registers.files.aside import LISTED, Body, numbered, rows_of_data
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

SERIAL = re.compile(r"序号|序|行号|(?i:no\.?|s/n|#)")
UNIT = re.compile(
    r"(?<![一-鿿])(?:金额|计量|计算|货币)?单位[:：]\s*"
    r"(?:[百千万亿]*元|亩|公顷|平方米|㎡|[户人个岁年月天]|公里|千米|米|公斤|千克|吨|[%％])[^\s）)]*"
)


def understand(raw: Raw, sha256: str) -> Sheet | None:
    """Give a sheet with its layout understood; None where no headings are found."""
    head = find_head(raw)
    return None if head is None else arrange(raw, head, sha256)


def arrange(raw: Raw, head: Head, sha256: str) -> Sheet:
    """Give the sheet below a head."""
    import numpy as np

    first = head.bottom + len(head.aside) + 1
    filled = fill_merges(raw, first)
    below = [column.slice(first) for column in filled]
    kept = [at for at, column in enumerate(below) if head.headings[at] or column.null_count < len(column)]
    body = Body(raw.place, [below[at] for at in kept], [head.headings[at] for at in kept], kept, first)
    keep, left_out = rows_of_data(body)
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


def fill_merges(raw: Raw, first: int) -> list[pa.ChunkedArray]:
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


def _head_notes(raw: Raw, head: Head, body: Body) -> Iterator[Finding]:
    """Tell what the head and the columns have that a reader may stumble on."""
    place, number = raw.place, head.bottom + 1
    if unit := UNIT.search(head.title):
        yield place.finding("reading.unit", found=unit[0])
    if head.aside:
        yield place.finding("reading.columns_numbered", rows=numbered([row + 1 for row in head.aside]))
    for at, heading in zip(body.positions, body.headings, strict=True):
        if not heading:
            yield place.finding("reading.unnamed", cell=place.cell(number, at))
        elif SERIAL.fullmatch(heading):
            yield place.finding("reading.serial", cell=place.cell(number, at, heading), found=heading)
    hidden = [row + 1 for row in raw.hidden_rows if body.first <= row < body.first + len(raw.columns[0])]
    if hidden:
        yield place.finding("reading.hidden_rows", rows=numbered(hidden), count=len(hidden))
    shown = set(body.positions)
    concealed = [at for at in raw.hidden_columns if at in shown]
    if concealed:
        names = [place.cell(number, at) for at in concealed[:LISTED]]
        yield place.finding("reading.hidden_columns", cell=names[0], found=listed(names))


def _merge_notes(raw: Raw, filled: Sequence[pa.ChunkedArray]) -> Iterator[Finding]:
    changed = [at for at, column in enumerate(filled) if column is not raw.columns[at]]
    if changed:
        names = [raw.place.cell(1, at) for at in changed[:LISTED]]
        yield raw.place.finding("reading.merged", found=listed([name.rstrip("1") for name in names]))
