"""The rows of a form, computed over the clean tables by DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import Lang
from jiedui.registers.forms.book import Value
from jiedui.registers.forms.form import QUESTIONS, TABLES, TOWNSHIPS, Condition, Field, Form, Part
from jiedui.registers.forms.masking import ID_COLUMNS, hidden
from jiedui.registers.forms.queries import Query, equal, quoted_all
from jiedui.registers.forms.questions import questions_of
from jiedui.registers.register import Register
from jiedui.tables.cells import MINOR

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

PLACES = 6
"""Decimal places of numbers."""
FIRST = "min(this._source * 4294967296 + this._row) OVER (PARTITION BY {})"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a form.

    Attributes
    ----------
    key : tuple
        What joins it with the rows of other tables.
    group : str
    sheet : tuple of str
        The values that start a group, a sheet.
    empty : tuple of int
        For each field: rows that its sum leaves out because nothing is filled in there.
    """

    key: tuple[Value, ...]
    group: str
    sheet: tuple[str, ...]
    values: tuple[Value, ...]
    empty: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Tables ready to be asked.

    Attributes
    ----------
    on : str
        The day of the form, ``YYYY-MM-DD``; empty where no filter asks for its month or year.
    """

    connection: duckdb.DuckDBPyConnection
    on: str

    def lines(self, form: Form, *, fields: Sequence[Field], only: Mapping[str, str]) -> list[Line]:
        """Give the rows in the order of their file, groups and sheets by first appearance."""
        key = form.table.key
        named = [*key, form.group or key[0], *(form.sheet_by or key[:1])]
        conditions = [*form.where, *(Condition(name, "in", (value,)) for name, value in only.items())]
        ordered = [FIRST.format(quoted_all(names)) for names in (form.sheet_by, [form.group]) if any(names)]
        query = Query(self.on)
        query.select(form.table, names=named, fields=fields)
        query.filter(conditions)
        if form.only_with:
            query.only_with(form.table, TABLES[form.only_with])
        rows = self._ask(query, [*ordered, "this._source", "this._row"])
        return [_line(row, form, fields) for row in rows]

    def listed(self, part: Part, *, key: Sequence[str]) -> dict[tuple[Value, ...], list[tuple[Value, ...]]]:
        """Give the rows of another table, by the key of the rows that they belong to."""
        query = Query(self.on)
        query.select(TABLES[part.table], names=key, fields=part.fields)
        query.filter(part.where)
        found: dict[tuple[Value, ...], list[tuple[Value, ...]]] = {}
        for row in self._ask(query, ["this._source", "this._row"]):
            values = _shown(part.fields, row[len(key) : len(key) + len(part.fields)])
            found.setdefault(tuple(row[: len(key)]), []).append(values)
        return found

    def close(self) -> None:
        """Let go of the tables."""
        self.connection.close()

    def strays(self, form: Form, table: str) -> int:
        """Count the rows of another table that belong to no row of the form."""
        joined = equal(form.table.key, left="this", right="other")
        found = self.connection.execute(
            f"SELECT count(*) FROM {table} AS other "  # noqa: S608 - names are declared ones
            f"WHERE NOT EXISTS (SELECT 1 FROM {form.rows} AS this WHERE {joined})"
        ).fetchone()
        return int(found[0]) if found else 0

    def _ask(self, query: Query, order: Iterable[str]) -> list[tuple[Value, ...]]:
        sql = f"{query.text()} ORDER BY {', '.join(order)}"
        rows: list[tuple[Value, ...]] = self.connection.execute(sql, query.parameters()).fetchall()
        return rows


def open_rows(register: Register, *, findings: pa.Table | None, lang: Lang, on: str) -> Rows:
    """Give the tables of a register for asking; nothing else can be reached from the query."""
    import duckdb

    connection = duckdb.connect(config={"enable_external_access": "false", "threads": "2"})
    for name, table in register.tables.items():
        connection.register(name, table)
    connection.register(QUESTIONS.name, questions_of(findings, lang=lang))
    # Townships stand in the order of the villages' files; those that only households name come after.
    connection.execute(
        f"CREATE VIEW {TOWNSHIPS.name} AS "  # noqa: S608
        "SELECT township, min_by(county, place) AS county, min(place)[1] AS _source, min(place)[2] AS _row "
        "FROM ("
        " SELECT county, township, [_source, _row] AS place FROM villages UNION ALL"
        " SELECT county, township, [_source + 1000000, _row] AS place FROM households"
        ") WHERE township IS NOT NULL GROUP BY township"
    )
    return Rows(connection, on)


def _line(row: Sequence[Value], form: Form, fields: Sequence[Field]) -> Line:
    count = len(form.table.key)
    first = count + 1 + max(len(form.sheet_by), 1)
    words = [str(value or "") for value in row[count:first]]
    group = words[0] if form.group else ""
    sheet = tuple(words[1:]) if form.sheet_by else ()
    last = first + len(fields)
    empty = tuple(int(number or 0) for number in row[last:])
    return Line(tuple(row[:count]), group, sheet, _shown(fields, row[first:last]), empty)


def _shown(fields: Sequence[Field], row: Sequence[Value]) -> tuple[Value, ...]:
    """Give values as people write them: yuan, ID numbers hidden but for four signs."""
    return tuple(_one(field, value) for field, value in zip(fields, row, strict=True))


def _one(field: Field, value: Value) -> Value:
    declared = field.declared
    if value is None or declared is None:
        return value
    if declared.type == "money" and not isinstance(value, str):
        return value / MINOR
    if isinstance(value, float):
        # The last digits of a sum depend on the order in which threads add.
        return round(value, PLACES)
    if declared.name in ID_COLUMNS:
        return "\n".join(map(hidden, str(value).split("\n")))
    return value
