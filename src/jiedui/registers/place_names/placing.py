"""The places of a whole register: each distinct name is looked up once, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.registers.place_names.found import Found
from jiedui.registers.place_names.gazetteer import Gazetteer
from jiedui.registers.place_names.questions import (
    SEPARATOR,
    Question,
    Undecided,
    ask_about_code,
    ask_about_names,
    in_order,
    is_certain,
)
from jiedui.registers.place_names.tables import VILLAGE
from jiedui.registers.register import Register
from jiedui.registers.tables import PLACE_CODE, REGISTERS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.tables import Table

PATH = ("county", "township", "village")


@dataclass(frozen=True, slots=True)
class Placed:
    """A register with its place codes filled, and what has to be asked.

    Attributes
    ----------
    findings : tuple of Finding
        One for each distinct name or code of a table, with the number of its rows and its first cell.
    """

    register: Register
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Distinct:
    """Distinct texts of a column: which row holds which, how often, and where first."""

    texts: Sequence[str]
    index: NDArray[np.int64]
    counts: NDArray[np.int64]
    first: NDArray[np.int64]


def place_rows(
    register: Register, gazetteer: Gazetteer, *, within: str = "", year: int | None = None
) -> Placed:
    """Give a register with the codes and names of villages that leave no doubt.

    A name written in a variant (麻子村委会, an old township) becomes the name of the table of places. A code
    that an office wrote is never changed. Tables without a column for the code are looked up too, and
    only asked about. Rows without a village are passed over.

    Parameters
    ----------
    within
        Name or code of what all places of the register lie in.
    year
        The year in which the codes must hold; when not given, any time.

    Examples
    --------
    >>> from jiedui.registers import empty_register
    >>> from jiedui.registers.place_names import KNOWN_PLACES
    >>> place_rows(empty_register(), Gazetteer(KNOWN_PLACES.schema().empty_table())).findings
    ()
    """
    tables = dict(register.tables)
    findings: list[Finding] = []
    for table in REGISTERS:
        rows = tables[table.name]
        if rows.num_rows and any(column.name == VILLAGE for column in table.columns):
            tables[table.name], asked = _place(rows, gazetteer, within=within, year=year)
            findings += [_at(register, table, rows, one) for one in asked]
    return Placed(Register(tables, register.sources), tuple(findings))


def _place(
    rows: pa.Table, gazetteer: Gazetteer, *, within: str, year: int | None
) -> tuple[pa.Table, list[Question]]:
    """Fill the codes of one table and collect its questions in the order of their rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = _distinct([rows[name] for name in PATH if name in rows.column_names])
    found = [_look_up(text, gazetteer, within) for text in names.texts]
    if PLACE_CODE.name not in rows.column_names:
        return _named(rows, names, found), in_order(
            ask_about_names(names.texts, found, _all_undecided(names))
        )
    written = rows[PLACE_CODE.name]
    codes = pa.array([one.matches[0].code if is_certain(one) else None for one in found], pa.string())
    filled = pc.coalesce(written, pa.chunked_array([codes.take(pa.array(names.index))]))
    at = rows.schema.get_field_index(PLACE_CODE.name)
    pairs = _distinct([pa.chunked_array([pa.array(names.index).cast(pa.string())]), written])
    settled, undecided, asked = _compare(pairs, found, gazetteer, year)
    asked += ask_about_names(names.texts, found, undecided)
    rows = _named(rows, pairs, settled)
    return rows.set_column(at, rows.schema.field(at), filled), in_order(asked)


def _named(rows: pa.Table, names: _Distinct, found: Sequence[Found]) -> pa.Table:
    """Give the places that are certain the names they have in the table of places; what is blank stays so."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = [one.matches[0].path[-len(PATH) :] if is_certain(one) else () for one in found]
    index = pa.array(names.index)
    for order, name in enumerate(PATH):
        if name in rows.column_names:
            told = pa.array([path[order] if len(path) == len(PATH) else None for path in known], pa.string())
            written = rows[name]
            mended = pc.coalesce(pa.chunked_array([told.take(index)]), written)
            mended = pc.if_else(pc.is_valid(written), mended, pa.scalar(None, pa.string()))
            at = rows.schema.get_field_index(name)
            rows = rows.set_column(at, rows.schema.field(at), mended)
    return rows


def _distinct(columns: Sequence[pa.ChunkedArray]) -> _Distinct:
    """Join columns row by row and give the distinct texts in the order of their first rows."""
    import numpy as np
    import pyarrow.compute as pc

    joined = pc.binary_join_element_wise(*(pc.fill_null(column, "") for column in columns), SEPARATOR)
    encoded = joined.combine_chunks().dictionary_encode()
    index = encoded.indices.to_numpy().astype(np.int64)
    _, first, counts = np.unique(index, return_index=True, return_counts=True)
    return _Distinct(encoded.dictionary.to_pylist(), index, counts, first)


def _look_up(text: str, gazetteer: Gazetteer, within: str) -> Found:
    """Give the village of a joined path."""
    *outer, village = text.split(SEPARATOR)
    return gazetteer.find_along((within, *outer, village), level=VILLAGE)


def _all_undecided(names: _Distinct) -> dict[int, Undecided]:
    pairs = zip(names.counts, names.first, strict=True)
    return {name: Undecided(int(count), int(first)) for name, (count, first) in enumerate(pairs)}


def _compare(
    pairs: _Distinct, found: Sequence[Found], gazetteer: Gazetteer, year: int | None
) -> tuple[list[Found], dict[int, Undecided], list[Question]]:
    """Hold each written code against its name: an ambiguous name is decided by a code that fits it."""
    settled: list[Found] = []
    undecided: dict[int, Undecided] = {}
    asked: list[Question] = []
    for text, count, first in zip(pairs.texts, pairs.counts, pairs.first, strict=True):
        name, code = text.split(SEPARATOR, maxsplit=1)
        by_code = by_name = found[int(name)]
        fits = False
        if code:
            by_code = gazetteer.find_code(code, level=VILLAGE, year=year)
            fits = (
                by_code.status == "one" and by_name.status != "none" and by_code.matches[0] in by_name.matches
            )
            said = {"code": code, "rows": int(count)}
            asked += ask_about_code(by_code, by_name, int(first), said)
        settled.append(by_code if fits else by_name)
        if not fits:
            one = undecided.setdefault(int(name), Undecided())
            one.rows, one.first = one.rows + int(count), min(one.first, int(first))
    return settled, undecided, asked


def _at(register: Register, table: Table, rows: pa.Table, asked: Question) -> Finding:
    """Give the finding of a question at the first cell that it is about."""
    column = table.column(asked.column)
    place = {}
    source, row = rows["_source"][asked.row].as_py(), rows["_row"][asked.row].as_py()
    if source is not None and 0 <= source < len(register.sources):
        origin = register.sources[source]
        cell = origin.cell(table.name, row, asked.column)
        place = {"file": origin.place.file, "sheet": origin.place.sheet, "cell": cell}
    return finding(asked.rule, **place, **(asked.values | {"heading": column.words}))
