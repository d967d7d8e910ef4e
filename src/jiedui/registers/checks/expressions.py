"""Expressions of rules, refused unless made of what is allowed; nothing else reaches the database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from jiedui.registers.checks.columns import PRIVATE, known_columns, near_columns
from jiedui.registers.checks.rule import Aggregate, Expression

if TYPE_CHECKING:
    from sqlglot import exp

TODAY: Final = "today"
"""The value that is always there: the date on which the register is checked."""
LONGEST = 2000
"""Signs in one expression."""
SHOWN = 80
"""How much of an expression a finding repeats."""
NODES = frozenset(
    [
        "Column",
        "Identifier",
        "Literal",
        "Boolean",
        "Null",
        "Placeholder",
        "Paren",
        "And",
        "Or",
        "Not",
        "EQ",
        "NEQ",
        "GT",
        "GTE",
        "LT",
        "LTE",
        "Is",
        "In",
        "Between",
        "NullSafeEQ",
        "NullSafeNEQ",
        "Like",
        "Add",
        "Sub",
        "Mul",
        "Div",
        "Mod",
        "Neg",
        "DPipe",
        "Case",
        "If",
        "Coalesce",
        "Nullif",
        "Abs",
        "Round",
        "Floor",
        "Ceil",
        "Greatest",
        "Least",
        "Length",
        "Lower",
        "Upper",
        "Trim",
        "Substring",
        "Left",
        "Right",
        "StartsWith",
        "EndsWith",
        "Contains",
        "Replace",
        "Concat",
        "RegexpLike",
        "RegexpFullMatch",
        "Anonymous",
        "Count",
        "CountIf",
        "Sum",
        "Min",
        "Max",
        "Avg",
        "Distinct",
        "Star",
    ]
)
"""What an expression may be made of, by the names of sqlglot."""
AGGREGATES = frozenset({"Count", "CountIf", "Sum", "Min", "Max", "Avg"})
COUNTS = frozenset({"Count", "CountIf"})
OWN_FUNCTIONS = frozenset({"before", "oldest_age", "youngest_age", "months_since", "yuan"})
"""Functions about dates that carry their precision, and how money is written."""
Side = Literal["this", "other"]


class Wrong(Exception):  # noqa: N818
    """What is wrong with an expression: the finding and what its text needs."""

    def __init__(self, rule: str, **values: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = values


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of an expression stand for.

    Attributes
    ----------
    default : {"this", "other"}
        Which row a name without ``this.`` or ``other.`` belongs to.
    tables : mapping of str to str
        The tables that may be named: ``this``, ``other`` or both.
    grouped : str
        What tells the group of matching rows from other groups; empty when figures are not allowed.
    filtered : str
        SQL that says which matching rows count.
    """

    default: Side
    tables: dict[Side, str]
    values: Collection[str]
    grouped: str = ""
    filtered: str = ""


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
        if allowed := _refused(node, scope):
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


def _refused(node: exp.Expr, scope: Scope) -> str:
    """Say what would be allowed in place of a node; empty where it may stand."""
    kind = type(node).__name__
    if kind not in NODES or (kind == "Anonymous" and node.name.lower() not in OWN_FUNCTIONS):
        return ", ".join(sorted(OWN_FUNCTIONS))
    if kind in {"Star", "Distinct"} and type(node.parent).__name__ != "Count":
        return "count(*), count(distinct …)"
    if kind == "Is" and type(node.expression).__name__ not in {"Null", "Boolean"}:
        return "is null"
    if kind in AGGREGATES and (not scope.grouped or _within_figure(node)):
        return "having"
    return ""


def _within_figure(node: exp.Expr) -> bool:
    above = node.parent
    while above is not None:
        if type(above).__name__ in AGGREGATES:
            return True
        above = above.parent
    return False


def _resolve(column: exp.Column, scope: Scope) -> None:
    """Say which row a column belongs to; refuse it when that has no such column."""
    from sqlglot import exp

    inside = bool(scope.grouped) and _within_figure(column)
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
