"""A sheet as its file holds it: every cell a text, nothing yet understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.tables.grid import Place

Range = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, counted from 0."""


@dataclass(frozen=True, slots=True)
class Raw:
    """The cells of a sheet, by column.

    Attributes
    ----------
    columns : sequence of pyarrow.ChunkedArray
        From the first column of the sheet, all of one length, from its first row: texts as `trimmed` gives.
    kinds : sequence of pyarrow.ChunkedArray or None
        How each cell was stored; None where a file stores text only.
    hidden_rows, hidden_columns : sequence of int
        Counted from 0, in order.
    """

    place: Place
    columns: Sequence[pa.ChunkedArray]
    kinds: Sequence[pa.ChunkedArray] | None
    merges: Sequence[Range] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    notes: tuple[Finding, ...] = ()


def trimmed(texts: pa.Array) -> pa.Array:
    """Give texts without the spaces around them, null where nothing is left."""
    import pyarrow as pa
    from pyarrow import compute

    bare = compute.utf8_trim_whitespace(texts)
    # A scalar without its type would make Arrow load pandas, where there is one, for a second.
    blank, nothing = pa.scalar("", pa.string()), pa.scalar(None, pa.string())
    return compute.if_else(compute.equal(bare, blank), nothing, bare)
