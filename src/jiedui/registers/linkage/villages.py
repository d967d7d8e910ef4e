"""The same village in every table: by its code, or by county, township and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.registers.linkage.linked import BY_CODE, BY_NAME, DECIDE, LINKED, Link, Linked
from jiedui.registers.linkage.records import VILLAGE_NAME
from jiedui.registers.linkage.settlement import settle
from jiedui.registers.tables import REGISTERS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from jiedui.registers.register import Register

FIELDS = ("county", "township", "village", "place_code")


def link_villages(register: Register, *, decisions: pa.Table | None = None) -> Linked:
    """Tell which villages of the tables are the same.

    Linked are an equal code with an equal name, and an equal township and name where codes and counties do
    not differ; endings such as 村委会 do not count. An equal code with another name, and an equal name with
    another code, are asked. A name alone, without township, is never enough.

    Parameters
    ----------
    decisions
        As `jiedui.registers.tables.LINK_DECISIONS`; a record is ``villages|county|township|village|code``.

    Examples
    --------
    >>> from jiedui.registers import empty_register
    >>> link_villages(empty_register()).figures["records"]
    0
    """
    import duckdb

    with duckdb.connect() as base:
        base.execute("SET threads=1")
        parts = [_select(base, register, order) for order in range(len(REGISTERS))]
        base.execute(
            f"CREATE TABLE named AS WITH told AS ({' UNION ALL '.join(filter(None, parts))}) {NAMED}"
        )
        records = base.sql(
            "SELECT record, register, _source, _row, village AS name FROM named ORDER BY position"
        ).to_arrow_table()
        links = [Link(*link) for link in base.sql(PAIRS).fetchall()]
    return settle(register, records, links, decisions=decisions)


def _select(base: duckdb.DuckDBPyConnection, register: Register, order: int) -> str:
    """Write the query that gives the villages of a table's rows; empty where a table has none."""
    table = REGISTERS[order]
    has = {column.name for column in table.columns}
    if "village" not in has:
        return ""
    base.register(f"told_{table.name}", register.tables[table.name])
    told = ", ".join(field if field in has else f"NULL::VARCHAR AS {field}" for field in FIELDS)
    return (
        f"SELECT {order} AS place, '{table.name}' AS register, _source, _row, {told} "
        f"FROM told_{table.name} WHERE village IS NOT NULL"
    )


def _told(field: str) -> str:
    """Write a part of a record's id."""
    return f"replace(coalesce({field}, ''), '|', '¦')"


NAMED = f"""
, first AS (
    SELECT {", ".join(FIELDS)}, {VILLAGE_NAME} AS name,
        concat_ws('|', 'villages', {", ".join(_told(field) for field in FIELDS)}) AS record,
        arg_min(register, (place, _source, _row)) AS register,
        arg_min(_source, (place, _source, _row)) AS _source,
        arg_min(_row, (place, _source, _row)) AS _row
    FROM told GROUP BY {", ".join(FIELDS)}
)
SELECT row_number() OVER (ORDER BY record) - 1 AS position, * FROM first ORDER BY record
"""
PAIRS = f"""
WITH pairs AS (
    SELECT l.position AS l, r.position AS r, coalesce(l.place_code = r.place_code, false) AS is_code,
        l.name = r.name AS is_name, coalesce(l.place_code <> r.place_code, false) AS is_other_code
    FROM named l JOIN named r ON l.position < r.position AND (l.place_code = r.place_code
        OR l.name = r.name AND l.township = r.township AND coalesce(l.county = r.county, true))
)
SELECT l, r, CASE WHEN is_name AND NOT is_other_code THEN 1.0 ELSE 0.5 END::DOUBLE,
    CASE WHEN is_code THEN '{BY_CODE}' ELSE '{BY_NAME}' END,
    CASE WHEN is_name AND NOT is_other_code THEN '{LINKED}' ELSE '{DECIDE}' END AS status,
    CASE WHEN is_code THEN 'village_names' ELSE 'village_codes' END
FROM pairs ORDER BY status DESC, is_code DESC, l, r
"""
