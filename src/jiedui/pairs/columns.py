"""The columns that the tables of a pairing must have, and their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    found: list[Finding] = []
    for name, table in tables.items():
        optional = [column for column in OPTIONAL_NUMBERS.get(name, ()) if column in table.column_names]
        found += column_faults(name, table, texts=TEXTS[name], numbers=(*NUMBERS.get(name, ()), *optional))
    return found


def column_faults(
    name: str,
    table: pa.Table,
    *,
    texts: Sequence[str] = (),
    numbers: Sequence[str] = (),
    gaps: Sequence[str] = (),
) -> Iterator[Finding]:
    """Find columns of one table that are missing, stand twice or are of a wrong type, and ids that are empty.

    Texts named by `gaps` may be empty.
    """
    for column in (*texts, *numbers):
        count = table.column_names.count(column)
        if not count:
            yield finding("pairs.no_column", table=name, column=column, found=", ".join(table.column_names))
        elif count > 1:
            yield finding("pairs.duplicate", table=name, id=column, count=count)
        else:
            faults = _wrong_type(table, name, column, is_text=column in texts)
            yield from (one for one in faults if one.rule != "pairs.empty_id" or column not in gaps)


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
