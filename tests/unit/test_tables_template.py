"""The Excel template and the codebook, made from the declarations alone."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import openpyxl
import pytest

from jiedui.language import LANGUAGES, Lang
from jiedui.tables import (
    CODEBOOK,
    Column,
    Table,
    codebook_rows,
    read_table,
    shared,
    sheet_name,
    write_template,
)

if TYPE_CHECKING:
    from pathlib import Path

SHARED = [declared for declared in vars(shared).values() if isinstance(declared, Table)]
FORMS = Table(
    "forms",
    {"zh": "样表", "en": "forms"},
    (
        Column("id", "text", {"zh": "编号", "en": "number"}),
        Column("open", "boolean", {"zh": "是否公开", "en": "is open"}),
        Column(
            "share", "number", {"zh": "占比", "en": "share"}, {"zh": "%", "en": "%"}, at_least=0, at_most=100
        ),
        Column("count", "integer", {"zh": "数量", "en": "count"}, required=False, at_least=1),
        Column("kind", "text", {"zh": "种类", "en": "kind"}, choices=("a", "b"), source="样本"),
    ),
    key=("id",),
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_template_is_read_back_sheet_by_sheet(tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, [FORMS, shared.ADJACENCY], lang=lang)
    book = openpyxl.load_workbook(path)
    book[sheet_name(FORMS, lang)].append(["007", "是" if lang == "zh" else "yes", 12.5, None, "b"])
    book[sheet_name(shared.ADJACENCY, lang)].append(["110101", "110102"])
    book.save(path)
    forms = read_table(path, FORMS, sheet=sheet_name(FORMS, lang))
    assert forms.table.to_pylist() == [{"id": "007", "open": True, "share": 12.5, "count": None, "kind": "b"}]
    assert (forms.notes, forms.cell(0, "share")) == ((), "C3")
    neighbours = read_table(path, shared.ADJACENCY, sheet=sheet_name(shared.ADJACENCY, lang))
    assert neighbours.table.to_pylist() == [{"code_a": "110101", "code_b": "110102"}]


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    write_template(first, SHARED, lang="zh", notes={"截止": "2026年12月31日"})
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100_000)
    write_template(second, SHARED, lang="zh", notes={"截止": "2026年12月31日"})
    assert first.read_bytes() == second.read_bytes()


def test_the_template_lists_choices_and_bounds_for_the_cells_below_the_headings(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, [FORMS], lang="zh")
    sheet = openpyxl.load_workbook(path)["样表"]
    assert [cell.value for cell in sheet[1]] == ["编号", "是否公开", "占比（%）", "数量", "种类"]
    assert [cell.value for cell in sheet[2]] == ["id", "open", "share", "count", "kind"]
    assert sheet.row_dimensions[2].hidden
    assert sheet.freeze_panes == "A3"
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["B3:B1048576"].formula1 == '"是,否"'
    assert (rules["C3:C1048576"].formula1, rules["C3:C1048576"].formula2) == ("0", "100")
    assert (rules["D3:D1048576"].type, rules["D3:D1048576"].operator) == ("whole", "greaterThanOrEqual")
    assert rules["E3:E1048576"].formula1 == '"a,b"'


def test_the_first_sheet_holds_the_remarks_and_the_codebook(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, [FORMS], lang="en", notes={"Deadline": "=1+1"})
    sheet = openpyxl.load_workbook(path).worksheets[0]
    lines = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert sheet.title == "Notes"
    assert lines[0][:2] == ["Deadline", "=1+1"]
    assert lines[2] == [column.heading("en") for column in CODEBOOK.columns]
    assert lines[5] == ["forms", "share", "share (%)", "number", "%", "yes", "between 0 and 100", ""]


def test_the_codebook_has_a_row_for_every_column_in_both_languages() -> None:
    for lang in LANGUAGES:
        rows = codebook_rows([*SHARED, FORMS], lang)
        assert len(rows) == sum(len(table.columns) for table in [*SHARED, FORMS])
        assert all(set(row) == {column.name for column in CODEBOOK.columns} for row in rows)
        assert rows[-1]["allowed"] == ("a、b" if lang == "zh" else "a, b")
        assert rows[-1]["source"] == "样本"


@pytest.mark.parametrize("table", SHARED, ids=lambda table: table.name)
def test_a_shared_table_has_distinct_headings_and_a_required_key(table: Table) -> None:
    for one, other in itertools.combinations(table.columns, 2):
        assert not set(one.headings) & set(other.headings)
    assert table.key
    # A candidate row without helper says that its recipient has none.
    may_be_blank = {"helper"} if table.name == "candidates" else set()
    assert all(table.column(name).required for name in set(table.key) - may_be_blank)
    assert all(column.words.keys() == set(LANGUAGES) for column in table.columns)


def test_a_list_too_long_for_excel_is_left_to_the_reader(tmp_path: Path) -> None:
    many = Column("kind", "text", {"zh": "种类", "en": "kind"}, choices=tuple(f"kind{i}" for i in range(100)))
    write_template(tmp_path / "t.xlsx", [Table("t", {"zh": "表", "en": "t"}, (many,))], lang="zh")
    assert not openpyxl.load_workbook(tmp_path / "t.xlsx")["表"].data_validations.dataValidation


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = ["pyarrow", "numpy", "xlsxwriter", "python_calamine"]
    said = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"import jiedui.tables, sys; print([m for m in {heavy} if m in sys.modules])"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
