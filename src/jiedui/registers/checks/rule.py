"""A rule: one question that is put to every row of a table, with the law or report it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jiedui.language import Lang, Words
from jiedui.schemes import Value

Severity = Literal["error", "question", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "question", "note")
"""What cannot be true, what is to be verified (待核实), and what is worth knowing."""
Kind = Literal["row", "group", "match", "absent"]
Case = Mapping[str, list[dict[str, Any]]]
"""A small register: by table its rows, each a mapping of columns to values as a file writes them."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One figure over the matching rows of the other table; `name` tells it from all others."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes
    ----------
    sql : str
        For DuckDB, with every identifier quoted and values as ``$name``.
    columns, other_columns : tuple of str
        Columns that it reads, of the row and of the matching row.
    values : tuple of str
        Names of the values that it uses.
    aggregates : tuple of Aggregate
        Figures over matching rows; `sql` reads them as columns.
    """

    sql: str
    columns: tuple[str, ...] = ()
    other_columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule.

    Attributes
    ----------
    words : Words
        The question; ``{found}`` and ``{name of a value}`` are filled in.
    period : tuple of str
        Periods it belongs to; empty for all.
    table : str
        Whose rows it asks about.
    columns : tuple of str
        Where a finding points, the first first.
    find : Expression
        True where there is a finding; with `on`, about a row and one that matches or its group.
    shows : Expression
        What is repeated from the row.
    other : str
        The table that rows are compared with; empty for none.
    on : tuple of pairs of str
        Columns that must be equal, of the row and of the other row.
    where : Expression or None
        Which rows of the other table count.
    home : Expression or None
        Which households are asked about; already part of `find`.
    kind : {"row", "group", "match", "absent"}
        Whether one row decides, figures over the matching rows, one of them, or that there is none.
    compares : str
        The table of another office that needs an authorisation; empty for none.
    needs : tuple of tuples of str
        Columns without which nothing is asked; of each tuple one suffices.
    passes, fails : Case or None
        A register without and one with a finding of this rule.
    """

    id: str
    words: Words
    severity: Severity
    source: str
    table: str
    columns: tuple[str, ...]
    find: Expression
    shows: Expression
    period: tuple[str, ...] = ()
    other: str = ""
    on: tuple[tuple[str, str], ...] = ()
    where: Expression | None = None
    home: Expression | None = None
    kind: Kind = "row"
    compares: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    passes: Case | None = None
    fails: Case | None = None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that is computed for a finding."""
        return tuple(one for one in (self.find, self.shows, self.where) if one)

    @property
    def tables(self) -> frozenset[str]:
        """Every table that it reads."""
        home = {"households"} if self.home else set()
        permission = {"authorisations", "data_sources"} if self.compares else set()
        return frozenset({self.table, self.other, *home, *permission} - {""})

    def holds(self, on: str) -> bool:
        """Whether the rule belongs to the period of a date."""
        return not self.period or any(_covers(period, on) for period in self.period)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules with the values that they use: what one register is checked against."""

    rules: tuple[Rule, ...]
    values: Mapping[str, Value] = field(default_factory=dict)

    def sentence(self, rule: Rule, lang: Lang, *, on: str, found: str = "…") -> str:
        """Give the question of a rule, with the values in force on a day."""
        known = {name: value.on(on) for name, value in self.values.items()}
        whole = {name: int(value) if float(value).is_integer() else value for name, value in known.items()}
        return rule.words[lang].format_map({**whole, "found": found})


def _covers(period: str, on: str) -> bool:
    """Whether a period, such as ``2021-2025`` or ``2026-``, holds a date."""
    first, _, last = period.partition("-")
    return first <= on[:4] <= (last or "9999")
