"""The columns that the tables of a pairing must have, and their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from jiedui.language import finding

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding

PAIR = ("recipient", "helper")
TEXTS = {
    "helpers": ("id",),
    "recipients": ("id",),
    "candidates": PAIR,
    "present": PAIR,
    "decided": (*PAIR, "kind"),
}
"""Every one is required and filled in."""
NUMBERS = {"helpers": ("capacity",), "candidates": ("score",)}
OPTIONAL_NUMBERS = {
    "helpers": ("duties", "shared"),
    "recipients": ("places", "need", "need_min", "priority"),
    "candidates": ("score_back",),
}


def check_columns(tables: Mapping[str, pa.Table]) -> list[Finding]:
    """List columns that are missing, stand twice or are of a wrong type, and ids that are empty."""
    return [one for name, table in tables.items() for one in _faults(name, table)]


def _faults(name: str, table: pa.Table) -> Iterator[Finding]:
    """Check one table."""
    texts, numbers = TEXTS[name], NUMBERS.get(name, ())
    count = table.column_names.count
    optional = [column for column in OPTIONAL_NUMBERS.get(name, ()) if count(column)]
    for column in (*texts, *numbers, *optional):
        if not count(column):
            yield finding("pairs.no_column", table=name, column=column, found=", ".join(table.column_names))
        elif count(column) > 1:
            yield finding("pairs.duplicate", table=name, id=column, count=count(column))
        else:
            yield from _wrong_type(table, name, column, is_text=column in texts)


def _wrong_type(table: pa.Table, name: str, column: str, *, is_text: bool) -> Iterator[Finding]:
    """Check the type of a column; a column without any value may have none."""
    import pyarrow as pa

    kind = table.schema.field(column).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if is_text:
        if not (pa.types.is_null(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            yield finding("pairs.not_text", table=name, column=column, found=kind)
        elif empty := table[column].null_count:
            yield finding("pairs.empty_id", table=name, column=column, count=empty)
    elif not (
        pa.types.is_null(kind) or _is_number(kind) or (pa.types.is_boolean(kind) and column == "shared")
    ):
        yield finding("pairs.not_number", table=name, column=column, found=kind)


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
