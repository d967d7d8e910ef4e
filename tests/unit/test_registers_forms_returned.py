"""What goes back to the clerk: their own workbook with its issues, clean tables, the update list."""

from __future__ import annotations

import csv
import importlib.util
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
import xlwt
from odf import table as odf_table
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from tests.registers_made import ID_NUMBER, cells_of, corrections_of, findings_of, register_of, texts_of

from jiedui.errors import InputError
from jiedui.registers import Register, Source
from jiedui.registers.forms import (
    return_workbook,
    tick_off,
    write_tables,
    write_update_list,
)
from jiedui.registers.forms.outputs import village_summary
from jiedui.registers.forms.updates import update_list
from jiedui.tables.grid import Place

ISSUES = {"zh": "问题（待核实）", "en": "Issues (to be looked into)"}
FOUND = {"file": "a.xlsx", "sheet": "户", "column": "size", "found": "3"}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """Make an office's workbook: a title over merged cells, two heading rows, a formula, a comment."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "户"
    sheet.append(["某县户信息表"])
    sheet["A1"].font = Font(name="黑体", size=18, color="FF0000")
    sheet.merge_cells("A1:D1")
    sheet.append(["户编号", "人口", "收入", None])
    sheet.merge_cells("C2:D2")
    sheet.append([None, None, "工资", "经营"])
    sheet.append(["1001", 3, 12.5, "=C4*2"])
    sheet.append(["1002", 5, 8, "=1+1"])
    sheet["D5"].data_type = "s"
    sheet["B5"].comment = Comment("本办批注", "张")
    sheet.column_dimensions["A"].width = 33
    sheet.add_data_validation(DataValidation("whole", sqref="B4:B9", formula1="1", formula2="20"))
    book.create_sheet("说明")["A1"] = "填表说明"
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def returned(original: Path, *rows: dict[str, Any], name: str = "back.xlsx") -> Path:
    target = original.with_name(name)
    return_workbook(original, findings_of(*rows), target, "zh")
    return target


def test_issues_stand_beside_the_last_heading_in_the_rows_they_are_about(original: Path) -> None:
    back = returned(
        original, {**FOUND, "cell": "B4"}, {**FOUND, "cell": "C4", "zh": "另一问。"}, {**FOUND, "cell": "A5"}
    )
    column = [row[4] for row in cells_of(back, "户")]
    one = "人口数与成员数不一致，请核实。"
    heights = openpyxl.load_workbook(back)["户"].row_dimensions
    assert heights[4].height > heights[5].height
    assert column == [None, ISSUES["zh"], None, f"1. {one}\n2. 另一问。", one]


def test_headings_stand_where_the_caller_says(original: Path) -> None:
    target = original.with_name("back.xlsx")
    findings = findings_of({**FOUND, "cell": "B4"})
    return_workbook(original, findings, target, "en", headings={"户": 3})
    assert cells_of(target, "户")[2][4] == ISSUES["en"]


def test_the_cells_concerned_are_coloured_and_say_why(original: Path) -> None:
    sheet = openpyxl.load_workbook(returned(original, {**FOUND, "cell": "B4"}, {**FOUND, "cell": "D2"}))["户"]
    assert sheet["B4"].fill.fgColor.rgb == "00FFF2CC"
    assert sheet["B4"].comment.text == "人口数与成员数不一致，请核实。"
    assert sheet["A4"].comment is None
    assert sheet["C2"].comment is not None, "of merged cells the first holds the value"


def test_the_sheet_of_findings_leads_to_the_cells(original: Path) -> None:
    book = openpyxl.load_workbook(returned(original, {**FOUND, "cell": "B4"}, {"zh": "全表一问。"}))
    sheet = book["待核实问题"]
    assert sheet["C3"].value == "B4"
    assert sheet["C3"].hyperlink.location == "'户'!B4"
    assert [cell.value for cell in sheet[3]][3:7] == ["待核实", "户", "家庭人口数", "3"]
    assert sheet["C4"].value is None
    assert sheet["H4"].value == "全表一问。"


def test_the_format_of_the_office_is_kept_and_formulas_become_values(original: Path) -> None:
    book = openpyxl.load_workbook(returned(original, {**FOUND, "cell": "B4"}))
    sheet = book["户"]
    assert (sheet["A1"].font.name, sheet["A1"].font.size, sheet["A1"].font.color.rgb) == (
        "黑体",
        18,
        "00FF0000",
    )
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:D1", "C2:D2"]
    assert sheet.column_dimensions["A"].width == 33
    assert sheet.data_validations.dataValidation
    assert sheet["B5"].comment.text == "本办批注"
    assert (sheet["D5"].value, sheet["D5"].data_type, sheet["D5"].quotePrefix) == ("=1+1", "s", True)
    assert sheet["D4"].data_type != "f"
    assert book["说明"]["A1"].value == "填表说明"


def test_the_original_is_not_touched_and_the_same_bytes_come_back(original: Path) -> None:
    before = original.read_bytes()
    first = returned(original, {**FOUND, "cell": "B4"})
    second = returned(original, {**FOUND, "cell": "B4"}, name="again.xlsx")
    assert original.read_bytes() == before
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(InputError, match=r"forms\.original"):
        return_workbook(original, findings_of(), original, "zh")
    assert original.read_bytes() == before


def test_a_workbook_returned_once_more_has_the_new_issues_only(original: Path) -> None:
    first = returned(original, {**FOUND, "cell": "B4"})
    row = {**FOUND, "file": "back.xlsx", "cell": "C5", "zh": "新的一问。"}
    second = returned(first, row, name="second.xlsx")
    book = openpyxl.load_workbook(second)
    assert book.sheetnames == ["户", "说明", "待核实问题"]
    assert [row[4] for row in cells_of(second, "户")] == [None, ISSUES["zh"], None, None, "新的一问。"]
    assert book["户"]["B4"].comment is None
    assert book["户"]["B4"].fill.fill_type is None


def test_merged_cells_of_the_office_are_never_written_over(original: Path) -> None:
    book = openpyxl.load_workbook(original)
    sheet = book["户"]
    sheet.merge_cells("A6:H6")
    sheet["A6"] = "填表人：        审核人："
    sheet.unmerge_cells("C2:D2")
    sheet.merge_cells("C2:F2")
    book.save(original)
    back = returned(original, {**FOUND, "cell": "A6"}, {**FOUND, "cell": "B4"})
    rows = cells_of(back, "户")
    assert rows[5][0] == "填表人：        审核人："
    assert rows[1][6] == ISSUES["zh"]
    assert rows[3][6] == "人口数与成员数不一致，请核实。"


def test_a_workbook_whose_formats_are_damaged_comes_back_as_values(original: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "d.xlsx"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'rgb="00FF0000"', b'rgb="crimson"'))
    written = return_workbook(damaged, findings_of(), tmp_path / "back.xlsx", "zh")
    assert cells_of(written.files[0], "户")[3][:2] == ["1001", 3]
    assert "格式读不出" in written.notes[0]["zh"]


def test_findings_of_other_files_are_left_aside(original: Path) -> None:
    back = returned(original, {**FOUND, "file": "b.xlsx", "cell": "B4"}, {**FOUND, "cell": "A4"})
    assert openpyxl.load_workbook(back)["户"]["B4"].comment is None


def test_what_is_left_out_is_said(original: Path, tmp_path: Path) -> None:
    with_macros = tmp_path / "m.xlsm"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(with_macros, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/vbaProject.bin", b"macro")
    written = return_workbook(with_macros, findings_of(), tmp_path / "back.xlsx", "zh")
    notes = " ".join(note["en"] for note in written.notes)
    assert "macros" in notes
    assert "formulas" in notes
    with zipfile.ZipFile(tmp_path / "back.xlsx") as parts:
        assert "xl/vbaProject.bin" not in parts.namelist()
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


def test_without_the_office_part_the_values_come_back_and_it_is_said(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    written = return_workbook(
        original, findings_of({**FOUND, "cell": "B4"}), original.with_name("b.xlsx"), "zh"
    )
    assert "office" in written.notes[0]["zh"]
    rows = cells_of(written.files[0], "户")
    assert rows[3][:2] == ["1001", 3]
    assert rows[1][4] == ISSUES["zh"]


def open_document(path: Path, rows: list[list[str | float]]) -> None:
    book = OpenDocumentSpreadsheet()
    sheet = odf_table.Table(name="表一")
    for cells in rows:
        row = odf_table.TableRow()
        for value in cells:
            number = {} if isinstance(value, str) else {"value": value}
            cell = odf_table.TableCell(valuetype="float" if number else "string", **number)
            cell.addElement(P(text=str(value)))
            row.addElement(cell)
        sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    book.save(path)


def test_old_workbooks_and_text_come_back_as_xlsx_with_their_values(tmp_path: Path) -> None:
    old = xlwt.Workbook()
    sheet = old.add_sheet("Sheet1")
    rows: list[list[str | float]] = [["户编号", "人口"], ["1001", 3], ["1002", 2.5]]
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    old.save(tmp_path / "a.xls")
    open_document(tmp_path / "d.ods", rows)
    (tmp_path / "b.csv").write_bytes("户编号;人口\n1001;=1+1\n".encode("gb18030"))
    (tmp_path / "c.tsv").write_bytes("户编号\t人口\n1001\t2\n".encode("utf-16"))
    cells_back = {
        "a.xls": ("1001", 3),
        "b.csv": ("1001", "=1+1"),
        "c.tsv": ("1001", "2"),
        "d.ods": ("1001", 3),
    }
    for name, expected in cells_back.items():
        findings = findings_of({"file": name, "cell": "B2"})
        written = return_workbook(tmp_path / name, findings, tmp_path / "back.xlsx", "zh")
        back = cells_of(written.files[0])
        assert back[0] == ["户编号", "人口", ISSUES["zh"]]
        assert back[1] == [*expected, "人口数与成员数不一致，请核实。"]
        sheet = openpyxl.load_workbook(written.files[0]).worksheets[0]
        assert sheet["B2"].comment.text.endswith("人口数与成员数不一致，请核实。")


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("a.pdf", b"x", "forms.not_workbook"),
        ("a.xls", b"not a workbook", "forms.unreadable"),
        ("a.xlsx", b"not a workbook", "forms.unreadable"),
        ("a.csv", b"\xff\x00\xff", "forms.unreadable"),
        ("none.xlsx", None, "forms.unreadable"),
    ],
)
def test_a_file_that_cannot_be_returned_is_refused(
    name: str, data: bytes | None, rule: str, tmp_path: Path
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=rule):
        return_workbook(tmp_path / name, findings_of(), tmp_path / "back.xlsx", "zh")
    assert not (tmp_path / "back.xlsx").exists()


def test_id_numbers_in_findings_are_hidden_but_for_four_signs(original: Path) -> None:
    row = {
        **FOUND,
        "cell": "B4",
        "column": "head_id_number",
        "found": "12345678901",
        "zh": f"证件 {ID_NUMBER}。",
    }
    words = texts_of(returned(original, row))
    assert "**************1234" in words
    assert "*******8901" in words
    assert ID_NUMBER not in words


def test_clean_tables_are_written_three_ways_with_their_codebook(tmp_path: Path) -> None:
    rows = [{"household": "0012", "income": 123_450, "has_safe_water": True, "note": "=cmd"}]
    register = register_of(households=rows)
    written = write_tables(register, tmp_path, "zh", findings=findings_of({"village": "东村"}))
    assert [path.name for path in written.files] == [
        *("households.csv", "households.parquet", "findings.csv", "findings.parquet"),
        *("village_summary.csv", "village_summary.parquet", "clean.xlsx"),
    ]
    with written.files[0].open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["户编号"], line["家庭纯收入（元）"], line["是否解决安全饮用水"]) == ("0012", "1234.50", "是")
    assert line["备注"] == "'=cmd"
    assert pq.read_table(written.files[1])["income"].to_pylist() == [123_450]
    book = openpyxl.load_workbook(written.files[-1])
    assert book.sheetnames == ["说明", "户", "待核实问题", "分村问题"]
    heading = [cell.value for cell in book["户"][1]]
    assert book["户"].cell(2, heading.index("家庭纯收入（元）") + 1).value == 1234.5


def test_a_register_without_rows_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"forms\.no_rows"):
        write_tables(register_of(), tmp_path, "zh")
    assert list(tmp_path.iterdir()) == []


def test_a_village_is_told_how_many_questions_it_has_by_rule() -> None:
    rows = [
        {"township": "云镇", "village": "东村"},
        {"township": "云镇", "village": "东村", "rule": "1_02_002", "severity": "error"},
        {"township": "云镇", "village": "东村"},
        {},
    ]
    assert [tuple(row.values()) for row in village_summary(findings_of(*rows)).to_pylist()] == [
        ("云镇", "东村", "error", "1_02_002", 1),
        ("云镇", "东村", "question", "1_01_001", 2),
        (None, None, "question", "1_01_001", 1),
    ]


@pytest.fixture
def register() -> Register:
    positions = {"households": {"household": 1, "head": 2, "size": 4}}
    sources = (Source(Place("监测对象.xlsx", "Sheet1"), positions, "0" * 64),)
    return register_of(
        sources,
        households=[
            {"household": "1001", "head": "甲", "size": 4, "township": "云镇", "village": "东村"},
            {"household": "1002", "head": "乙", "size": 2, "head_id_number": ID_NUMBER},
        ],
        persons=[{"household": "1001", "name": "小甲", "id_number": ID_NUMBER, "_source": 7}],
        projects=[{"project": "p1", "name": "水渠"}],
    )


CORRECTIONS = (
    {"register": "projects", "row_key": "p1", "column": "name", "was": "渠", "is": "水渠"},
    {"row_key": "1002", "column": "head_id_number", "was": ID_NUMBER[:-1] + "5", "is": ID_NUMBER},
    {"register": "persons", "row_key": "1001|小甲|旧", "column": "id_number", "was": "旧", "is": ID_NUMBER},
    {"row_key": "1001"},
    {"row_key": "1001", "column": "head", "was": "申", "is": "甲"},
    {"row_key": "9999"},
)


def test_updates_stand_household_by_household_as_the_screens_do(register: Register) -> None:
    lines = update_list(corrections_of(*CORRECTIONS), register).to_pylist()
    assert [(line["household"], line["name"], line["column"]) for line in lines] == [
        ("1001", "甲", "head"),
        ("1001", "甲", "size"),
        ("1001", "小甲", "id_number"),
        ("1002", "乙", "head_id_number"),
        ("9999", None, "size"),
        (None, "水渠", "name"),
    ]


def test_the_printed_update_list_hides_id_numbers_and_the_sheets_for_entry_do_not(
    register: Register, tmp_path: Path
) -> None:
    target = tmp_path / "u.xlsx"
    write_update_list(corrections_of(*CORRECTIONS), register, target, "zh", on="2026-11-30")
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["更新清单", "按原表 1", "按原表 2"]
    printed = [[cell.value for cell in row] for row in book["更新清单"].iter_rows(min_row=3)]
    assert printed[0] == [
        *(
            "序号",
            "户编号",
            "姓名",
            "乡",
            "村",
            "表",
            "字段",
            "原值",
            "现值",
            "佐证",
            "更正人",
            "更正日期",
            "已更新",
        ),
    ]
    assert printed[2][6:9] == ["家庭人口数", "3", "4"]
    assert printed[4][7:9] == ["**************1235", "**************1234"]
    assert book["更新清单"].page_setup.orientation == "landscape"
    assert ID_NUMBER not in "".join(str(cell) for row in printed for cell in row)


def test_corrected_rows_stand_in_the_columns_of_the_workbook_they_came_from(
    register: Register, tmp_path: Path
) -> None:
    write_update_list(corrections_of(*CORRECTIONS), register, tmp_path / "u.xlsx", "zh")
    assert cells_of(tmp_path / "u.xlsx", "按原表 1") == [
        ["监测对象.xlsx Sheet1", None, None, None, None],
        [None, "户编号", "户主姓名", None, "家庭人口数（人）"],
        [None, "1001", "甲", None, 4],
        [None, "1002", "乙", None, 2],
    ]


def test_the_next_export_ticks_off_what_was_taken_over() -> None:
    corrections = corrections_of(
        {"row_key": "1"}, {"row_key": "2"}, {"row_key": "3"}, {"row_key": "4"}, {"row_key": "5"},
        {"row_key": "1", "column": "income", "was": "8", "is": "8612.50"},
        {"row_key": "1", "column": "has_allowance", "was": "是", "is": "否"},
        {"row_key": "1", "column": "note", "was": "旧", "is": None},
        {"row_key": "6|甲|旧", "register": "persons", "column": "id_number", "was": "旧", "is": "新"},
    )  # fmt: skip
    exported = register_of(
        households=[
            {"household": "1", "size": 4, "income": 861_250, "has_allowance": False},
            {"household": "2", "size": 3},
            {"household": "3", "size": 9},
            *[{"household": "5", "size": 4}] * 2,
        ],
        persons=[{"household": "6", "name": "甲", "id_number": "新"}],
    )
    ticked = tick_off(update_list(corrections, register_of()), exported).to_pylist()
    assert {(line["row_key"], line["column"]): (line["state"], line["now"]) for line in ticked} == {
        ("1", "size"): ("done", "4"),
        ("1", "income"): ("done", "8612.50"),
        ("1", "has_allowance"): ("done", "否"),
        ("1", "note"): ("done", None),
        ("2", "size"): ("open", "3"),
        ("3", "size"): ("changed", "9"),
        ("4", "size"): ("missing", None),
        ("5", "size"): ("missing", None),
        ("6|甲|旧", "id_number"): ("done", "新"),
    }


def test_corrections_themselves_can_be_ticked_off() -> None:
    exported = register_of(households=[{"household": "1001", "size": 4}])
    assert tick_off(corrections_of({}), exported)["state"].to_pylist() == ["done"]


def test_without_corrections_there_is_no_update_list(register: Register, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"forms\.no_rows"):
        write_update_list(corrections_of(), register, tmp_path / "u.xlsx", "zh")
