"""Whether the expressions of rules have types that go together, tried on empty tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.registers.checks.database import load_tables, open_database
from jiedui.registers.checks.queries import rows_of

if TYPE_CHECKING:
    from jiedui.errors import Finding
    from jiedui.registers.checks.rule import Rule
    from jiedui.schemes import Value

ANY_DAY = "2026-01-01"
# Expressions come from `read_expression`, names from declarations.
# ruff: noqa: S608


def unbound(rules: Sequence[Rule], values: Mapping[str, Value], file: str) -> list[Finding]:
    """Give a finding for each rule whose expressions cannot be computed, or are not true or false."""
    import duckdb

    wrong = []
    with open_database(on=ANY_DAY) as database:
        load_tables(database, {}, wanted={table for rule in rules for table in rule.tables})
        for rule in rules:
            try:
                found = str(database.execute(_tried(rule), given(rule, values, ANY_DAY)).fetchall()[0][0])
            except duckdb.Error as error:
                found = str(error).splitlines()[0]
            if found != "BOOLEAN":
                wrong.append(finding("checks.unbound", file=file, cell=rule.id, found=found))
    return wrong


def _tried(rule: Rule) -> str:
    """Give a query that tells the type of what the rule finds, and uses everything else that it computes."""
    shows = f"({rule.shows.sql})::VARCHAR"
    where = f'(SELECT bool_and({rule.where.sql}) FROM "{rule.other}" AS other)' if rule.where else "true"
    computed = f"SELECT ({rule.find.sql}) AS found, {shows} AS shows FROM {rows_of([rule])}"
    return (
        f"SELECT any_value(typeof(found)), max(shows), {where} FROM "
        f"(SELECT * FROM ({computed}) RIGHT JOIN (SELECT 1 AS one) ON true)"
    )


def given(rule: Rule, values: Mapping[str, Value], on: str) -> dict[str, float | str]:
    """Give the values that a rule uses, as they are in force on a date."""
    names = {name for one in rule.expressions for name in one.values}
    return {name: on if name == "today" else in_force(values[name], on) for name in sorted(names)}


def in_force(value: Value, on: str) -> float:
    """Give a value in force; a whole one without decimals."""
    found = value.on(on)
    return int(found) if float(found).is_integer() else found
