"""Headings matched to columns: a person's line first, then names, aliases, and what is clearly alike."""

from __future__ import annotations

from collections.abc import Sequence

from jiedui.registers.files import Sheet
from jiedui.registers.headings.desk import Desk
from jiedui.registers.headings.maps import HeadingMap
from jiedui.registers.headings.saved import SavedMap
from jiedui.registers.headings.subjects import HOUSEHOLDS, PERSONS, choose_subjects
from jiedui.registers.headings.vocabulary import Vocabulary
from jiedui.registers.tables import REGISTERS
from jiedui.tables import Table


def match_headings(
    sheet: Sheet, tables: Sequence[Table] = REGISTERS, saved: SavedMap | None = None
) -> HeadingMap:
    """Give, for each heading of a sheet, the columns it feeds, or none, with the reason.

    Names and aliases are compared without spaces, widths, punctuation, serial numbers, units and remarks
    in brackets; of a heading of several levels the longest end that is known counts. Which table a sheet is
    for is seen from all headings together, with the names of file, sheet and title.

    Parameters
    ----------
    tables : sequence of Table
        The tables a heading may belong to.
    saved : SavedMap, optional
        Lines that a person confirmed; they win over everything.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa
    >>> from jiedui.tables.grid import Place
    >>> headings = ["户编号", "户主姓名", "人均纯收入(万元)"]
    >>> cells = pa.table({f"c{n}": pa.array([], pa.string()) for n in range(3)})
    >>> place, none = Place("户.csv"), np.array([], dtype=np.int64)
    >>> sheet = Sheet(place, "", headings, range(3), cells, None, none, 1, (), "")
    >>> [(feed.column, feed.reason, feed.factor) for feed in match_headings(sheet).feeds]
    [('household', 'exact', 1), ('head', 'exact', 1), ('income_per_head', 'exact', 10000)]
    """
    desk = Desk(sheet, Vocabulary(tables))
    lines = saved.lines_for(sheet) if saved else {}
    desk.take_saved(lines)
    subjects, near = _subjects(desk, tables)
    if subjects:
        desk.vocabulary = Vocabulary(table for table in tables if table.name in subjects)
        desk.take_named(subjects)
        desk.take_similar()
    desk.asking.whole(subjects, near, desk.open)
    if lines:
        desk.asking.changed(lines)
    return desk.close(subjects)


def _subjects(desk: Desk, tables: Sequence[Table]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the tables a sheet is for; those of a person's lines go before what the headings suggest."""
    place = desk.sheet.place
    named = f"{place.file} {place.sheet} {desk.sheet.title}"
    chosen, near = choose_subjects([desk.vocabulary.hits(label) for label in desk.labels], tables, named)
    told = dict.fromkeys(feed.table for feeds in desk.feeds.values() for feed in feeds if feed.is_fed)
    if told:
        both = {*told, *chosen} if {*told} & {*chosen} else {*told}
        order = dict.fromkeys((PERSONS, HOUSEHOLDS, *chosen, *told))
        return tuple(name for name in order if name in both), ()
    return chosen, near
