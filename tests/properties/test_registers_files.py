"""Reading beside twins that do the same slowly: what was written comes back, cell by cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.registers.files import NUMBER, TEXT, Limits, Sheet, read_sheets
from jiedui.registers.files.delimited import read_delimited
from jiedui.registers.files.layout import fill_merges
from jiedui.registers.files.raw import Raw
from jiedui.tables.grid import Place

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), max_size=8)
LINES = WORDS | st.sampled_from(["", " ", "，", "甲\n乙", "a,b", '说"好"', "1e5", "合", "　甲　"])
"""Cells that a reader may trip over."""
HEADINGS = ("户编号", "姓名", "住址")


def table_of(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """Give tables of three columns; the first cell of a row is never blank, nor a word for a total."""
    row = st.tuples(st.integers(0, 999), cells, cells).map(lambda row: [f"H{row[0]}", row[1], row[2]])
    return st.lists(row, min_size=1, max_size=20)


def read_bytes(content: bytes, ending: str) -> Sheet:
    """Read the only sheet of a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(content)
        (sheet,) = read_sheets(path)
    return sheet


def expected(rows: list[list[str]]) -> list[list[str | None]]:
    """Give cells as they should come back."""
    return [[cell.strip() or None for cell in row] for row in rows]


def cells(sheet: Sheet) -> list[list[str | None]]:
    """Give the cells of a sheet by row."""
    return [list(row.values()) for row in sheet.cells.to_pylist()]


@given(rows=table_of(LINES), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_text_comes_back_as_the_csv_module_wrote_it(rows: list[list[str]], encoding: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADINGS, *rows])
    sheet = read_bytes(out.getvalue().encode(encoding), ".csv")
    assert sheet.headings == HEADINGS
    assert cells(sheet) == expected(rows)
    assert sheet.rows.tolist() == list(range(2, len(rows) + 2))


@given(lines=st.lists(st.text(st.sampled_from("甲a1 ,\t;\n"), max_size=12), min_size=1, max_size=12))
def test_regular_text_is_read_the_same_by_the_block_and_by_the_record(lines: list[str]) -> None:
    content = "\n".join(["姓名,住址", *lines])
    by_record = content + '\n"乙"\n'
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        found = []
        for written in (content + "\n乙\n", by_record):
            path.write_text(written, encoding="utf-8")
            raw = read_delimited(path, Place("a.csv"), Limits())
            found.append([column.to_pylist() for column in raw.columns])
    assert found[0] == found[1]


@settings(max_examples=15)
@given(
    rows=table_of(WORDS), numbers=st.lists(st.floats(-1e14, 1e14, allow_nan=False), min_size=20, max_size=20)
)
def test_a_workbook_comes_back_as_it_was_written(rows: list[list[str]], numbers: list[float]) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, (*HEADINGS, "数"))
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
            sheet.write_number(number, 3, numbers[number - 1])
    found = read_bytes(out.getvalue(), ".xlsx")
    assert [row[:3] for row in cells(found)] == expected(rows)
    written = [float(row[3] or "nan") for row in cells(found)]
    assert np.allclose(written, numbers[: len(rows)], rtol=ROUNDED, atol=0)
    assert found.kinds is not None
    assert set(found.kinds.column(0).to_pylist()) == {TEXT}
    assert set(found.kinds.column(3).to_pylist()) == {NUMBER}


ROUNDED = 5e-15
"""A number is written with 15 digits: the last may be half a unit off."""


@given(
    height=st.integers(1, 12),
    ranges=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 2), st.integers(0, 14)), max_size=4),
    first=st.integers(0, 3),
)
def test_merged_cells_are_filled_down_as_one_by_one(
    height: int, ranges: list[tuple[int, int, int]], first: int
) -> None:
    columns = [[f"{place}-{row}" for row in range(height)] for place in range(3)]
    merges = [(top, left, top + deep, left) for top, left, deep in ranges if top < height]
    twin = [list(column) for column in columns]
    for top, left, bottom, _ in merges:
        for row in range(top, min(bottom + 1, height)):
            if first <= top < bottom:
                twin[left][row] = columns[left][top]
    raw = Raw(Place("a"), [pa.chunked_array([column]) for column in columns], None, merges)
    assert [column.to_pylist() for column in fill_merges(raw, first)] == twin
