"""Reading: what offices have, as they have it, with its layout understood."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
import xlwt
from pyarrow import parquet
from tests.hostile_files import HEAD, inline, pack, sheet_of, unpack, xlsx
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from jiedui.errors import InputError
from jiedui.registers.files import DATE, FAILED, NUMBER, TEXT, TRUTH, Limits, Sheet, read_sheets

Fill = Callable[[Workbook, Worksheet], object]
ID = "13018119900101123X"
"""Made up; its check digit is wrong."""


def write_book(path: Path, *fills: Fill) -> Path:
    """Write a workbook, one sheet for each function that fills one."""
    with xlsxwriter.Workbook(path) as book:
        for number, fill in enumerate(fills, start=1):
            fill(book, book.add_worksheet(f"表{number}"))
    return path


def rows_of(*rows: Sequence[object]) -> Fill:
    """Give a function that writes some rows."""

    def fill(_: Workbook, sheet: Worksheet) -> None:
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return fill


def read(path: Path) -> Sheet:
    """Read the only sheet of a file."""
    (sheet,) = read_sheets(path)
    return sheet


def cells(sheet: Sheet) -> list[tuple[str | None, ...]]:
    """Give the rows of a sheet."""
    return [tuple(row.values()) for row in sheet.cells.to_pylist()]


def kinds(sheet: Sheet) -> list[tuple[int, ...]]:
    """Give how the cells of a sheet were stored."""
    assert sheet.kinds is not None
    return [tuple(row.values()) for row in sheet.kinds.to_pylist()]


def rules(sheet: Sheet) -> list[str]:
    """Give the rules of the notes on a sheet."""
    return [note.rule for note in sheet.notes]


def office_sheet(book: Workbook, sheet: Worksheet) -> None:
    """Fill a sheet as a township would, with all that stands around the data."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range("A1:H1", "某某镇农户收入情况表")
    sheet.write("A2", "填报单位：某某镇")
    sheet.write("G2", "单位：元")
    for area, words in {"A3:A4": "序号", "B3:B4": "户主\n姓名", "C3:C4": "证件号码", "D3:F3": "收入"}.items():
        sheet.merge_range(area, words)
    sheet.write_row("D4", ("工资性收入", "经营性收入", "转移性收入"))
    sheet.merge_range("G3:G4", "识别时间")
    sheet.merge_range("H3:H4", "备注")
    sheet.write_row("A5", ("甲", "乙", 1, 2, 3, 4, 5, 6))
    sheet.write_row("A6", (1, " 张甲 ", ID, 1000, 20.5, "300"))
    sheet.write_datetime("G6", dt.datetime(2024, 5, 1), day)  # noqa: DTZ001 - a cell has no zone
    sheet.write_row("A7", (2, "李乙", ID, 8612.5))
    sheet.set_row(6, None, None, {"hidden": True})
    sheet.merge_range("B8:B9", "王丙")
    sheet.write("C8", "x")
    sheet.write("C9", "y")
    sheet.write_row("A10", ("合　计", "", "", 9612.5))
    sheet.write("A12", "填表人：某某")
    sheet.write("E12", "审核人：")
    sheet.write("A13", "注：本表一式两份")


@pytest.fixture
def office(tmp_path: Path) -> Sheet:
    return read(write_book(tmp_path / "农户.xlsx", office_sheet))


def test_levels_of_merged_headings_are_joined(office: Sheet) -> None:
    assert office.headings == (
        "序号", "户主姓名", "证件号码", "收入/工资性收入", "收入/经营性收入", "收入/转移性收入", "识别时间",
        "备注",
    )  # fmt: skip
    assert office.bottom == 4


def test_rows_above_the_headings_are_the_title(office: Sheet) -> None:
    assert office.title == "某某镇农户收入情况表 填报单位：某某镇 单位：元"


def test_cells_are_texts_with_the_numbers_of_their_rows(office: Sheet) -> None:
    assert cells(office)[0] == ("1", "张甲", ID, "1000", "20.5", "300", "2024-05-01", None)
    assert office.rows.tolist() == [6, 7, 8, 9]
    assert office.cell(0, 3) == "D6"


def test_how_a_cell_was_stored_is_kept(office: Sheet) -> None:
    assert kinds(office)[0] == (NUMBER, TEXT, TEXT, NUMBER, NUMBER, TEXT, DATE, TEXT)


def test_a_merged_cell_among_the_data_stands_on_each_of_its_rows(office: Sheet) -> None:
    assert [row[1:3] for row in cells(office)[2:]] == [("王丙", "x"), ("王丙", "y")]


def test_what_is_no_data_is_left_aside_and_told(office: Sheet) -> None:
    assert rules(office) == [
        "reading.unit", "reading.columns_numbered", "reading.serial", "reading.hidden_rows",
        "reading.sign_off", "reading.totals", "reading.merged",
    ]  # fmt: skip
    told = {note.rule: note for note in office.notes}
    assert told["reading.totals"].cell == "A10"
    assert "12、13" in told["reading.sign_off"].zh
    assert "12, 13" in told["reading.sign_off"].en
    assert "单位：元" in told["reading.unit"].zh


def test_the_same_file_gives_the_same_sheet(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", office_sheet)
    first, second = read(path), read(path)
    assert first.cells.equals(second.cells)
    assert first.notes == second.notes
    assert first.sha256 == second.sha256


def test_numbers_are_written_shortest_and_never_longer_than_they_are_exact(tmp_path: Path) -> None:
    numbers = (530102, 8612.5, 0.1, 1.3018119900101e17, -3, 1e15, 123456789012345)
    path = write_book(tmp_path / "a.xlsx", rows_of([f"数{n}" for n in range(7)], numbers))
    assert cells(read(path)) == [
        ("530102", "8612.5", "0.1", "1.3018119900101e+17", "-3", "1e+15", "123456789012345")
    ]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("130181199001011234", "130181199001011234"),
        ("130181199001011000", "1.30181199001011e+17"),
        ("1.30181199001011E+17", "1.30181199001011e+17"),
        ("123456789012345", "123456789012345"),
    ],
    ids=["all digits", "zeros that a program made up", "rounded", "15 digits"],
)
def test_an_id_stored_as_a_number_is_recovered_only_when_the_file_holds_its_digits(
    tmp_path: Path, stored: str, text: str
) -> None:
    path = tmp_path / "a.xlsx"
    row = f'<row r="2">{inline("A2", "甲")}<c r="B2"><v>{stored}</v></c></row>'
    path.write_bytes(sheet_of(HEAD + row))
    assert cells(read(path)) == [("甲", text)]
    assert kinds(read(path)) == [(TEXT, NUMBER)]


def test_a_long_number_stored_as_text_stays_text(tmp_path: Path) -> None:
    path = write_book(tmp_path / "b.xlsx", rows_of(("姓名", "证件号码"), ("甲", "130181199001011234")))
    assert kinds(read(path)) == [(TEXT, TEXT)]


def test_truth_values_and_failed_formulas_are_told_apart(tmp_path: Path) -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row("A1", ("名称", "真假", "公式", "错误", "未算"))
        sheet.write_row("A2", ("甲", True))
        sheet.write_formula("C2", "=1+1", None, 2)
        sheet.write_formula("D2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("E2", "=A1", None, "")

    sheet = read(write_book(tmp_path / "a.xlsx", fill))
    assert cells(sheet)[0][:4] == ("甲", "true", "2", "#")
    assert kinds(sheet)[0][:4] == (TEXT, TRUTH, NUMBER, FAILED)


def test_a_formula_that_was_never_computed_has_failed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(sheet_of(f'{HEAD}<row r="2">{inline("A2", "甲")}<c r="B2"><f>A1</f></c></row>'))
    assert cells(read(path)) == [("甲", "#")]
    assert kinds(read(path)) == [(TEXT, FAILED)]


def test_empty_and_hidden_sheets_are_left_out_and_hidden_ones_told(tmp_path: Path) -> None:
    def hide(_: Workbook, sheet: Worksheet) -> None:
        sheet.write("A1", "字典")
        sheet.hide()

    path = write_book(
        tmp_path / "a.xlsx",
        rows_of(("姓名", "人口"), ("甲", 1)),
        lambda *_: None,
        hide,
        rows_of(("村名", "户数"), ("乙村", 3)),
    )
    first, second = read_sheets(path)
    assert (first.place.sheet, second.place.sheet) == ("表1", "表4")
    assert rules(first) == ["reading.hidden_sheets"]
    assert "表3" in first.notes[0].zh


def test_hidden_columns_are_read_and_told(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        rows_of(("姓名", "人口", "收入"), ("甲", 1, 5))(book, sheet)
        sheet.set_column("B:B", None, None, {"hidden": True})

    sheet = read(write_book(tmp_path / "a.xlsx", fill))
    assert cells(sheet) == [("甲", "1", "5")]
    assert [(note.rule, note.cell) for note in sheet.notes] == [("reading.hidden_columns", "B1")]


def test_blank_columns_are_left_out_and_those_without_heading_kept(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx", rows_of(("姓名", "", "人口", ""), ("甲", "", 1, "补"), ("乙", "", 2, ""))
    )
    sheet = read(path)
    assert sheet.headings == ("姓名", "人口", "")
    assert sheet.positions == (0, 2, 3)
    assert [(note.rule, note.cell) for note in sheet.notes] == [("reading.unnamed", "D1")]


def test_a_table_that_begins_far_from_the_corner_keeps_its_addresses(tmp_path: Path) -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_row("C5", ("姓名", "人口"))
        sheet.write_row("C6", ("甲", 3))

    sheet = read(write_book(tmp_path / "a.xlsx", fill))
    assert sheet.cell(0, 1) == "D6"
    assert cells(sheet) == [("甲", "3")]


def test_subtotals_of_villages_and_repeated_headings_are_left_aside(tmp_path: Path) -> None:
    rows = (("村名", "姓名", "人口"), ("甲村", "某甲", 3), ("甲村小计", "", 3), ("村名", "姓名", "人口"),
            ("乙村", "某乙", 2), ("乙村 小计：", "", 2), ("总计", "", 5))  # fmt: skip
    sheet = read(write_book(tmp_path / "a.xlsx", rows_of(*rows)))
    assert cells(sheet) == [("甲村", "某甲", "3"), ("乙村", "某乙", "2")]
    assert rules(sheet) == ["reading.totals", "reading.headings_again"]


def test_a_word_like_a_total_inside_a_row_does_not_make_it_one(tmp_path: Path) -> None:
    rows = (("姓名", "岗位", "备注"), ("某甲", "会计", "合计"), ("计某", "统计", "小计见附表"))
    sheet = read(write_book(tmp_path / "a.xlsx", rows_of(*rows)))
    assert sheet.cells.num_rows == 2
    assert sheet.notes == ()


def test_a_remark_column_is_no_line_of_signatures(tmp_path: Path) -> None:
    rows = (("姓名", "人口", "备注"), ("某甲", 3, "备注：已核"), ("某乙", 2, "注：待核"))
    assert read(write_book(tmp_path / "a.xlsx", rows_of(*rows))).cells.num_rows == 2


def test_headings_that_are_years_and_data_in_words_are_not_confused(tmp_path: Path) -> None:
    rows = (("名称", "2021", "2022", "说明"), ("甲村", "是", "否", "无"))
    sheet = read(write_book(tmp_path / "a.xlsx", rows_of(*rows)))
    assert sheet.headings == rows[0]


def two_merged(_: Workbook, sheet: Worksheet) -> None:
    """Merge one heading over two columns, with data in words below."""
    sheet.write_row(0, 0, ("姓名", "性别"))
    sheet.merge_range("C1:D1", "备注")
    sheet.write_row(1, 0, ("某甲", "男", "x", "y"))


def three_levels(_: Workbook, sheet: Worksheet) -> None:
    """Put headings on three rows."""
    for area, words in {
        "A1:F1": "表",
        "A2:A4": "村名",
        "B2:F2": "农户",
        "B3:C3": "甲类",
        "D3:E3": "乙类",
    }.items():
        sheet.merge_range(area, words)
    sheet.merge_range("F3:F4", "合计")
    sheet.write_row("B4", ("户数", "人数", "户数", "人数"))
    sheet.write_row("A5", ("甲村", 1, 2, 3, 4, 5))


UNMERGED = rows_of(
    ("村名", "收入", "", "支出", "", "备注"),
    ("", "工资", "经营", "生产", "生活", ""),
    ("甲村", 1, 2, 3, 4, "无"),
)
EXPORT = rows_of(
    ("（自定义）监测对象信息",), ("导出时间：2026-01-05 10:00:00",), ("省", "市", "县", "乡", "村", "户编号"),
    ("甲省", "乙市", "丙县", "丁乡", "戊村", "1234567890123"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("fill", "bottom", "headings"),
    [
        (two_merged, 1, ("姓名", "性别", "备注", "备注")),
        (rows_of(("姓名", "", "备注"), ("某甲", "x"), ("某乙", "y")), 1, ("姓名", "", "备注")),
        (
            three_levels,
            4,
            ("村名", "农户/甲类/户数", "农户/甲类/人数", "农户/乙类/户数", "农户/乙类/人数", "农户/合计"),
        ),
        (UNMERGED, 2, ("村名", "收入/工资", "收入/经营", "支出/生产", "支出/生活", "备注")),
        (EXPORT, 3, ("省", "市", "县", "乡", "村", "户编号")),
        (rows_of(("情况表",), ("项目", "数值"), ("户数", 5)), 2, ("项目", "数值")),
    ],
    ids=["merged over two", "unnamed column", "three levels", "not merged", "export", "narrow"],
)
def test_the_rows_of_headings_are_found_by_evidence(
    tmp_path: Path, fill: Fill, bottom: int, headings: tuple[str, ...]
) -> None:
    sheet = read(write_book(tmp_path / "a.xlsx", fill))
    assert (sheet.bottom, sheet.headings) == (bottom, headings)
    assert sheet.rows[0] == bottom + 1


def test_the_row_of_field_names_in_our_own_template_is_left_aside(tmp_path: Path) -> None:
    rows = (("户编号", "家庭人口数"), ("household", "family_size"), ("H1", 3))
    sheet = read(write_book(tmp_path / "a.xlsx", rows_of(*rows)))
    assert cells(sheet) == [("H1", "3")]
    assert rules(sheet) == ["reading.columns_numbered"]


def test_an_old_workbook_keeps_merged_headings(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 0, 0, 2, "标题")
    sheet.write_merge(1, 2, 0, 0, "姓名")
    sheet.write_merge(1, 1, 1, 2, "收入")
    for place, words in enumerate(("工资", "经营"), start=1):
        sheet.write(2, place, words)
    for place, cell in enumerate(("甲", 5, 6.5)):
        sheet.write(3, place, cell)
    book.save(tmp_path / "a.xls")
    found = read(tmp_path / "a.xls")
    assert (found.title, found.headings) == ("标题", ("姓名", "收入/工资", "收入/经营"))
    assert cells(found) == [("甲", "5", "6.5")]


def test_failed_formulas_of_an_old_workbook_are_told(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for place, words in enumerate(("姓名", "人口", "收入")):
        sheet.write(0, place, words)
    sheet.write(1, 0, "某甲")
    sheet.write(1, 1, 3)
    sheet.row(1).set_cell_error(2, "#DIV/0!")
    book.save(tmp_path / "a.xls")
    found = read(tmp_path / "a.xls")
    assert cells(found) == [("某甲", "3", None)]
    assert rules(found) == ["reading.blanked"]
    assert "C2" in found.notes[0].zh


def test_parts_in_unusual_places_are_found(tmp_path: Path) -> None:
    parts = unpack(xlsx())
    rels = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"/sheets/first.xml")
    parts |= {"sheets/first.xml": parts.pop("xl/worksheets/sheet1.xml"), "xl/_rels/workbook.xml.rels": rels}
    del parts["xl/styles.xml"]
    (tmp_path / "wps.xlsx").write_bytes(pack(parts))
    assert read(tmp_path / "wps.xlsx").cells.num_rows == 20


def test_a_workbook_is_read_by_its_content_and_its_wrong_ending_told(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(xlsx())
    assert rules(read(tmp_path / "a.xls")) == ["reading.other_kind"]


TABLE = "户编号,姓名,住址\nH1,某甲,某某村一组\nH2,某乙,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be with mark"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_every_encoding_and_by_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "a.csv"
    mark = b"\xfe\xff" if encoding.endswith("mark") else b""
    path.write_bytes(mark + TABLE.replace(",", delimiter).encode(encoding.removesuffix(" with mark")))
    sheet = read(path)
    assert sheet.headings == ("户编号", "姓名", "住址")
    assert cells(sheet) == [("H1", "某甲", "某某村一组"), ("H2", "某乙", None)]
    assert sheet.kinds is None
    assert rules(sheet) == ([] if delimiter == "," else ["reading.delimiter"])


def test_rows_of_text_are_counted_as_records_with_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('姓名,说明\n某甲,"一\n二\n三"\n\n某乙,"说""好"""\n', encoding="utf-8")
    sheet = read(tmp_path / "a.csv")
    assert cells(sheet) == [("某甲", "一\n二\n三"), ("某乙", '说"好"')]
    assert sheet.rows.tolist() == [2, 4]


def test_a_title_above_text_and_headings_parted_below_are_understood(tmp_path: Path) -> None:
    lines = "某镇农户表\n姓名,收入,,备注\n,工资,经营,\n某甲,5,6,无\n合计,5,6,\n"
    (tmp_path / "a.csv").write_text(lines, encoding="gb18030")
    sheet = read(tmp_path / "a.csv")
    assert (sheet.title, sheet.bottom) == ("某镇农户表", 3)
    assert sheet.headings == ("姓名", "收入/工资", "收入/经营", "备注")
    assert cells(sheet) == [("某甲", "5", "6", "无")]


def refused(path: Path, limits: Limits | None = None) -> tuple[str, str]:
    """Give the rule and the cell of the one finding by which a file is refused."""
    with pytest.raises(InputError) as caught:
        read_sheets(path) if limits is None else read_sheets(path, limits=limits)
    (found,) = caught.value.findings
    return found.rule, found.cell


@pytest.mark.parametrize(
    ("content", "rule", "cell"),
    [
        ("姓名,住址\n某甲,某村\n".encode("gb18030") + "某乙,某某村民小组\n".encode(), "reading.mixed", "A3"),
        ("姓名\n某甲\n".encode() + b"\xff\n", "reading.encoding", "A3"),
        (b"a,b\n1,2\n3,\x004\n", "reading.nul", "A3"),
        ('姓名\n某甲\n"某"乙\n'.encode(), "reading.quotes", "A3"),
        (b"a,b\n" + b"," * 20_000, "reading.columns", "A2"),
        (b"1,2\n3,4\n", "reading.no_headings_at_all", ""),
    ],
    ids=["two encodings", "no encoding", "NUL", "quotes", "columns", "only numbers"],
)
def test_text_that_cannot_be_read_is_refused_by_place(
    tmp_path: Path, content: bytes, rule: str, cell: str
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert refused(tmp_path / "a.csv") == (rule, cell)


def test_text_in_gb18030_is_not_taken_for_two_encodings(tmp_path: Path) -> None:
    signs = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
    lines = "\n".join(f"{signs[at : at + 3]},{signs[at + 3 : at + 9]}" for at in range(0, len(signs), 9))
    (tmp_path / "a.csv").write_bytes(f"姓名,住址\n{lines}\n".encode("gb18030"))
    assert read(tmp_path / "a.csv").cells.num_rows == len(lines.splitlines())


def test_parquet_keeps_names_and_kinds_and_exact_digits(tmp_path: Path) -> None:
    day = dt.datetime(2024, 5, 1)  # noqa: DTZ001 - a column without a zone
    table = pa.table(
        {
            "姓名": ["某甲", " "],
            "号": [130181199001011234, 5],
            "额": [8612.5, 3.0],
            "日": [day, None],
            "真": [True, None],
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    sheet = read(tmp_path / "a.parquet")
    assert sheet.headings == ("姓名", "号", "额", "日", "真")
    assert cells(sheet) == [
        ("某甲", "130181199001011234", "8612.5", "2024-05-01", "true"),
        (None, "5", "3", None, None),
    ]
    assert kinds(sheet)[0] == (TEXT, NUMBER, NUMBER, DATE, TRUTH)
    assert (sheet.bottom, sheet.cell(1, 1)) == (0, "号 2")


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(size=1000), "reading.large"),
        (Limits(unpacked=1000), "reading.bomb"),
        (Limits(parts=3), "reading.parts"),
        (Limits(columns=3), "reading.columns"),
        (Limits(memory=2**24), "reading.too_heavy"),
    ],
    ids=["size", "unpacked", "parts", "columns", "memory"],
)
def test_a_good_workbook_beyond_a_limit_is_refused(tmp_path: Path, limits: Limits, rule: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx())
    assert refused(tmp_path / "a.xlsx", limits)[0] == rule


def test_a_name_that_turns_the_line_around_is_shown_plainly(tmp_path: Path) -> None:
    path = tmp_path / f"{chr(0x202E)}a.exe"
    path.write_bytes(b"x")
    with pytest.raises(InputError) as caught:
        read_sheets(path)
    assert caught.value.findings[0].file == "\\u202ea.exe"


def test_reading_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    path = write_book(tmp_path / "a.xlsx", rows_of(("姓名", "人口"), ("甲", 1)))
    read(path)
    assert list(folder.iterdir()) == []
    monkeypatch.setattr("tempfile.tempdir", None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_a_pipe_is_told_as_what_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert refused(tmp_path / "a.csv") == ("table.not_a_file", "")
