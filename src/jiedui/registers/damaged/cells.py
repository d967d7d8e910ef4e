"""The repair of many cells that belong together: each different text once, judged by all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from jiedui.registers.damaged.changes import Change, Question, Repaired
from jiedui.registers.damaged.characters import simplified_only
from jiedui.registers.damaged.repair import mended_signs, suspicious
from jiedui.registers.damaged.script import Evidence, mend_script, total, weigh
from jiedui.registers.files import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T", bound="pa.Table | Sheet")


@dataclass(frozen=True, slots=True)
class RepairedTable(Generic[T]):
    """A table or sheet with what was certain repaired; changes and questions in the order of its rows."""

    table: T
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """What was found in one cell, and where the cell stands among all, for the order."""

    order: tuple[int, int]
    where: str
    found: Repaired


def repair_table(table: T) -> RepairedTable[T]:
    """Give a table or a sheet with the damage of its texts repaired where that is certain.

    How it was written is judged by all of its different texts together. A sheet's title and headings are
    repaired with its cells. What holds invisible signs only becomes null.

    Parameters
    ----------
    table : pyarrow.Table or Sheet
        Of a table the columns of text; its cells are named ``column row``, rows counted from 1.

    Examples
    --------
    >>> import pyarrow as pa
    >>> repaired = repair_table(pa.table({"head": ["张大山", "聯(lián)系人"], "size": [3, 4]}))
    >>> repaired.table["head"].to_pylist(), repaired.changes[0].where
    (['张大山', '联系人'], 'head 2')
    """
    if isinstance(table, Sheet):
        return cast("RepairedTable[T]", _repair_sheet(table))
    found = mend_all(dict.fromkeys(_texts(table)))
    cells, placed = _mended(table, found, lambda row, column: f"{table.column_names[column]} {row + 1}")
    return RepairedTable(cells, *listed(placed))


def mend_all(texts: Iterable[str]) -> Mapping[str, Repaired]:
    """Give those of different texts in which something was repaired or is asked.

    Where they are traditional together that is asked once, at the first.
    """
    whole: list[str] = []
    drafts = {}
    for text in texts:
        if suspicious().search(text):
            drafts[text] = mended_signs(text)
        else:
            whole.append(text)
    evidence = total(weigh(draft.text) for draft in drafts.values())
    if evidence.bare:
        evidence += Evidence(len(simplified_only().findall("\n".join(whole))), 0, 0)
    for draft in drafts.values():
        asked = len(draft.questions)
        mend_script(draft, evidence)
        if not evidence.is_simplified and len(draft.questions) > asked:
            evidence = Evidence(0, 0, 0)
    repaired = ((text, draft.repaired()) for text, draft in drafts.items())
    return {text: found for text, found in repaired if found.changes or found.questions}


def listed(placed: Sequence[Placed]) -> tuple[tuple[Change, ...], tuple[Question, ...]]:
    """Give all changes and all questions, each with its cell, in the order of the cells."""
    ordered = sorted(placed, key=lambda one: one.order)
    changes = [
        Change(one.where, change.position, change.was, change.now, change.kind)
        for one in ordered
        for change in one.found.changes
    ]
    questions = [replace(ask, where=one.where) for one in ordered for ask in one.found.questions]
    return tuple(changes), tuple(questions)


def _repair_sheet(sheet: Sheet) -> RepairedTable[Sheet]:
    texts = [sheet.title, *sheet.headings]
    found = mend_all(dict.fromkeys([*texts, *_texts(sheet.cells)]))
    cells, placed = _mended(sheet.cells, found, sheet.cell)
    above = [
        Placed((at - len(texts), 0), _heading_place(sheet, at - 1), found[text])
        for at, text in enumerate(texts)
        if text in found
    ]
    title, *headings = (found[text].text if text in found else text for text in texts)
    mended = replace(sheet, title=title, headings=headings, cells=cells)
    return RepairedTable(mended, *listed([*above, *placed]))


def _heading_place(sheet: Sheet, column: int) -> str:
    """Give the address of a heading; the title, above them, has none."""
    return "" if column < 0 else sheet.place.cell(sheet.bottom, sheet.positions[column])


def _is_text(column: pa.ChunkedArray) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _texts(table: pa.Table) -> Iterator[str]:
    """Give the different texts of each column."""
    for column in table.columns:
        if _is_text(column):
            yield from column.drop_null().unique().to_pylist()


def _mended(
    table: pa.Table, found: Mapping[str, Repaired], address: Callable[[int, int], str]
) -> tuple[pa.Table, list[Placed]]:
    """Give the cells with what was found put in their places, and each place."""
    placed: list[Placed] = []
    for at, column in enumerate(table.columns):
        if found and _is_text(column):
            mended, rows = _mended_column(column, found)
            table = table.set_column(at, table.field(at), mended)
            placed += (Placed((row, at), address(row, at), found[text]) for row, text in rows)
    return table, placed


def _mended_column(
    column: pa.ChunkedArray, found: Mapping[str, Repaired]
) -> tuple[pa.ChunkedArray, list[tuple[int, str]]]:
    """Give a column mended, and each row in which something was found with its text."""
    import numpy as np
    import pyarrow as pa

    encoded = column.combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    here = [text in found for text in texts]
    if not any(here):
        return column, []
    now = pa.array([found[text].text or None if text in found else text for text in texts], column.type)
    codes = encoded.indices.fill_null(len(texts)).to_numpy()
    rows = np.flatnonzero(np.array([*here, False])[codes])
    pairs = [(row, texts[code]) for row, code in zip(rows.tolist(), codes[rows].tolist(), strict=True)]
    return pa.chunked_array([now.take(encoded.indices)], column.type), pairs
