"""The cells of a sheet: values as an office writes them, remarks, variants, spoiled numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from jiedui.registers.synthetic.spelling import Cell, Style, spell, vary
from jiedui.registers.synthetic.words import read_plans, read_words
from jiedui.registers.tables import REGISTERS
from jiedui.tables import Column

Record = Mapping[str, object]
Known = tuple[str, Column] | None
"""The table and the column of a heading; None for one that nobody knows."""
TABLES = {table.name: table for table in REGISTERS}
UNITS = ("（元）", "（万元）", "（月）", "（平方米）", "（亩）", "（公里）")
REMARKED, DAMAGED = 0.08, 0.4
"""Share of rows with a remark, and of remarks that are damaged."""


def find_column(heading: str, tables: Sequence[object]) -> Known:
    """Give the first table and column that a heading stands for; None for a heading nobody knows."""
    last = heading.rsplit("/", 1)[-1] if "/" in heading and "致贫/" not in heading else heading
    bare = last
    for unit in UNITS:
        bare = bare.removesuffix(unit)
    for name in tables:
        for column in TABLES[str(name)].columns:
            known = {_narrow(name) for name in (*column.headings, *column.aliases)}
            if _narrow(last) in known or _narrow(bare) in known:
                return str(name), column
    return None


def _narrow(heading: str) -> str:
    return heading.replace("（", "(").replace("）", ")")


def other_cell(heading: str, place: int) -> Cell:
    """Give what stands in a column that no table of ours has."""
    if heading == "序号":
        return place + 1
    known = read_plans()["others"].get(heading)
    if isinstance(known, int):
        return (place * 37 + len(heading)) * 7 % known
    return known[(place * 7 + len(heading)) % len(known)] if known else None


def fill_cell(record: Record, known: Known, style: Style, other: Cell) -> Cell:
    """Give a cell: the value of a record as the office writes it, or what stands in an unknown column."""
    if known is None:
        return other
    name, column = known
    return spell(record.get(f"{name}.{column.name}"), column, style)


def vary_cells(
    body: list[list[Cell]], columns: Sequence[Known], style: Style, rng: np.random.Generator
) -> None:
    """Write villages, names and numbers in variants, in place."""
    draws = rng.random((len(body), len(columns)))
    for row, chances in zip(body, draws, strict=True):
        for place, known in enumerate(columns):
            if known is not None:
                row[place] = vary(row[place], known[1], style, float(chances[place]))


def write_remarks(
    body: list[list[Cell]],
    columns: Sequence[Known],
    rng: np.random.Generator,
) -> list[tuple[int, int, str, str]]:
    """Write remarks, some of them damaged; give where and what they said."""
    remarks = read_words()["remarks"]
    notes = [place for place, known in enumerate(columns) if known is not None and known[1].name == "note"]
    told = []
    for place in notes:
        for row in np.flatnonzero(rng.random(len(body)) < REMARKED):
            if rng.random() < DAMAGED:
                clean, damaged = remarks["damaged"][int(rng.integers(len(remarks["damaged"])))]
                body[row][place] = damaged
                told.append((int(row), place, "damaged_text", clean))
            else:
                body[row][place] = remarks["plain"][int(rng.integers(len(remarks["plain"])))]
    return told


def spoil_ids(
    body: list[list[Cell]],
    columns: Sequence[Known],
    count: int,
    rng: np.random.Generator,
) -> list[tuple[int, int, str, str]]:
    """Store some ID numbers as numbers, so that their last digits are lost."""
    (place, *_) = [
        place for place, known in enumerate(columns) if known and known[1].name == "id_number"
    ] or [-1]
    told = []
    for row in rng.permutation(len(body))[:count]:
        clean = body[row][place]
        if isinstance(clean, str) and clean.isdigit():
            body[row][place] = float(clean)
            told.append((int(row), place, "id_as_number", clean))
    return told
