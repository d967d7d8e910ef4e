"""Records of persons from every table of a register that names some, with the forms that are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.registers.linkage.names import name_table
from jiedui.registers.linkage.numbers import number_table
from jiedui.registers.tables import REGISTERS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from jiedui.registers.register import Register

PERSON_TABLES = (
    "persons", "households", "vehicles", "properties", "payroll", "deaths", "enrolment", "businesses",
)  # fmt: skip
"""Tables whose rows name a person, the register's own first."""
HEAD_COLUMNS = {"name": "head", "id_number": "head_id_number"}
"""A household names its head in columns of their own."""
FIELDS = ("name", "id_number", "household", "township", "village", "sex", "born_on", "phone")
VILLAGE_OFFICES = "(村民委员会|居民委员会|村委会|居委会)$"
VILLAGE_ENDINGS = "(行政村|社区|村)$"
VILLAGE_NAME = (
    "regexp_replace(regexp_replace(regexp_replace(village, '\\s', '', 'g'), "
    f"'{VILLAGE_OFFICES}', ''), '{VILLAGE_ENDINGS}', '')"
)
"""The name of a village without spaces and ending, as SQL."""


def person_records(base: duckdb.DuckDBPyConnection, register: Register) -> None:
    """Make the table ``records`` in a base: one row a record, in the order of tables and ids.

    A record is what a row's key and name tell apart: ``table|key…|name``. Rows with the same id are one
    record. Where a row has neither ID number nor another part of its key, its id ends in a number of order
    among those of the same name, since nothing tells them apart.
    """
    parts = []
    for order, name in enumerate(PERSON_TABLES):
        base.register(f"told_{name}", register.tables[name])
        parts.append(_select(order, name))
    base.execute(f"CREATE TABLE told AS {' UNION ALL '.join(parts)}")
    base.register("names", name_table(_distinct(base, "name")))
    base.register("numbers", number_table(_distinct(base, "id_number")))
    base.execute(RECORDS)


def key_columns(table: str) -> tuple[str, ...]:
    """Give the columns of a record's id: the key of its table and the name.

    Examples
    --------
    >>> key_columns("persons"), key_columns("deaths")
    (('household', 'name', 'id_number'), ('id_number', 'name'))
    """
    key = next(declared.key for declared in REGISTERS if declared.name == table)
    name = _column(table, "name")
    return key if name in key else (*key, name)


def _column(table: str, field: str) -> str:
    return HEAD_COLUMNS.get(field, field) if table == "households" else field


def _select(order: int, table: str) -> str:
    """Write the query that gives the rows of a table in the fields of a record."""
    declared = next(one for one in REGISTERS if one.name == table)
    has = {column.name for column in declared.columns}
    fields = [
        f"{_quoted(_column(table, field))} AS {field}"
        if _column(table, field) in has
        else f"NULL::VARCHAR AS {field}"
        for field in FIELDS
    ]
    key = key_columns(table)
    told = [f"replace(coalesce({_quoted(column)}, ''), '|', '¦')" for column in key]
    anchors = [
        _quoted(column) for column in (*key, _column(table, "id_number")) if column != _column(table, "name")
    ]
    return f"""
    SELECT {order} AS place, '{table}' AS register, concat_ws('|', '{table}', {", ".join(told)}) AS id,
        coalesce({", ".join(dict.fromkeys(anchors))}) IS NOT NULL AS is_anchored,
        _source, _row, {", ".join(fields)}
    FROM told_{table}"""


def _quoted(column: str) -> str:
    return f'"{column}"'


def _distinct(base: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    told: pa.Table = base.sql(
        f"SELECT DISTINCT {column} AS value FROM told WHERE {column} IS NOT NULL"
    ).to_arrow_table()
    values: list[str] = told["value"].to_pylist()
    return values


FIRST_TOLD = ", ".join(
    f"arg_min({field}, (_source, _row)) FILTER ({field} IS NOT NULL) AS {field}" for field in FIELDS
)
RECORDS = f"""
CREATE TABLE records AS
WITH numbered AS (
    SELECT * EXCLUDE (id), CASE WHEN is_anchored THEN id ELSE id || '|' || row_number() OVER (
        PARTITION BY id, is_anchored ORDER BY {", ".join(FIELDS)}, _source, _row) END AS record
    FROM told
), merged AS (
    SELECT record, min(place) AS place, min(register) AS register, min(_source) AS _source,
        arg_min(_row, (_source, _row)) AS _row,
        {FIRST_TOLD}
    FROM numbered GROUP BY record
), compared AS (
    SELECT merged.* EXCLUDE (sex, phone, village, township, household, born_on),
        names.* EXCLUDE (written), names.sounds[1] AS sound,
        numbers.* EXCLUDE (written, told_born, told_sex),
        coalesce(sex, told_sex) AS sex,
        coalesce(born_on, told_born) AS born,
        nullif(regexp_replace(phone, '[^0-9]', '', 'g'), '') AS phone,
        nullif(trim(household), '') AS household,
        {VILLAGE_NAME} AS village
    FROM merged LEFT JOIN names ON merged.name = names.written
        LEFT JOIN numbers ON merged.id_number = numbers.written
)
SELECT row_number() OVER (ORDER BY place, record) - 1 AS position, * FROM compared ORDER BY place, record
"""
