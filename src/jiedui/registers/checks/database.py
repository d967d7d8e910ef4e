"""The tables of a register in a closed database: no files, no network, read only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from jiedui.registers.checks.columns import ID_COLUMNS, TABLES, view
from jiedui.registers.checks.id_numbers import id_faults
from jiedui.registers.register import schema_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

THREADS = 2
MACROS = """
    CREATE MACRO day_from(d) AS CASE length(d) WHEN 4 THEN d || '-01-01' WHEN 7 THEN d || '-01' ELSE d END;
    CREATE MACRO day_to(d) AS CASE length(d) WHEN 4 THEN d || '-12-31' WHEN 7 THEN d || '-31' ELSE d END;
    -- Surely earlier: by the first sign that differs; 2016 is not before 2016-05.
    CREATE MACRO before(a, b) AS a < b AND NOT starts_with(b, a);
    CREATE MACRO full_years(d) AS
        {year} - substr(d, 1, 4)::INTEGER - (CASE WHEN '{day}' < substr(d, 6) THEN 1 ELSE 0 END);
    CREATE MACRO oldest_age(d) AS full_years(day_from(d));
    CREATE MACRO youngest_age(d) AS full_years(day_to(d));
    CREATE MACRO full_months(d) AS
        ({year} - substr(d, 1, 4)::INTEGER) * 12 + {month} - substr(d, 6, 2)::INTEGER
        - (CASE WHEN '{monthday}' < substr(d, 9) THEN 1 ELSE 0 END);
    CREATE MACRO months_since(d) AS full_months(day_to(d));
    CREATE MACRO yuan(x) AS regexp_replace(printf('%.2f', x::DOUBLE), '\\.?0+$', '');
    CREATE MACRO masked(x) AS repeat('*', greatest(length(x::VARCHAR) - 4, 0))
        || CASE WHEN length(x::VARCHAR) > 4 THEN right(x::VARCHAR, 4) ELSE '' END;
"""
"""Functions of expressions. An age is told twice, as dates carry their precision: at least and at most."""


def open_database(*, on: str, threads: int = THREADS) -> duckdb.DuckDBPyConnection:
    """Give a closed database that counts ages and months up to a date; it holds no table yet."""
    import duckdb

    # Without a temporary directory nothing about persons is ever written to the disk.
    limits: dict[str, Any] = {"enable_external_access": "false", "threads": threads, "temp_directory": ""}
    database = duckdb.connect(config=limits)
    dated = {"year": int(on[:4]), "month": int(on[5:7]), "day": on[5:], "monthday": on[8:]}
    database.execute(MACROS.format(**dated))
    database.execute("SET preserve_insertion_order = false; SET lock_configuration = true")
    return database


def load_tables(
    database: duckdb.DuckDBPyConnection,
    tables: Mapping[str, pa.Table],
    *,
    wanted: Collection[str],
    judged: Collection[str] = (),
    regions: tuple[int, ...] = (),
) -> None:
    """Make a view of every table wanted, in place of any before; `judged`: whose ID numbers are judged."""
    for name in sorted(wanted):
        given = tables.get(name)
        rows = schema_of(TABLES[name]).empty_table() if given is None else given
        database.register(f"raw_{name}", _prepared(rows, judged=name in judged, regions=regions))
        database.execute(view(TABLES[name]))


def _prepared(rows: pa.Table, *, judged: bool, regions: tuple[int, ...]) -> pa.Table:
    """Add the number of each row, and what is wrong with its ID number."""
    import numpy as np
    import pyarrow as pa

    made = rows.append_column("_id", pa.array(np.arange(len(rows), dtype=np.int64)))
    for column, start in ID_COLUMNS.items():
        if column in rows.column_names:
            empty = pa.nulls(len(rows), pa.string())
            faults = id_faults(rows[column], regions=regions) if judged else empty
            made = made.append_column(f"{start}_fault", faults)
    return made
