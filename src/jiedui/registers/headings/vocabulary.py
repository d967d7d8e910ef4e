"""Every heading that our tables know, by the form in which headings are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jiedui.registers.headings.labels import MONEY, SAME, Label, key
from jiedui.tables import Column, Table

PREFERRED, EXACT, ALIAS = -1, 0, 1
NARROWER = (("households", "kind", "监测对象类别"),)
"""Aliases that go before the name itself where a sheet has both, because they say more."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A column that a heading names.

    Attributes
    ----------
    rank : tuple of int
        First `PREFERRED`, `EXACT` or `ALIAS`, then how many upper levels of the heading were left out: less
        is better.
    unit : str
        The unit beside the name.
    """

    table: str
    column: str
    rank: tuple[int, int]
    unit: str

    @property
    def target(self) -> tuple[str, str]:
        """Table and column."""
        return self.table, self.column


class Vocabulary:
    """The names and aliases of the columns of some tables."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.columns: dict[tuple[str, str], Column] = {}
        self._named: dict[str, dict[tuple[str, str], int]] = {}
        for table in tables:
            for column in table.columns:
                self._add(table.name, column)

    def _add(self, table: str, column: Column) -> None:
        target = (table, column.name)
        self.columns[target] = column
        for rank, names in ((EXACT, (column.name, *column.words.values())), (ALIAS, column.aliases)):
            for name in names:
                told = PREFERRED if (*target, name) in NARROWER else rank
                self._named.setdefault(key(name), {}).setdefault(target, told)

    def hits(self, label: Label) -> tuple[Hit, ...]:
        """Give the columns that the longest known end of a heading names."""
        for dropped, form, unit in label.forms():
            if named := self._named.get(form):
                return tuple(Hit(*target, (rank, dropped), unit) for target, rank in named.items())
        return ()

    def names(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Give every column with each form of its names."""
        for name, targets in self._named.items():
            for target in targets:
                yield target, name


def factor(column: Column, unit: str, title: str = "") -> int | None:
    """Give by what a number is multiplied to be in the unit of its column; None where nobody can say.

    Parameters
    ----------
    unit : str
        As the heading states it, empty when it states none.
    title : str
        The unit that the title states for all amounts of money.

    Examples
    --------
    >>> from jiedui.registers.tables import HOUSEHOLDS
    >>> income = HOUSEHOLDS.column("income")
    >>> factor(income, "万元"), factor(income, "", "千元"), factor(income, "美元"), factor(income, "元/月")
    (10000, 1000, None, None)
    """
    if column.type == "money":
        return MONEY.get(unit or title or "元")
    unit_zh = (column.unit or {}).get("zh", "")
    return 1 if not unit or unit in _spellings(unit_zh) else None


def _spellings(unit: str) -> tuple[str, ...]:
    return SAME.get(unit, (unit,))
