"""Expressions of specifications: conditions over columns, refused unless made of what is allowed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 2000
"""Signs in one expression."""
SHOWN = 80
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PLAIN = frozenset(
    [
        "Column",
        "Identifier",
        "Literal",
        "Boolean",
        "Null",
        "Paren",
        "Placeholder",
        "DataType",
        "DataTypeParam",
    ]
)
LOGIC = frozenset(
    [
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
        "Case",
        "If",
        "Coalesce",
        "Nullif",
    ]
)
SUMS = frozenset(
    ["Add", "Sub", "Mul", "Div", "Mod", "Neg", "Abs", "Round", "Floor", "Ceil", "Greatest", "Least"]
)
TEXTS = frozenset(
    [
        "Like",
        "Length",
        "Lower",
        "Upper",
        "Trim",
        "Substring",
        "Left",
        "Right",
        "Contains",
        "StartsWith",
        "EndsWith",
    ]
)
DATES = frozenset(["Cast", "Extract", "Year", "Month", "Date", "Var"])
NODES = PLAIN | LOGIC | SUMS | TEXTS | DATES
"""What an expression may be made of, by the names of sqlglot."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as the database takes it, and the columns it reads."""

    sql: str
    columns: tuple[str, ...]


def bind_values(text: str, values: Mapping[str, object], *, file: str = "", cell: str = "") -> str:
    """Write values into the places such as ``:line`` of an expression.

    Raises
    ------
    InputError
        If it cannot be read, uses what is not allowed, or a value is absent.

    Examples
    --------
    >>> bind_values("income < :line", {"line": 2736})
    'income < 2736'
    """
    tree = _tree(text, file=file, cell=cell)
    for node in list(tree.find_all(_placeholder())):
        if node.name not in values:
            allowed = ", ".join(sorted(values))
            raise InputError(
                [finding("needs.no_value", file=file, cell=cell, found=node.name, allowed=allowed)]
            )
        node.replace(_literal(values[node.name]))
    return str(tree.sql(dialect="duckdb", comments=False))


def read_expression(text: str, columns: Collection[str], *, cell: str = "") -> Expression:
    """Check an expression against the columns there are and write it for the database.

    Raises
    ------
    InputError
        If it cannot be read, uses what is not allowed, or names a column that is not there.

    Examples
    --------
    >>> read_expression("income < 2736", ["income"]).sql
    '"income" < 2736'
    """
    tree = _tree(text, file="", cell=cell)
    if next(iter(tree.find_all(_placeholder())), None):
        raise InputError([finding("needs.no_value", cell=cell, found=text[:SHOWN], allowed="")])
    names = sorted({node.name for node in tree.walk() if type(node).__name__ == "Column"})
    for name in names:
        if name not in columns:
            raise InputError([missing_column(name, columns, cell=cell)])
    return Expression(str(tree.sql(dialect="duckdb", identify=True, comments=False)), tuple(names))


def missing_column(name: str, columns: Collection[str], *, cell: str = "") -> Any:  # noqa: ANN401
    """Give the finding of a column that is not there, with the nearest that are."""
    near = get_close_matches(name, [str(one) for one in columns], n=3, cutoff=0) or ["—"]
    return finding("needs.no_column", cell=cell, found=name, near=", ".join(near))


def _tree(text: str, *, file: str, cell: str) -> exp.Expr:
    import sqlglot

    wrong = finding("needs.expression", file=file, cell=cell, found=text[:SHOWN], longest=LONGEST)
    if len(text) > LONGEST:
        raise InputError([wrong])
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise InputError([wrong]) from None
    if len(trees) != 1 or trees[0] is None:
        raise InputError([wrong])
    tree: exp.Expr = trees[0]
    for node in tree.walk():
        if type(node).__name__ not in NODES or node.args.get("table"):
            found = node.sql(dialect="duckdb")[:SHOWN]
            raise InputError([finding("needs.not_allowed", file=file, cell=cell, found=found)])
    return tree


def _placeholder() -> type[exp.Placeholder]:
    from sqlglot import exp

    return exp.Placeholder


def _literal(value: object) -> exp.Expr:
    from sqlglot import exp

    if isinstance(value, dt.date) or (isinstance(value, str) and DAY.fullmatch(value)):
        return exp.cast(exp.Literal.string(str(value)[: len("YYYY-MM-DD")]), "date")
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Literal.number(str(value))
