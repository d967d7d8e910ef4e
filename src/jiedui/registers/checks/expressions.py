"""Expressions of rules, read, checked by name and written for the database; nothing else reaches it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.checks.columns import PRIVATE, known_columns
from jiedui.registers.checks.grammar import TODAY, Scope
from jiedui.registers.checks.rule import Aggregate, Expression
from jiedui.tables.formulas import check_values, missing_column, nodes_of, parse_formula, write_formula
from jiedui.tables.grammar import AGGREGATES, is_within_figure

if TYPE_CHECKING:
    from sqlglot import exp

COUNTS = frozenset({"Count", "CountIf"})


def read_expression(text: str, scope: Scope, *, masked: bool = False) -> Expression:
    """Check an expression and write it for the database; `masked`: private columns show four signs.

    Raises
    ------
    InputError
        If it cannot be parsed, or uses anything that is not allowed.

    Examples
    --------
    >>> scope = Scope("this", {"this": "households"}, {"most"})
    >>> read_expression("size > :most", scope).sql
    '"this"."size" > $most'
    """
    tree = parse_formula(text, scope.grammar)
    columns = nodes_of(tree, "Column")
    for column in columns:
        _resolve(column, scope)
    values = check_values(tree, (*scope.values, TODAY))
    if masked:
        tree = tree.transform(_mask)
    figures: list[Aggregate] = []
    tree = tree.transform(_aside, scope, figures)
    return Expression(
        sql=write_formula(tree),
        columns=tuple(sorted({one.name for one in columns if one.table == "this"})),
        other_columns=tuple(sorted({one.name for one in columns if one.table == "other"})),
        values=values,
        aggregates=tuple(dict.fromkeys(figures)),
    )


def _resolve(column: exp.Column, scope: Scope) -> None:
    """Say which row a column belongs to; refuse it when that has no such column."""
    from sqlglot import exp

    inside = bool(scope.grouped) and is_within_figure(column)
    side = column.table or ("other" if inside else scope.default)
    wanted = "other" if inside else None if not scope.grouped else "this"
    plain = not column.args.get("db") and type(column.this).__name__ == "Identifier"
    if side not in scope.tables or not plain or (wanted and side != wanted):
        found, allowed = column.sql(dialect="duckdb"), ", ".join(scope.tables)
        raise InputError([finding("checks.wrong_row", found=found, allowed=allowed)])
    table = scope.tables["this" if side == "this" else "other"]
    if column.name not in known_columns(table):
        raise InputError([missing_column(column.name, known_columns(table), table=table)])
    column.set("table", exp.to_identifier(side))


def _mask(node: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    if isinstance(node, exp.Column) and node.name in PRIVATE:
        return exp.Anonymous(this="masked", expressions=[node])
    return node


def _aside(node: exp.Expr, scope: Scope, figures: list[Aggregate]) -> exp.Expr:
    """Replace a figure over matching rows by a column, and put it aside to be computed once."""
    from sqlglot import exp

    kind = type(node).__name__
    if kind not in AGGREGATES:
        return node
    sql = write_formula(node) + (f" FILTER (WHERE {scope.filtered})" if scope.filtered else "")
    name = "a_" + hashlib.sha256(f"{scope.grouped}|{sql}".encode()).hexdigest()[:16]
    figures.append(Aggregate(name, sql))
    column = exp.column(name, quoted=True)
    return exp.Coalesce(this=column, expressions=[exp.Literal.number(0)]) if kind in COUNTS else column
