"""Formulas of conversion rules: sums and comparisons of columns and values, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 500
"""Signs in one formula."""
NODES = frozenset(
    [
        "Add", "And", "Boolean", "Case", "Column", "Div", "EQ", "GT", "GTE", "Greatest", "Identifier", "If",
        "LT", "LTE", "Least", "Literal", "Mul", "NEQ", "Neg", "Not", "Or", "Paren", "Placeholder", "Sub",
    ]
)  # fmt: skip
"""What a formula may be made of, by the names of sqlglot."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as the database takes it, and the columns it reads.

    Attributes
    ----------
    fault : str
        What is wrong with it; empty when it can be used.
    """

    sql: str = ""
    columns: tuple[str, ...] = ()
    fault: str = ""


def read_formula(text: object, columns: Collection[str], values: Mapping[str, float]) -> Formula:
    """Read a formula over columns; ``:name`` stands for a value.

    Examples
    --------
    >>> read_formula("greatest(lacking - :spare, 0)", ["lacking"], {"spare": 2}).columns
    ('lacking',)
    >>> read_formula("version()", [], {}).fault
    'VERSION()'
    """
    import sqlglot

    if not isinstance(text, str) or len(text) > LONGEST:
        return Formula(fault=str(text)[:LONGEST])
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):
        return Formula(fault=text)
    if len(trees) != 1 or trees[0] is None:
        return Formula(fault=text)
    return _checked(trees[0], columns, values)


def _checked(tree: exp.Expr, columns: Collection[str], values: Mapping[str, float]) -> Formula:
    """Refuse what is not allowed and what is not there; write values into their places."""
    from sqlglot import exp

    names = set()
    for node in list(tree.walk()):
        is_known = type(node).__name__ in NODES and not node.args.get("table")
        if isinstance(node, exp.Column):
            is_known = is_known and node.name in columns
            names.add(node.name)
        elif isinstance(node, exp.Placeholder):
            is_known = node.name in values
        elif isinstance(node, exp.Literal):
            is_known = not node.is_string
        if not is_known:
            return Formula(fault=str(node.sql(dialect="duckdb")))
    bound = tree.transform(lambda node: _literal(node, values))
    return Formula(str(bound.sql(dialect="duckdb", identify=True, comments=False)), tuple(sorted(names)))


def _literal(node: exp.Expr, values: Mapping[str, float]) -> exp.Expr:
    """Give the number that a place stands for; anything else as it is."""
    from sqlglot import exp

    return exp.Literal.number(repr(values[node.name])) if isinstance(node, exp.Placeholder) else node
