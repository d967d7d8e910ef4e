"""What an expression may be made of, and what its names stand for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

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


def instead_of(node: exp.Expr, scope: Scope) -> str:
    """Say what would be allowed in place of a node; empty where it may stand."""
    kind = type(node).__name__
    if kind not in NODES or (kind == "Anonymous" and node.name.lower() not in OWN_FUNCTIONS):
        return ", ".join(sorted(OWN_FUNCTIONS))
    if kind in {"Star", "Distinct"} and type(node.parent).__name__ != "Count":
        return "count(*), count(distinct …)"
    if kind == "Is" and type(node.expression).__name__ not in {"Null", "Boolean"}:
        return "is null"
    if kind in AGGREGATES and (not scope.grouped or is_within_figure(node)):
        return "having"
    return ""


def is_within_figure(node: exp.Expr) -> bool:
    """Whether a node stands inside a figure over matching rows."""
    above = node.parent
    while above is not None:
        if type(above).__name__ in AGGREGATES:
            return True
        above = above.parent
    return False
