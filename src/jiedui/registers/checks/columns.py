"""What an expression may read of a row: the declared columns, and some made ready from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jiedui.registers.tables import REGISTERS
from jiedui.tables import Column, Table

TABLES = {table.name: table for table in REGISTERS}
PRIVATE = frozenset({"id_number", "head_id_number", "disability_number", "phone"})
"""Columns of which a finding shows the last four signs only."""
ID_COLUMNS = {"id_number": "id", "head_id_number": "head_id"}
"""ID numbers, and how the names of what is made ready from them begin."""
RESERVED = ("_id", "_source", "_row")


@dataclass(frozen=True, slots=True)
class Ready:
    """A column made ready: its SQL over the declared ones, and from which of them it comes."""

    name: str
    sql: str
    of: tuple[str, ...]


@cache
def ready_columns(table: str) -> dict[str, Ready]:
    """Give the columns made ready for a table.

    ``id_fault`` (see `id_faults`), ``id_born_on`` and ``id_sex`` of a faultless number, the same of the head
    with ``head_id_…``; ``risks``, all risks of a household as one text; ``measures``, how many are recorded.

    Examples
    --------
    >>> sorted(ready_columns("persons"))
    ['id_born_on', 'id_fault', 'id_sex']
    """
    names = [column.name for column in TABLES[table].columns]
    made = [ready for name in names if name in ID_COLUMNS for ready in _of_id(name)]
    if risks := tuple(name for name in names if name.startswith("risk_")):
        made.append(Ready("risks", f"concat_ws('、', {_listed(risks)})", risks))
    if measures := tuple(name for name in names if name.startswith("measure_")):
        counted = " + ".join(f'coalesce("{name}", false)::INTEGER' for name in measures)
        made.append(Ready("measures", counted, measures))
    return {ready.name: ready for ready in made}


def known_columns(table: str) -> tuple[str, ...]:
    """Name every column that an expression may read."""
    return (*(column.name for column in TABLES[table].columns), *ready_columns(table))


def sources_of(table: str, column: str) -> tuple[str, ...]:
    """Name the declared columns that a column comes from; one of them suffices."""
    ready = ready_columns(table).get(column)
    return ready.of if ready else (column,)


def view(table: Table) -> str:
    """Give the SQL of the view that rules read: money in yuan, ID numbers in capitals, what is ready.

    ``_key`` names a row as its file writes it, as corrections do.
    """
    own = [f'{_value(column)} AS "{column.name}"' for column in table.columns]
    made = [f'{ready.sql} AS "{ready.name}"' for ready in ready_columns(table.name).values()]
    parts = ", ".join(f"coalesce(\"{name}\"::VARCHAR, '')" for name in table.key)
    listed = ", ".join([*RESERVED, f"concat_ws('|', {parts}) AS _key", *own, *made])
    return f'CREATE OR REPLACE VIEW "{table.name}" AS SELECT {listed} FROM "raw_{table.name}"'  # noqa: S608


def shown(table: str, column: str) -> str:
    """Give the expression that repeats a column in a finding."""
    declared = {one.name: one for one in TABLES[table].columns}.get(column)
    if declared and declared.type in {"money", "number"}:
        return f'yuan("{column}")'
    if declared and declared.type == "boolean":
        return f"CASE WHEN \"{column}\" THEN '是' WHEN NOT \"{column}\" THEN '否' END"
    return f'"{column}"'


def _value(column: Column) -> str:
    if column.type == "money":
        return f'"{column.name}" / 100.0'
    return f'upper("{column.name}")' if column.name in ID_COLUMNS else f'"{column.name}"'


def _of_id(name: str) -> list[Ready]:
    start = ID_COLUMNS[name]
    fault = f'"{start}_fault"'
    born = " || '-' || ".join(
        f'substr("{name}", {first}, {count})' for first, count in ((7, 4), (11, 2), (13, 2))
    )
    sex = f"CASE WHEN ascii(substr(\"{name}\", 17, 1)) % 2 = 1 THEN '男' ELSE '女' END"
    return [
        Ready(f"{start}_fault", fault, (name,)),
        *(
            Ready(f"{start}_{what}", f"CASE WHEN {fault} IS NULL THEN {sql} END", (name,))
            for what, sql in (("born_on", born), ("sex", sex))
        ),
    ]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
