"""Bodies of records as Arrow tables, typed as the core declares their register."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from jiedui.registers.tables import REGISTERS
from jiedui.tables import Column, shared

if TYPE_CHECKING:
    import pyarrow as pa

DECLARED = {
    table.name: table
    for table in (*REGISTERS, shared.HELPERS, shared.RECIPIENTS, shared.UNITS, shared.PAIRINGS)
}
KEPT = frozenset({"id_number", "head_id_number", "phone", "disability_number"})
"""Columns that leave the site in no export."""


@cache
def exported_columns(register: str) -> tuple[Column, ...]:
    """Give the columns of a register that may leave the site; none for a register nobody declares."""
    table = DECLARED.get(register)
    return tuple(column for column in table.columns if column.name not in KEPT) if table else ()


def heads(register: str, lang: str) -> list[str]:
    """Name the columns in a language, as the import understands them again."""
    return [column.words.get(lang) or column.name for column in exported_columns(register)]


def arrow_rows(register: str, bodies: Sequence[str]) -> pa.Table:
    """Read bodies, each a JSON object, into a table; columns that may not leave are not read at all.

    Examples
    --------
    >>> arrow_rows("villages", ['{"village": "麻子村", "households": 312}'])["households"].to_pylist()
    [312]
    """
    import pyarrow as pa
    from pyarrow import json

    names = [column.name for column in exported_columns(register)]
    declared = DECLARED[register].schema()
    schema = pa.schema([declared.field(name) for name in names])
    if not bodies:
        return schema.empty_table()
    options = json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    source = pa.BufferReader("\n".join(bodies).encode())
    return json.read_json(source, parse_options=options).select(names).cast(schema)
