"""What the formulas of users may be made of, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


@dataclass(frozen=True, slots=True)
class Part:
    """Things that a formula may be made of: as users write them, and by the names of sqlglot."""

    words: str
    nodes: frozenset[str]


def _part(words: str, nodes: str) -> Part:
    return Part(words, frozenset(nodes.split()))


PLAIN = _part("( ) 1 :name", "Column Identifier Literal Boolean Null Paren Placeholder")
LOGIC = _part(
    "and or not = <> < <= > >= is in between case coalesce nullif",
    "And Or Not EQ NEQ GT GTE LT LTE Is In Between NullSafeEQ NullSafeNEQ Case If Coalesce Nullif",
)
SUMS = _part(
    "+ - * / % abs round floor ceil greatest least",
    "Add Sub Mul Div Mod Neg Abs Round Floor Ceil Greatest Least",
)
TEXTS = _part(
    "|| like length lower upper trim substring left right starts_with ends_with contains replace concat "
    "regexp_matches regexp_full_match",
    "DPipe Like Length Lower Upper Trim Substring Left Right StartsWith EndsWith Contains Replace Concat "
    "RegexpLike RegexpFullMatch",
)
DATES = _part("cast extract year month date", "Cast Extract Year Month Date Var DataType DataTypeParam")
FIGURES = _part("count count_if sum min max avg", "Count CountIf Sum Min Max Avg Distinct Star")
AGGREGATES = FIGURES.nodes - {"Distinct", "Star"}


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the formulas of one kind may be made of.

    Attributes
    ----------
    parts : tuple of Part
        Besides columns, numbers, brackets and values.
    functions : tuple of str
        Functions of our own.
    has_texts : bool
        Whether a text may stand in a formula.
    has_rows : bool
        Whether a column may be written with the row it belongs to, such as ``other.name``.
    """

    parts: tuple[Part, ...]
    functions: tuple[str, ...] = ()
    has_texts: bool = True
    has_rows: bool = False

    @property
    def allowed(self) -> str:
        """What may stand in a formula, as users write it."""
        return " ".join((PLAIN.words, *(part.words for part in self.parts), *self.functions))

    def allows(self, node: exp.Expr) -> bool:
        """Whether a part of a formula may stand where it stands."""
        kind = type(node).__name__
        if kind == "Anonymous":
            return node.name.lower() in self.functions
        if not any(kind in part.nodes for part in (PLAIN, *self.parts)):
            return False
        if kind == "Literal":
            return self.has_texts or not node.args.get("is_string")
        if kind == "Column":
            return self.has_rows or not node.args.get("table")
        return _is_in_place(node, kind)


def is_within_figure(node: exp.Expr) -> bool:
    """Whether a part stands inside a figure over matching rows."""
    above = node.parent
    while above is not None and type(above).__name__ not in AGGREGATES:
        above = above.parent
    return above is not None


def _is_in_place(node: exp.Expr, kind: str) -> bool:
    """Whether what may stand in some places only stands in one of them."""
    if kind in {"Star", "Distinct"}:
        return type(node.parent).__name__ == "Count"
    if kind == "Is":
        return type(node.expression).__name__ in {"Null", "Boolean"}
    return kind not in AGGREGATES or not is_within_figure(node)
