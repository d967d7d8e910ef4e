"""Sheets made by hand, for tests of what comes after reading."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from jiedui.registers.files import Sheet
from jiedui.tables.grid import Place


def make_sheet(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | None]] = (),
    *,
    kinds: Sequence[Sequence[int]] | None = None,
    file: str = "名单.xlsx",
    sheet: str = "Sheet1",
    title: str = "",
    bottom: int = 1,
) -> Sheet:
    columns = range(len(headings))

    def table(values: Sequence[Sequence[object]], kind: pa.DataType) -> pa.Table:
        return pa.table({f"c{n}": pa.array([row[n] for row in values], kind) for n in columns})

    return Sheet(
        place=Place(file, sheet),
        title=title,
        headings=list(headings),
        positions=list(columns),
        cells=table(rows, pa.string()),
        kinds=None if kinds is None else table(kinds, pa.uint8()),
        rows=np.arange(bottom + 1, bottom + 1 + len(rows), dtype=np.int64),
        bottom=bottom,
        notes=(),
        sha256="0" * 64,
    )
