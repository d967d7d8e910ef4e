"""Statements for DuckDB: names are declared ones, values stand apart from the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jiedui.registers.forms.book import Value
from jiedui.registers.forms.form import TABLES, Condition, Field
from jiedui.tables import Table

PERIOD = {"month": 7, "year": 4}
"""The first signs of a date that name its month, its year."""
SIGNS = {"at_least": ">=", "at_most": "<="}


class Query:
    """One statement about the rows of a table, called ``this``."""

    def __init__(self, on: str) -> None:
        self.on = on
        self.columns: list[str] = []
        self.empty: list[str] = []
        self.joins: list[str] = []
        self.tests: list[str] = []
        self.joined: list[Value] = []
        self.tested: list[Value] = []

    def text(self) -> str:
        """Give the statement, without an order."""
        tests = f" WHERE {' AND '.join(self.tests)}" if self.tests else ""
        return f"SELECT {', '.join([*self.columns, *self.empty])} FROM {' '.join(self.joins)}{tests}"  # noqa: S608

    def parameters(self) -> list[Value]:
        """Give the values in the order of their places."""
        return [*self.joined, *self.tested]

    def select(self, table: Table, *, names: Sequence[str], fields: Sequence[Field]) -> None:
        """Ask for columns, then for fields, then for what the sums among them leave out."""
        self.columns = [f"this.{quoted(name)}" for name in names]
        self.joins = [f"{table.name} AS this"]
        for position, field in enumerate(fields):
            self.columns.append(self._column(table, field, f"f{position}"))
            self.empty.append(f"coalesce(f{position}.e, 0)" if field.kind == "sum" else "0")

    def filter(self, conditions: Iterable[Condition]) -> None:
        """Take only rows that pass every test."""
        for condition in conditions:
            self.tests.append(_test(condition, "this", self.on, self.tested))

    def only_with(self, table: Table, other: Table) -> None:
        """Take only rows that another table mentions."""
        joined = equal(table.key, left="this", right="other")
        self.tests.append(f"EXISTS (SELECT 1 FROM {other.name} AS other WHERE {joined})")  # noqa: S608

    def _column(self, table: Table, field: Field, alias: str) -> str:
        if field.kind in ("text", "blank"):
            return "NULL"
        if field.kind == "value" and field.table == table.name:
            return f"this.{quoted(field.column)}"
        key = TABLES[field.table].key if field.kind == "value" else table.key
        tests = [_test(one, "other", self.on, self.joined) for one in field.where]
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        names = ", ".join(f"other.{quoted(name)}" for name in key)
        self.joins.append(
            f"LEFT JOIN (SELECT {names}, {_aggregate(field)} AS v{_empty(field)} "  # noqa: S608
            f"FROM {field.table} AS other{where} "
            f"GROUP BY {names}) AS {alias} ON {equal(key, left='this', right=alias)}"
        )
        return f"coalesce({alias}.v, 0)" if field.kind == "count" else f"{alias}.v"


def _aggregate(field: Field) -> str:
    if field.kind == "count":
        return "count(*)"
    column = f"other.{quoted(field.column)}"
    if field.kind == "sum":
        return f"sum({column})"
    if field.kind == "list":
        return f"string_agg(CAST({column} AS VARCHAR), chr(10) ORDER BY other._source, other._row)"
    return f"arg_min({column}, [other._source, other._row])"


def _empty(field: Field) -> str:
    """Give the count of rows that a sum leaves out."""
    return f", count(*) FILTER (other.{quoted(field.column)} IS NULL) AS e" if field.kind == "sum" else ""


def _test(condition: Condition, alias: str, on: str, values: list[Value]) -> str:
    """Give the text of one test and put its values by."""
    column = f"{alias}.{quoted(condition.column)}"
    if condition.test == "filled":
        return f"{column} IS {'NOT ' if condition.values[0] else ''}NULL"
    if condition.test == "period":
        length = PERIOD[str(condition.values[0])]
        values.append(on[:length])
        return f"{column}[1:{length}] = ?"
    values.extend(condition.values)
    if condition.test in SIGNS:
        return f"{column} {SIGNS[condition.test]} ?"
    marks = ", ".join("?" * len(condition.values))
    found = f"{column} IN ({marks})"
    return f"({column} IS NULL OR NOT {found})" if condition.test == "not" else found


def equal(key: Iterable[str], *, left: str, right: str) -> str:
    """Give the test that two tables agree in some columns."""
    return " AND ".join(f"{left}.{quoted(name)} = {right}.{quoted(name)}" for name in key)


def quoted_all(columns: Iterable[str]) -> str:
    """Give the names of some columns of ``this``."""
    return ", ".join(f"this.{quoted(column)}" for column in columns)


def quoted(column: str) -> str:
    """Give the name of a column, which may be a word of the language."""
    return f'"{column}"'
