"""Rows of a taken file as an import stages them: key, place, name, body, sealed number, state in the file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiedui.registers.tables import REGISTERS
from jiedui_web.bridge.declarations import declared
from jiedui_web.bridge.placing import AskedPlace, Placing

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.registers import Register
    from jiedui.tables import Table

LONGEST = {"key": 200, "sheet": 100, "name": 200, "kind": 64, "parent": 200}
PLACE = "place_code"
CHUNK = 20_000
NULL = "\\u0000"
"""A sign that no database takes in a text."""

StagedTuple = tuple[str, str, str, int, str, str, str, str, str, str, bytes | None, str]
"""register, key, sheet, row, state, place code, name, kind, parent, JSON body, sealed number, its index."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """How ID numbers are kept: sealed, found by an index, sealed as text."""

    seal: Callable[[Iterable[str]], Sequence[bytes | None]]
    index: Callable[[Iterable[str]], Sequence[str]]
    seal_text: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What is asked about the place of rows of a register, at its first cell."""

    register: str
    asked: AskedPlace
    file: str
    sheet: str
    cell: str


@dataclass(slots=True)
class Staging:
    """Makes the rows of a register, chunk by chunk.

    Attributes
    ----------
    asked : list of AskedOf
        Filled while the rows are made.
    """

    register: Register
    placing: Placing
    sealing: Sealing
    asked: list[AskedOf] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Count the rows."""
        return sum(table.num_rows for table in self.register.tables.values())

    def rows(self, chunk: int = CHUNK) -> Iterator[list[StagedTuple]]:
        """Give the rows in chunks, register by register."""
        for table in REGISTERS:
            rows = self.register.tables[table.name]
            if rows.num_rows:
                yield from self._of_table(table, rows, chunk)

    def _of_table(self, table: Table, rows: pa.Table, chunk: int) -> Iterator[list[StagedTuple]]:
        """Give the rows of one register."""
        placed = self.placing.place(rows)
        self.asked += [self._at(table, rows, one) for one in placed.asked]
        main = declared(table.name).id_field
        rows = _with_codes(rows, placed.codes)
        numbers = [value or "" for value in rows[main].to_pylist()] if main else []
        indexes = list(self.sealing.index(numbers)) if any(numbers) else []
        keys = _keys(table, rows, main, indexes)
        contents = self._repeated(rows, keys, indexes, main)
        seen: set[str] = set()
        for start in range(0, rows.num_rows, chunk):
            part = rows.slice(start, chunk)
            size = part.num_rows
            cut = slice(start, start + size)
            yield [
                (table.name, key, sheet, row, state, code or "", *titles, body, sealed, index)
                for key, sheet, row, state, code, titles, body, sealed, index in zip(
                    keys[cut],
                    self._sheets(part),
                    part["_row"].to_pylist(),
                    _states(keys[cut], placed.codes.slice(start, size).to_pylist(), contents, seen),
                    placed.codes.slice(start, size).to_pylist(),
                    _titles(table.name, part),
                    self._bodies(table.name, part, main),
                    self.sealing.seal(numbers[cut]) if numbers else [None] * size,
                    indexes[cut] if indexes else [""] * size,
                    strict=True,
                )
            ]

    def _bodies(self, register: str, rows: pa.Table, main: str) -> list[str]:
        """Give what each row says as JSON: blank cells say nothing, ID numbers are left out or sealed."""
        columns: dict[str, list[Any]] = {
            name: rows[name].to_pylist()
            for name in rows.column_names
            if name[0] != "_" and name != main and rows[name].null_count < rows.num_rows
        }
        for one in declared(register).fields:
            if one.privacy == "further_id" and one.name in columns:
                columns[one.name] = [value and self.sealing.seal_text(value) for value in columns[one.name]]
        names = list(columns)
        write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
        if not names:
            return ["{}"] * rows.num_rows
        cells = zip(*columns.values(), strict=True)
        whole = (dict(zip(names, values, strict=True)) for values in cells)
        if any(rows[name].null_count for name in names):
            whole = ({name: value for name, value in body.items() if value is not None} for body in whole)
        return [write(body).replace(NULL, "") for body in whole]

    def _repeated(
        self, rows: pa.Table, keys: list[str], indexes: list[str], main: str
    ) -> dict[str, set[tuple[object, ...]]]:
        """Give, for each key that stands more than once, its different contents."""
        found: dict[str, set[tuple[object, ...]]] = {
            key: set() for key, count in Counter(keys).items() if count > 1 and key
        }
        if found:
            said = [name for name in rows.column_names if name[0] != "_" and name != main]
            which = [order for order, key in enumerate(keys) if key in found]
            values = zip(*(rows[name].take(which).to_pylist() for name in said), strict=True)
            for order, content in zip(which, values, strict=True):
                found[keys[order]].add((*content, indexes[order] if indexes else ""))
        return found

    def _sheets(self, rows: pa.Table) -> list[str]:
        """Name the sheet of each row."""
        names = [source.place.sheet[: LONGEST["sheet"]] for source in self.register.sources]
        return [names[order] for order in rows["_source"].to_pylist()]

    def _at(self, table: Table, rows: pa.Table, asked: AskedPlace) -> AskedOf:
        """Give where a question about a place stands."""
        source = self.register.sources[rows["_source"][asked.order].as_py()]
        column = next(
            (
                name
                for name in ("place_code", "village", "township", "county")
                if name in rows.column_names and rows[name][asked.order].as_py()
            ),
            "village",
        )
        cell = source.cell(table.name, rows["_row"][asked.order].as_py(), column)
        return AskedOf(table.name, asked, source.place.file, source.place.sheet, cell)


def _with_codes(rows: pa.Table, codes: pa.Array) -> pa.Table:
    """Give the rows with the codes they say as our places write them."""
    import pyarrow.compute as pc

    if PLACE not in rows.column_names or rows[PLACE].null_count == rows.num_rows:
        return rows
    at = rows.schema.get_field_index(PLACE)
    said = pc.if_else(pc.is_valid(rows[PLACE]), pc.coalesce(codes, rows[PLACE]), None)
    return rows.set_column(at, rows.schema.field(at), said)


def _keys(table: Table, rows: pa.Table, main: str, indexes: list[str]) -> list[str]:
    """Give the declared key of each row, a person's number as its index; empty where the first is missing."""
    parts = [
        indexes if name == main and indexes else [value or "" for value in rows[name].to_pylist()]
        for name in table.key
    ]
    whole = (
        parts[0] if len(parts) == 1 else ["|".join(one) if one[0] else "" for one in zip(*parts, strict=True)]
    )
    return [key if len(key) <= LONGEST["key"] else "" for key in whole]


def _states(
    keys: list[str],
    codes: list[str | None],
    contents: dict[str, set[tuple[object, ...]]],
    seen: set[str],
) -> Iterator[str]:
    """Say of each row what it is within its own file."""
    for key, code in zip(keys, codes, strict=True):
        if not key or code is None:
            yield "refused"
        elif key not in contents:
            yield "new"
        elif len(contents[key]) > 1:
            yield "needs_adjudication"
        elif key in seen:
            yield "repeated"
        else:
            seen.add(key)
            yield "new"


def _titles(register: str, rows: pa.Table) -> Iterator[tuple[str, str, str]]:
    """Give name, kind and parent of each row."""
    one = declared(register)
    wanted = (
        (one.name_field, LONGEST["name"]),
        (one.kind_field, LONGEST["kind"]),
        (one.parent_field, LONGEST["parent"]),
    )
    columns = [
        [(value or "")[:longest] for value in rows[name].to_pylist()]
        if name in rows.column_names
        else [""] * rows.num_rows
        for name, longest in wanted
    ]
    return zip(*columns, strict=True)
