"""The columns, filters and parts of a form's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiedui.language import LANGUAGES, Words
from jiedui.registers.forms.form import KINDS, Condition, Field, Kind, Part
from jiedui.registers.forms.keys import Keys, is_plain, words_of
from jiedui.tables import Column, Table
from jiedui.tables.allowed import listed
from jiedui.tables.cells import MINOR

FIELD: Mapping[str, type] = {
    "value": str, "count": str, "sum": str, "list": str, "text": dict, "blank": bool,
    "heading": dict, "where": dict, "width": float, "total": bool,
}  # fmt: skip
PART: Mapping[str, type] = {
    "heading": dict, "columns": list, "table": str, "where": dict, "ticks": list, "across": float,
    "lines": float,
}  # fmt: skip
TESTS = ("not", "at_least", "at_most", "filled", "period")
WIDEST = 120
MOST_LINES = 60


def read_fields(keys: Keys, rows: Table) -> tuple[Field, ...]:
    """Give the columns; those with mistakes are left out and said."""
    count = len(keys.tree.get("columns", []))
    found = (_field(keys.below("columns", position), rows) for position in range(count))
    return tuple(field for field in found if field)


def read_parts(keys: Keys, rows: Table) -> tuple[Part, ...]:
    """Give the parts of a page."""
    count = len(keys.tree.get("parts", []))
    return tuple(_part(keys.below("parts", position), rows) for position in range(count))


def read_where(keys: Keys, table: Table) -> tuple[Condition, ...]:
    """Give the tests of a filter."""
    found: list[Condition] = []
    for name, asked in keys.tree.get("where", {}).items():
        if keys.column(f"where.{name}", table, name):
            tests = asked if isinstance(asked, dict) else {"in": asked}
            found.extend(
                Condition(name, test, values)
                for test, value in tests.items()
                if (values := _values(keys, table.column(name), test, value)) is not None
            )
    return tuple(found)


def _part(keys: Keys, rows: Table) -> Part:
    keys.check(PART, needed=("heading",))
    tree = keys.tree
    table = keys.table("table", tree["table"]) if "table" in tree else None
    if table and not keys.joins(rows, table, rows.key):
        keys.wrong("table", "forms.no_join", table=table.name, rows=rows.name)
    if "where" in tree:
        keys.demand("table")
    ticks = tuple(
        name for name in tree.get("ticks", []) if isinstance(name, str) and keys.column("ticks", rows, name)
    )
    return Part(
        heading=words_of(keys, "heading") or {},
        fields=read_fields(keys, table or rows),
        table=table.name if table else "",
        where=read_where(keys, table or rows),
        ticks=ticks,
        across=min(max(int(tree.get("across", 3)), 1), 6),
        lines=min(max(int(tree.get("lines", 0)), 0), MOST_LINES),
    )


def _field(keys: Keys, rows: Table) -> Field | None:
    keys.check(FIELD)
    tree = keys.tree
    kinds = [kind for kind in KINDS if kind in tree]
    if len(kinds) != 1:
        keys.wrong("", "forms.one_kind", found=listed(kinds), allowed=listed(KINDS))
        return None
    kind = kinds[0]
    table, column = _target(keys, kind, rows)
    heading = words_of(keys, "heading") or (column and _declared(column))
    if not heading and kind in ("count", "text", "blank"):
        keys.demand("heading")
    where = read_where(keys, table) if table else ()
    return Field(
        heading=heading or {},
        kind=kind,
        table=table.name if table else "",
        column=column.name if column else "",
        where=where,
        words=words_of(keys, "text"),
        width=min(max(float(tree.get("width", 10)), 3), WIDEST),
        total=bool(tree.get("total", kind in ("count", "sum"))),
    )


def _declared(column: Column) -> Words:
    return {lang: column.heading(lang) for lang in LANGUAGES}


def _target(keys: Keys, kind: Kind, rows: Table) -> tuple[Table | None, Column | None]:
    """Give the table and column that a field is about; none for what is written by hand."""
    if kind in ("text", "blank"):
        return None, None
    first, _, second = keys.tree[kind].partition(".")
    if kind == "value" and not second:
        return rows, rows.column(first) if keys.column(kind, rows, first) else None
    table = keys.table(kind, first)
    if table is None:
        return None, None
    if not keys.joins(rows, table, table.key if kind == "value" else rows.key):
        keys.wrong(kind, "forms.no_join", table=table.name, rows=rows.name)
    if kind == "count":
        _count(keys, table, second)
        return table, None
    if not keys.column(kind, table, second):
        return table, None
    column = table.column(second)
    if kind == "sum" and not column.is_numeric:
        keys.wrong(kind, "forms.not_number", column=second)
    return table, column


def _count(keys: Keys, table: Table, column: str) -> None:
    """Refuse a column of what counts rows."""
    if column:
        keys.wrong("count", "forms.count_column", found=column, table=table.name)


def _values(keys: Keys, column: Column, test: str, value: Any) -> tuple[str | float | bool, ...] | None:  # noqa: ANN401 - as the file gives it
    """Give what a test compares with, in the unit in which the table holds it."""
    place = f"where.{column.name}"
    given = value if isinstance(value, list) else [value]
    if test not in ("in", *TESTS):
        keys.wrong(place, "forms.test", found=test, allowed=listed(TESTS))
    elif test == "period":
        if value in ("month", "year") and column.type == "date":
            return (value,)
        keys.wrong(place, "forms.choice", found=value, allowed="month、year")
    elif test == "filled":
        if isinstance(value, bool):
            return (value,)
        keys.wrong(place, "forms.choice", found=value, allowed="true、false")
    elif given and all(_fits(one, column) for one in given) and (test in ("in", "not") or len(given) == 1):
        scale = MINOR if column.type == "money" else 1
        return tuple(one * scale if scale > 1 else one for one in given)
    else:
        keys.wrong(place, "forms.value", found=value, column=column.name, kind=column.type)
    return None


def _fits(value: object, column: Column) -> bool:
    """Tell whether a value can stand in a column, and is among its choices."""
    if column.choices and value not in column.choices:
        return False
    if column.is_numeric:
        return is_plain(value)
    return isinstance(value, bool if column.type == "boolean" else str)
