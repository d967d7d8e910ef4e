"""Expressions of specifications and catalogues: conditions and sums over columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from jiedui.errors import InputError
from jiedui.tables.formulas import bind_values, check_columns, columns_of, parse_formula, write_formula
from jiedui.tables.grammar import DATES, LOGIC, SUMS, TEXTS, Grammar

CONDITIONS: Final = Grammar((LOGIC, SUMS, TEXTS, DATES))
"""What tells whether a unit is deprived."""
QUANTITIES: Final = Grammar((LOGIC, SUMS), has_texts=False)
"""What tells how much is needed."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as the database takes it, and the columns it reads."""

    sql: str
    columns: tuple[str, ...]


def fill_values(text: str, values: Mapping[str, object], *, file: str = "", cell: str = "") -> str:
    """Write values into the places such as ``:line`` of a condition.

    Raises
    ------
    InputError
        If it cannot be read, uses what is not allowed, or a value is absent.

    Examples
    --------
    >>> fill_values("income < :line", {"line": 2736})
    'income < 2736'
    """
    try:
        filled = bind_values(parse_formula(text, CONDITIONS), values)
    except InputError as error:
        raise InputError(replace(one, file=file, cell=cell) for one in error.findings) from None
    return str(filled.sql(dialect="duckdb", comments=False))


def read_expression(
    text: str,
    columns: Collection[str],
    values: Mapping[str, object] | None = None,
    *,
    grammar: Grammar = CONDITIONS,
    cell: str = "",
) -> Expression:
    """Check an expression against the columns and values there are and write it for the database.

    Raises
    ------
    InputError
        If it cannot be read, uses what is not allowed, or names a column or value that is not there.

    Examples
    --------
    >>> read_expression("income < 2736", ["income"]).sql
    '"income" < 2736'
    """
    try:
        tree = parse_formula(text, grammar)
        check_columns(tree, columns)
        bound = bind_values(tree, values or {})
    except InputError as error:
        raise InputError(replace(one, cell=cell) for one in error.findings) from None
    return Expression(write_formula(bound), columns_of(tree))


def read_quantity(text: str, columns: Collection[str], values: Mapping[str, object]) -> Expression:
    """Check an expression that tells how much is needed, or when; numbers only.

    Raises
    ------
    InputError
        As `read_expression`.

    Examples
    --------
    >>> read_quantity("greatest(lacking - :spare, 0)", ["lacking"], {"spare": 2}).sql
    'GREATEST("lacking" - 2, 0)'
    """
    return read_expression(text, columns, values, grammar=QUANTITIES)
