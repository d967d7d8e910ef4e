"""Formulas that users write: read, refused unless made of what is allowed, and written for the database.

The only way from a text of a user into SQL. Rules, specifications and catalogues say by a `Grammar` of which
parts their formulas may be made, and which columns and values there are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from jiedui.errors import Finding, InputError
from jiedui.language import finding
from jiedui.tables.grammar import Grammar

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 2000
"""Signs in one formula."""
DEEPEST = 100
"""Levels of one formula, so that neither Python nor the database runs out of stack."""
SHOWN = 80
"""How much of a formula a finding repeats."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_formula(text: str, grammar: Grammar) -> exp.Expr:
    """Read a formula; nothing but what the grammar allows stands in what is given.

    Raises
    ------
    InputError
        If it cannot be read, is too long or deep, or holds anything else.

    Examples
    --------
    >>> from jiedui.tables.grammar import LOGIC
    >>> str(parse_formula("income < :line", Grammar((LOGIC,))))
    'income < :line'
    >>> parse_formula("version() = 1", Grammar((LOGIC,)))
    Traceback (most recent call last):
      ...
    jiedui.errors.InputError: formulas.not_allowed...
    """
    too_long = InputError([finding("formulas.long", longest=LONGEST, deepest=DEEPEST)])
    if len(text) > LONGEST:
        raise too_long
    try:
        tree = _tree(text)
        depths = {id(tree): 1}
        for node in list(tree.walk()):
            depths.update(dict.fromkeys(map(id, node.iter_expressions()), depths[id(node)] + 1))
            if not grammar.allows(node):
                found = node.sql(dialect="duckdb")[:SHOWN]
                raise InputError([finding("formulas.not_allowed", found=found, allowed=grammar.allowed)])
    except RecursionError:
        raise too_long from None
    if max(depths.values()) > DEEPEST:
        raise too_long
    return tree


def columns_of(tree: exp.Expr) -> tuple[str, ...]:
    """Name the columns that a formula reads, sorted.

    Examples
    --------
    >>> from jiedui.tables.grammar import LOGIC, SUMS
    >>> columns_of(parse_formula("size * 2 > members", Grammar((LOGIC, SUMS))))
    ('members', 'size')
    """
    return tuple(sorted({node.name for node in nodes_of(tree, "Column")}))


def check_columns(tree: exp.Expr, known: Collection[str]) -> None:
    """Refuse a formula that reads a column that is not there."""
    for name in columns_of(tree):
        if name not in known:
            raise InputError([missing_column(name, known)])


def missing_column(name: str, known: Collection[str], *, table: str = "") -> Finding:
    """Give the finding of a column that is not there, with the nearest that are."""
    names = [str(one) for one in known]
    near = get_close_matches(name, names, n=3, cutoff=0.4) or names[:3] or ["—"]
    found = f"{table}.{name}" if table else name
    return finding("formulas.no_column", found=found, near=", ".join(near))


def check_values(tree: exp.Expr, known: Collection[str]) -> tuple[str, ...]:
    """Name the values that a formula uses, sorted; refuse one that is not there."""
    names = sorted({node.name for node in nodes_of(tree, "Placeholder")})
    for name in names:
        if name not in known:
            allowed = ", ".join(sorted(known)) or "—"
            raise InputError([finding("formulas.no_value", found=name, allowed=allowed)])
    return tuple(names)


def bind_values(tree: exp.Expr, values: Mapping[str, object]) -> exp.Expr:
    """Put values into the places such as ``:line`` of a formula.

    Examples
    --------
    >>> from jiedui.tables.grammar import LOGIC
    >>> formula = parse_formula("income < :line", Grammar((LOGIC,)))
    >>> str(bind_values(formula, {"line": 2736}))
    'income < 2736'
    """
    check_values(tree, values)
    return tree.transform(
        lambda node: _literal(values[node.name]) if type(node).__name__ == "Placeholder" else node
    )


def write_formula(tree: exp.Expr) -> str:
    """Write a formula for DuckDB, every name quoted and no comment kept.

    Examples
    --------
    >>> from jiedui.tables.grammar import LOGIC
    >>> write_formula(parse_formula("income < 2736 -- yuan", Grammar((LOGIC,))))
    '"income" < 2736'
    """
    return str(tree.sql(dialect="duckdb", identify=True, comments=False))


def nodes_of(tree: exp.Expr, kind: str) -> list[Any]:
    """Give the parts of a formula that sqlglot calls so, in the order of its levels."""
    return [node for node in tree.walk() if type(node).__name__ == kind]


def _tree(text: str) -> exp.Expr:
    """Parse one formula."""
    import sqlglot

    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        places = getattr(error, "errors", None) or [{}]
        raise _unreadable(text, places[0].get("col") or "?") from None
    if len(trees) != 1 or trees[0] is None:
        raise _unreadable(text, "?")
    tree: exp.Expr = trees[0]
    return tree


def _unreadable(text: str, sign: object) -> InputError:
    return InputError([finding("formulas.unreadable", found=text[:SHOWN], sign=sign)])


def _literal(value: object) -> exp.Expr:
    from sqlglot import exp

    if isinstance(value, dt.date) or (isinstance(value, str) and DAY.fullmatch(value)):
        return exp.cast(exp.Literal.string(str(value)[: len("YYYY-MM-DD")]), "date")
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Literal.number(repr(value) if isinstance(value, float) else str(value))
