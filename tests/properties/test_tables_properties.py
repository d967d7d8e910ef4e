"""Whatever bytes a file holds, reading gives a table as declared or findings, and nothing else."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from jiedui.errors import InputError
from jiedui.tables import Column, Table, read_table, write_template
from jiedui.tables.grid import letters

ROWS = Table(
    "rows",
    {"zh": "行", "en": "rows"},
    (
        Column("id", "text", {"zh": "编号", "en": "row id"}),
        Column("count", "integer", {"zh": "数量", "en": "number of"}, required=False),
        Column("size", "number", {"zh": "大小", "en": "extent"}, required=False),
        Column("day", "date", {"zh": "日期", "en": "on"}, required=False),
        Column("open", "boolean", {"zh": "公开", "en": "is open"}, required=False),
    ),
    key=("id",),
)
NAMES = [column.name for column in ROWS.columns]


def outcome(data: bytes, ending: str) -> pa.Table | None:
    """Give the table that is read, None when findings are raised."""
    table, findings = None, 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rows.{ending}"
        path.write_bytes(data)
        try:
            table = read_table(path, ROWS).table
        except InputError as error:
            findings = len(error.findings)
    assert table is not None or 0 < findings <= 101
    assert table is None or table.schema == ROWS.schema()
    return table


def made(ending: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rows.{ending}"
        if ending == "xlsx":
            write_template(path, [ROWS], lang="zh")
        else:
            parquet.write_table(pa.table({"id": ["a", "b"], "count": [1, 2], "size": [0.5, None]}), path)
        return path.read_bytes()


GOOD = {ending: made(ending) for ending in ("xlsx", "parquet")}


@given(data=st.binary(max_size=300), ending=st.sampled_from(["csv", "xlsx", "parquet"]))
def test_random_bytes_raise_nothing_but_findings(data: bytes, ending: str) -> None:
    outcome(data, ending)


@given(data=st.data(), ending=st.sampled_from(["xlsx", "parquet"]))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_raises_nothing_but_findings(data: st.DataObject, ending: str) -> None:
    good = bytearray(GOOD[ending])
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)) | st.none())
    outcome(bytes(good[:cut]), ending)


@given(xml=st.text("<>/=\"' abcrstvf019AXFD", max_size=120))
@settings(max_examples=50, deadline=None)
def test_a_workbook_with_any_sheet_raises_nothing_but_findings(xml: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD["xlsx"])) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, f"<worksheet><sheetData>{xml}" if is_sheet else old.read(name))
    outcome(made.getvalue(), "xlsx")


@given(st.text(max_size=200))
def test_any_text_below_good_headings_raises_nothing_but_findings(text: str) -> None:
    outcome((",".join(NAMES) + "\n" + text).encode("utf-8", "surrogatepass"), "csv")


IDS = st.text(st.characters(whitelist_categories=["L", "P"], codec="utf-8"), min_size=1, max_size=8)
GOOD_ROWS = st.fixed_dictionaries(
    {
        "id": IDS,
        "count": st.none() | st.integers(-(2**53), 2**53),
        "size": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "day": st.none() | st.dates().map(str),
        "open": st.none() | st.booleans(),
    }
)


@given(rows=st.lists(GOOD_ROWS, min_size=1, max_size=8, unique_by=lambda row: row["id"]))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_is_written_as_csv_is_read_back_equal(rows: list[dict[str, object]], encoding: str) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, NAMES)
    writer.writeheader()
    writer.writerows(rows)
    table = outcome(text.getvalue().encode(encoding), "csv")
    assert table is not None
    assert table.to_pylist() == rows


@given(st.integers(0, 20_000))
def test_the_letters_of_a_column_count_like_a_number_of_base_26(position: int) -> None:
    value = 0
    for letter in letters(position):
        value = value * 26 + ord(letter) - ord("A") + 1
    assert value == position + 1
