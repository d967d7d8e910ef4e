"""Columns of the tables that are given: there, filled, numbers where numbers are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

LISTED = 10
"""So many names or rows are written out; of the rest only how many."""


def as_table(given: Any) -> pa.Table:  # noqa: ANN401 - whatever speaks Arrow
    """Give an Arrow table for one, for an Ibis expression, or for a data frame that speaks Arrow."""
    import pyarrow as pa

    if isinstance(given, pa.Table):
        return given
    return given.to_pyarrow() if hasattr(given, "to_pyarrow") else pa.table(given)


def texts(table: pa.Table, name: str) -> list[str]:
    """Give a column as texts; every cell must be filled."""
    import pyarrow as pa

    found: list[str] = _column(table, name).cast(pa.string()).to_pylist()
    empty = [row for row, value in enumerate(found, start=1) if not value]
    if empty:
        refuse("areas.blank", column=name, rows=listed(map(str, empty)))
    return found


def codes(table: pa.Table, name: str) -> tuple[np.ndarray, list[str]]:
    """Give a column as numbers of its different texts, and these in order; every cell must be filled."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    column = _column(table, name).cast(pa.string())
    empty = pc.fill_null(pc.equal(column, ""), fill_value=True).to_numpy()
    if empty.any():
        refuse("areas.blank", column=name, rows=listed(str(row + 1) for row in np.flatnonzero(empty)))
    encoded = column.combine_chunks().dictionary_encode()
    names: list[str] = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return rank[encoded.indices.to_numpy()], [names[number] for number in order]


def numbers(table: pa.Table, name: str, *, may_lack: bool = False) -> np.ndarray:
    """Give a column as numbers; what is null becomes nan where it may lack."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.types as kinds

    column = _column(table, name)
    numeric = (kinds.is_integer, kinds.is_floating, kinds.is_decimal, kinds.is_boolean, kinds.is_null)
    if not any(is_kind(column.type) for is_kind in numeric):
        refuse("areas.not_numbers", column=name, kind=str(column.type))
    column = column.cast(pa.int8()) if kinds.is_boolean(column.type) else column
    null = column.is_null().to_numpy()
    found = np.array(column.cast(pa.float64(), safe=False).to_numpy(), dtype=float)
    wrong = ~np.isfinite(found) & ~(null & may_lack)
    if wrong.any():
        refuse("areas.not_finite", column=name, rows=listed(str(row + 1) for row in np.flatnonzero(wrong)))
    return found


def refuse(rule: str, **values: str | float) -> NoReturn:
    """Raise the finding of a rule."""
    raise InputError([finding(rule, file="", sheet="", cell="", **values)])


def refuse_unknown(setting: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a setting that is none of the allowed ones."""
    if value not in allowed:
        refuse(
            "areas.choice_unknown",
            setting=setting,
            value=value,
            allowed=listed(f'"{one}"' for one in allowed),
        )


def listed(names: Iterable[str]) -> str:
    """Write names out, the first ten; of the rest how many.

    Examples
    --------
    >>> listed(["a", "b"]), listed(map(str, range(12)))
    ('a, b', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 (+2)')
    """
    found = list(names)
    more = f" (+{len(found) - LISTED})" if len(found) > LISTED else ""
    return ", ".join(found[:LISTED]) + more


def refuse_repeats(areas: Sequence[str], what: str) -> None:
    """Refuse a table in which an area stands in two rows."""
    twice = sorted({area for area in areas if areas.count(area) > 1}) if len(set(areas)) < len(areas) else []
    if twice:
        refuse("areas.area_twice", table=what, areas=listed(twice))


def hash_table(table: pa.Table, columns: Sequence[str]) -> str:
    """Give the SHA-256 of some columns of a table, whatever the chunks it is held in."""
    import pyarrow as pa

    chosen = table.select(list(columns)).replace_schema_metadata(None).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, chosen.schema) as stream:
        stream.write_table(chosen)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    import pyarrow as pa

    if name not in table.column_names:
        refuse("areas.column_missing", column=name, found=", ".join(table.column_names))
    column = table.column(name)
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
