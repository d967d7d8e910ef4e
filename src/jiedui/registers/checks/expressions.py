"""Expressions of rules, read, checked by name and written for the database; nothing else reaches it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from jiedui.registers.checks.columns import PRIVATE, known_columns, near_columns
from jiedui.registers.checks.grammar import (
    AGGREGATES,
    LONGEST,
    SHOWN,
    TODAY,
    Scope,
    Wrong,
    instead_of,
    is_within_figure,
)
from jiedui.registers.checks.rule import Aggregate, Expression

if TYPE_CHECKING:
    from sqlglot import exp

COUNTS = frozenset({"Count", "CountIf"})


def read_expression(text: str, scope: Scope, *, masked: bool = False) -> Expression:
    """Check an expression and write it for the database; `masked`: private columns show four signs.

    Raises
    ------
    Wrong
        If it cannot be parsed, or uses anything that is not allowed.

    Examples
    --------
    >>> scope = Scope("this", {"this": "households"}, {"most"})
    >>> read_expression("size > :most", scope).sql
    '"this"."size" > $most'
    """
    try:
        return _expression(_tree(text), scope, masked=masked)
    except RecursionError:
        raise Wrong("checks.expression_long", longest=LONGEST) from None


def _expression(tree: exp.Expr, scope: Scope, *, masked: bool) -> Expression:
    for node in list(tree.walk()):
        if allowed := instead_of(node, scope):
            raise Wrong("checks.not_allowed", found=node.sql(dialect="duckdb")[:SHOWN], allowed=allowed)
    for column in _all(tree, "Column"):
        _resolve(column, scope)
    columns = _all(tree, "Column")
    if masked:
        tree = tree.transform(_mask)
    figures: list[Aggregate] = []
    values = tuple(sorted({_value(node, scope) for node in _all(tree, "Placeholder")}))
    tree = tree.transform(_aside, scope, figures)
    return Expression(
        sql=_sql(tree),
        columns=tuple(sorted({one.name for one in columns if one.table == "this"})),
        other_columns=tuple(sorted({one.name for one in columns if one.table == "other"})),
        values=values,
        aggregates=tuple(dict.fromkeys(figures)),
    )


def _tree(text: str) -> exp.Expr:
    import sqlglot

    if len(text) > LONGEST:
        raise Wrong("checks.expression_long", longest=LONGEST)
    try:
        statements = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        places = getattr(error, "errors", None) or [{}]
        raise Wrong("checks.expression", column=places[0].get("col") or "?", found=text[:SHOWN]) from None
    if len(statements) != 1 or statements[0] is None:
        raise Wrong("checks.expression", column="?", found=text[:SHOWN])
    tree: exp.Expr = statements[0]
    return tree


def _all(tree: exp.Expr, kind: str) -> list[Any]:
    return [node for node in tree.walk() if type(node).__name__ == kind]


def _resolve(column: exp.Column, scope: Scope) -> None:
    """Say which row a column belongs to; refuse it when that has no such column."""
    from sqlglot import exp

    inside = bool(scope.grouped) and is_within_figure(column)
    side = column.table or ("other" if inside else scope.default)
    wanted = "other" if inside else None if not scope.grouped else "this"
    plain = not column.args.get("db") and type(column.this).__name__ == "Identifier"
    if side not in scope.tables or not plain or (wanted and side != wanted):
        raise Wrong("checks.wrong_row", found=column.sql(dialect="duckdb"), allowed=", ".join(scope.tables))
    table = scope.tables["this" if side == "this" else "other"]
    if column.name not in known_columns(table):
        near = near_columns(table, column.name)
        raise Wrong("checks.no_column", found=column.name, table=table, near=near)
    column.set("table", exp.to_identifier(side))


def _value(node: exp.Expr, scope: Scope) -> str:
    if node.name != TODAY and node.name not in scope.values:
        known = ", ".join(sorted((*scope.values, TODAY)))
        raise Wrong("checks.no_value", found=node.name, allowed=known)
    return node.name


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
    sql = _sql(node) + (f" FILTER (WHERE {scope.filtered})" if scope.filtered else "")
    name = "a_" + hashlib.sha256(f"{scope.grouped}|{sql}".encode()).hexdigest()[:16]
    figures.append(Aggregate(name, sql))
    column = exp.column(name, quoted=True)
    return exp.Coalesce(this=column, expressions=[exp.Literal.number(0)]) if kind in COUNTS else column


def _sql(tree: exp.Expr) -> str:
    return str(tree.sql(dialect="duckdb", identify=True, comments=False))
