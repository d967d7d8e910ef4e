"""A sheet while its rows are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jiedui.language import LANGUAGES, Words
from jiedui.registers.files import Sheet
from jiedui.registers.headings import Feed, HeadingMap
from jiedui.registers.headings.desk import SHARED
from jiedui.registers.intake.columns import TypedColumn, read_column
from jiedui.registers.intake.repeats import take_once
from jiedui.registers.intake.reports import Spot, blank_rows, differing_rows, general_rows, refusal_rows
from jiedui.registers.register import Source, schema_of
from jiedui.tables import Column, Table
from jiedui.tables.allowed import allowed_words, listed
from jiedui.tables.cells import shown
from jiedui.tables.grid import letters

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

ENDINGS = {"village": "村民委员会|村委会|行政村|村"}
"""With or without one of these, the name of a village is the same."""
WHOLE = 10
"""A column of at least so many filled cells of which none fits is not what its heading says."""


@dataclass(slots=True)
class Desk:
    """One sheet, its rows that are not wholly empty, and what was made of them so far.

    Attributes
    ----------
    told : set of int
        Columns of the sheet whose cells were reported already for another table.
    unfit : set of int
        Columns of the sheet that are kept as they came, because no cell fits.
    """

    sheet: Sheet
    heading_map: HeadingMap
    source: int
    cells: pa.Table = field(init=False)
    kinds: pa.Table | None = field(init=False)
    rows: NDArray[np.int64] = field(init=False)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    findings: list[pa.Table] = field(default_factory=list)
    changes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    told: set[int] = field(default_factory=set)
    unfit: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        import numpy as np
        import pyarrow as pa

        filled = np.zeros(self.sheet.cells.num_rows, dtype=np.bool_)
        for column in self.sheet.cells.columns:
            filled |= column.is_valid().to_numpy()
        kept = pa.array(filled)
        self.cells, self.kinds, self.rows = self.sheet.cells, self.sheet.kinds, self.sheet.rows
        if not filled.all():
            self.cells, self.rows = self.cells.filter(kept), self.rows[filled]
            self.kinds = self.kinds.filter(kept) if self.kinds else None

    def take(self, table: Table, *, once: bool) -> None:
        """Read the rows of a table; once for each key where other rows repeat them."""
        feeds = self.heading_map.columns(table.name)
        lacking = [
            column for column in table.columns if column.name in table.key and column.name not in feeds
        ]
        if lacking:
            asked = self.sheet.place.finding(
                "intake.key_lacking", allowed=listed_words(lacking), name=table.words
            )
            self.findings.append(general_rows([asked], "question", table.name))
        if once and lacking:
            return
        typed = self._typed(table)
        whole = self._table(table, {name: found.values for name, found in typed.items()}, self.rows)
        self._report(table, typed, whole)
        self.told |= {feed.position for feed in feeds.values()}
        self.tables[table.name] = self._once(table, whole, typed) if once else whole

    def extras(self) -> pa.Table:
        """Give the columns that feed nothing, as they came, with the number of each row."""
        import pyarrow as pa

        names: dict[str, pa.ChunkedArray] = {"_row": pa.array(self.rows, pa.int64())}
        for position in sorted({*self.heading_map.unfed(), *self.unfit}):
            column = letters(self.sheet.positions[position])
            name = self.sheet.headings[position] or column
            while name in names:
                name = f"{name} ({column})"
            names[name] = self.cells.column(position)
        return pa.table(names)

    def origin(self) -> Source:
        """Give the sheet as a source: where each column stands in it."""
        positions = {
            table: {
                name: self.sheet.positions[feed.position]
                for name, feed in self.heading_map.columns(table).items()
                if feed.position not in self.unfit
            }
            for table in self.heading_map.tables
        }
        return Source(self.sheet.place, positions, self.sheet.sha256)

    def _typed(self, table: Table) -> dict[str, TypedColumn]:
        """Read the columns of a table; one of which no cell fits is left as it came."""
        typed: dict[str, TypedColumn] = {}
        for name, feed in self.heading_map.columns(table.name).items():
            if feed.position in self.unfit:
                continue
            kinds = self.kinds.column(feed.position) if self.kinds else None
            column = table.column(name)
            found = read_column(self.cells.column(feed.position), kinds, column, feed.factor)
            if len(found.refused) == found.filled >= WHOLE and name not in table.key:
                allowed = allowed_words(column)
                self._leave(table, feed, "intake.column_unfit", allowed=allowed, count=found.filled)
            else:
                typed[name] = found
        return typed

    def _report(self, table: Table, typed: Mapping[str, TypedColumn], whole: pa.Table) -> None:
        """Report what was refused, what is blank in a key, and what was tidied."""
        import numpy as np

        owners = owners_of(table, whole)
        for name, found in typed.items():
            feed = self.heading_map.columns(table.name)[name]
            if feed.position in self.told:
                continue
            spot = self._spot(table, feed)
            self.changes.update(
                {(table.name, name, change): count for change, count in found.changes.items()}
            )
            if len(found.refused):
                self.findings.append(refusal_rows(spot, found, owners))
            if spot.column.required or name in table.key:
                blank = np.setdiff1d(np.flatnonzero(found.values.is_null()), found.refused)
                if len(blank):
                    self.findings.append(blank_rows(spot, blank, owners))

    def _once(self, table: Table, whole: pa.Table, fed: Iterable[str]) -> pa.Table:
        """Give one row for each key, and report where repeated values differ."""
        found = take_once(whole.select([*fed]), table.key[0], ENDINGS)
        values = dict(zip(found.table.column_names, found.table.columns, strict=True))
        owners = owners_of(table, whole)
        for name, pairs in found.differing.items():
            feed, compared = self.heading_map.columns(table.name)[name], found.compared[name]
            if name not in SHARED and len(pairs) >= WHOLE and 2 * len(pairs) > compared:
                del values[name]
                self._leave(table, feed, "intake.not_repeated", count=len(pairs), compared=compared)
            else:
                cells = self.cells.column(feed.position)
                self.findings.append(differing_rows(self._spot(table, feed), pairs, owners, cells))
        return self._table(table, values, self.rows[found.rows])

    def _table(
        self, table: Table, values: Mapping[str, pa.Array | pa.ChunkedArray], rows: NDArray[np.int64]
    ) -> pa.Table:
        """Give the columns as declared, those that no heading feeds null, with the way back."""
        import pyarrow as pa

        own = {"_source": pa.repeat(pa.scalar(self.source, pa.int64()), len(rows)), "_row": pa.array(rows)}
        schema = schema_of(table)
        given = {**values, **own}
        columns = [given.get(entry.name, pa.nulls(len(rows), entry.type)) for entry in schema]
        return pa.Table.from_arrays(
            [column.cast(entry.type) for column, entry in zip(columns, schema, strict=True)], schema=schema
        )

    def _spot(self, table: Table, feed: Feed) -> Spot:
        """Give where a column stands."""
        position = self.sheet.positions[feed.position]
        return Spot(self.sheet.place, position, feed.heading, table, table.column(feed.column))

    def _leave(self, table: Table, feed: Feed, rule: str, **values: object) -> None:
        """Leave a column as it came, and ask about its heading."""
        self.unfit.add(feed.position)
        place, position = self.sheet.place, self.sheet.positions[feed.position]
        words = table.column(feed.column).words
        cell = place.cell(self.sheet.bottom, position, feed.heading)
        asked = place.finding(rule, cell=cell, heading=words, found=shown(feed.heading), **values)
        self.findings.append(general_rows([asked], "question", table.name))


def owners_of(table: Table, whole: pa.Table) -> pa.Table:
    """Give, for each row, its key joined by ``|``, township, village and number, as findings name them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [whole.column(name).cast(pa.string()) for name in table.key]
    key = pc.binary_join_element_wise(*parts, "|", null_handling="replace", null_replacement="")
    none = pa.nulls(whole.num_rows, pa.string())
    names = {"township", "village"} & {*whole.column_names}
    places = {name: whole.column(name) if name in names else none for name in ("township", "village")}
    return pa.table({"row_key": key, **places, "_row": whole.column("_row")})


def listed_words(columns: Iterable[Column]) -> Words:
    """Name columns, one after the other."""
    found = list(columns)
    return {lang: listed(column.words[lang] for column in found)[lang] for lang in LANGUAGES}
