"""Faults planted in the tables of one county, each written down; no household is hit twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from jiedui.registers.synthetic.columns import as_array, join, set_cells
from jiedui.registers.tables import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

CASES_A_PART = 1_000_000
One = TypeVar("One", bound=np.generic)
KEYS = {table.name: table.key for table in REGISTERS}


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault.

    Attributes
    ----------
    rate : float
        Share of the rows that can have it; at least one row where there is one.
    eligible : callable
        Which rows of the table can have it.
    change : callable
        The new values of columns in the rows chosen.
    """

    family: str
    table: str
    rate: float
    eligible: Callable[[Planting], Truths]
    change: Callable[[Planting, Ints], Mapping[str, object]]


def person_fault(
    family: str,
    rate: float,
    eligible: Callable[[Planting], Truths],
    change: Callable[[Planting, Ints], Mapping[str, object]],
) -> Fault:
    """Give a kind of fault in the table of persons."""
    return Fault(family, "persons", rate, eligible, change)


def household_fault(
    family: str,
    rate: float,
    eligible: Callable[[Planting], Truths],
    change: Callable[[Planting, Ints], Mapping[str, object]],
) -> Fault:
    """Give a kind of fault in the table of households."""
    return Fault(family, "households", rate, eligible, change)


@dataclass(frozen=True, slots=True)
class Told:
    """Faults of one family in one column of a table, as they are written down.

    Attributes
    ----------
    cases : array of int64
        The number of the case that each row belongs to: one case may take several rows and columns.
    was, now : pyarrow.StringArray
        Values as text.
    """

    family: str
    table: str
    rows: Ints
    cases: Ints
    column: str
    was: pa.Array = None
    now: pa.Array = None


@dataclass(slots=True)
class Planting:
    """The tables of a county while faults are planted."""

    draft: Draft
    tables: dict[str, pa.Table]
    rates: Mapping[str, float]
    authorised: Truths
    taken: dict[str, Truths] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    cases: int = 0

    @property
    def rng(self) -> np.random.Generator:
        """The source of chance of the county."""
        return self.draft.rng

    def of_persons(self, values: NDArray[One]) -> NDArray[One]:
        """Give a value of the roster for each row of the table of persons."""
        return values[self.draft.person]

    def of_households(self, values: NDArray[One]) -> NDArray[One]:
        """Give a value of the households for each row of the table of persons."""
        return values[self.draft.row_household]

    def plant(self, fault: Fault) -> tuple[Ints, Ints]:
        """Plant one kind of fault and write it down; give the rows and the numbers of the cases."""
        rows = self.pick(fault.family, fault.table, fault.eligible(self))
        cases = self.open_cases(len(rows))
        for column, values in fault.change(self, rows).items():
            self.change(Told(fault.family, fault.table, rows, cases, column), values)
        return rows, cases

    def open_cases(self, count: int) -> Ints:
        """Give new numbers of cases."""
        self.cases += count
        return self.draft.part * CASES_A_PART + np.arange(self.cases - count, self.cases)

    def change(self, told: Told, values: object) -> None:
        """Set cells and write down those that differ."""
        import pyarrow as pa

        if not len(told.rows):
            return
        old = self.tables[told.table]
        kind = old.schema.field(told.column).type
        new = pa.nulls(len(told.rows), kind) if values is None else as_array(values).cast(kind)
        self.tables[told.table] = set_cells(old, told.column, told.rows, new)
        was = old[told.column].take(pa.array(told.rows)).combine_chunks()
        pairs = zip(was.to_pylist(), new.to_pylist(), strict=True)
        differs = np.flatnonzero([one != other for one, other in pairs])
        kept = pa.array(differs)
        changed = replace(told, rows=told.rows[differs], cases=told.cases[differs])
        self.tell(changed, was.take(kept), new.take(kept))

    def tell(self, told: Told, was: object, now: object) -> None:
        """Write a fault down: what was and what is."""
        import pyarrow as pa

        count = len(told.rows)
        was, now = (
            pa.nulls(count, pa.string()) if one is None else as_array(one).cast(pa.string())
            for one in (was, now)
        )
        self.told.append(replace(told, was=was, now=now))

    def pick(self, family: str, table: str, eligible: Truths) -> Ints:
        """Choose rows not yet hit, by the family's rate; ascending."""
        group = self._group(table)
        taken = self.taken.setdefault(self._of(table), np.zeros(int(group.max(initial=-1)) + 1, bool))
        open_ = self.rng.permutation(np.flatnonzero(eligible & ~taken[group]))
        open_ = open_[np.sort(np.unique(group[open_], return_index=True)[1])]
        count = int(np.ceil(self.rates[family] * eligible.sum()))
        rows = np.sort(open_[:count])
        taken[group[rows]] = True
        return rows

    def _of(self, table: str) -> str:
        return "households" if table == "persons" else table

    def _group(self, table: str) -> Ints:
        if table == "persons":
            return self.draft.row_household
        return np.arange(self.tables[table].num_rows)

    def take(self, households: Ints) -> None:
        """Keep households from being hit."""
        taken = self.taken.setdefault("households", np.zeros(self.draft.count, bool))
        taken[households] = True


def same_cells(**columns: object) -> Callable[[Planting, Ints], Mapping[str, object]]:
    """Write the same values into every row chosen; None empties a cell."""
    return lambda _, rows: {
        name: None if value is None else [value] * len(rows) for name, value in columns.items()
    }


def row_keys(table: str, rows: pa.Table) -> pa.Array:
    """Give the parts of the key of each row joined by ``|``; what is empty stays empty."""
    import pyarrow.compute as pc

    parts = [pc.fill_null(rows[name].combine_chunks(), "") for name in KEYS[table]]
    pieces = [piece for part in parts for piece in (part, "|")][:-1]
    return join(*pieces)
