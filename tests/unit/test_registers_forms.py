"""Forms over the clean tables: what they count, how they print, what a wrong form is told."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from tests.registers_made import ID_NUMBER, cells_of, findings_of, register_of, texts_of

from jiedui.errors import InputError
from jiedui.language import LANGUAGES
from jiedui.registers import Register
from jiedui.registers.forms import Form, read_form, shipped_forms, write_form

VILLAGES = [
    {"township": "云镇", "village": "东村", "households": 200, "persons": 700},
    {"township": "岭镇", "village": "西村", "households": 90, "persons": 310},
    {"township": "云镇", "village": "北村", "households": 150, "persons": None},
]
HOUSEHOLDS = [
    {"household": "1", "head": "甲", "size": 3, "kind": "脱贫不稳定户", "identified_on": "2026-11"},
    {"household": "2", "head": "乙", "size": 2, "kind": "边缘易致贫户", "identified_on": "2026-10-02"},
    {"household": "3", "head": "丙", "size": 4, "kind": "一般农户", "income": 1_234_550},
]
PERSONS = [
    {"household": "1", "name": "甲", "relation": "户主", "id_number": ID_NUMBER},
    {"household": "1", "name": "小甲", "relation": "之子", "student": "小学", "id_number": ID_NUMBER},
    {"household": "2", "name": "乙", "relation": "户主", "work_place": "宁波"},
]
PROJECTS = [
    {"project": "p1", "name": "水渠", "township": "云镇", "village": "东村", "received": 12_345, "paid": 100},
    {"project": "p2", "name": "道路", "township": "云镇", "village": "东村", "received": 5, "paid": None},
]
A4 = "9"


@pytest.fixture
def register() -> Register:
    places = {"township": "云镇", "village": "东村"}
    return register_of(
        villages=VILLAGES,
        households=[{**row, **places, "head_id_number": ID_NUMBER} for row in HOUSEHOLDS],
        persons=[{**row, **places} for row in PERSONS],
        projects=PROJECTS,
    )


def form_of(folder: Path, words: str) -> Form:
    path = folder / "form.toml"
    path.write_text(words, encoding="utf-8")
    return read_form(path)


LIST = """
id = "own"
title = { zh = "自定表", en = "Own" }
rows = "households"
"""


def list_of(folder: Path, columns: str, more: str = "") -> Form:
    return form_of(folder, f"{LIST}{more}\ncolumns = [{columns}]")


def heading(word: str) -> str:
    return f'heading = {{ zh = "{word}", en = "{word}" }}'


@pytest.mark.parametrize("name", sorted(shipped_forms()))
def test_every_shipped_form_prints_on_a4_with_its_headings_on_each_page_and_the_same_bytes(
    name: str, register: Register, tmp_path: Path
) -> None:
    form = shipped_forms()[name]
    for target, lang in (("a.xlsx", LANGUAGES[0]), ("b.xlsx", LANGUAGES[0]), ("c.xlsx", LANGUAGES[1])):
        findings = findings_of({"row_key": "1"})
        write_form(form, register, tmp_path / target, lang, findings=findings, on="2026-11-30")
        sheet = openpyxl.load_workbook(tmp_path / target).worksheets[0]
        assert form.title[lang] in str(sheet["A1"].value)
        assert str(sheet.page_setup.paperSize) == A4
        assert sheet.print_area
        assert bool(sheet.print_title_rows) == (form.layout == "list")
        assert (sheet.page_setup.fitToHeight == 0) == (form.layout == "list")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_month_counts_what_happened_in_it(register: Register, tmp_path: Path) -> None:
    write_form(shipped_forms()["village_monthly"], register, tmp_path / "a.xlsx", "zh", on="2026-11-30")
    rows = cells_of(tmp_path / "a.xlsx")
    east = next(row for row in rows if row[2] == "东村")
    assert east[3:] == [200, 700, 2, 5, 1, 1, 0, 1, 0, 0, 1, 2, 123.5, 1]


def test_groups_stand_together_in_the_order_of_their_file_with_their_subtotals(
    register: Register, tmp_path: Path
) -> None:
    write_form(shipped_forms()["village_monthly"], register, tmp_path / "a.xlsx", "zh", on="2026-11-30")
    rows = cells_of(tmp_path / "a.xlsx")[4:]
    labels = [str(row[0]) for row in rows[:6]]
    assert labels == ["1", "2", "云镇 小计", "3", "岭镇 小计", "合计"]
    assert [row[3] for row in rows[:6]] == [200, 150, 350, 90, 90, 440]


def test_a_total_over_empty_cells_says_how_many(register: Register, tmp_path: Path) -> None:
    write_form(shipped_forms()["village_monthly"], register, tmp_path / "a.xlsx", "zh", on="2026-11-30")
    assert "“总人口”有 1 行未填" in texts_of(tmp_path / "a.xlsx")


def test_a_sum_says_how_many_rows_it_leaves_out(register: Register, tmp_path: Path) -> None:
    write_form(shipped_forms()["project_ledger"], register, tmp_path / "a.xlsx", "zh")
    write_form(shipped_forms()["village_monthly"], register, tmp_path / "b.xlsx", "zh", on="2026-11-30")
    assert "“资金（元）/支出”有 1 行未填，合计只加已填的数。" in texts_of(tmp_path / "a.xlsx")
    assert "“帮扶项目/支出资金（元）”有 1 行（帮扶项目）未填，未计入。" in texts_of(tmp_path / "b.xlsx")


def test_rows_that_no_village_counts_are_told(tmp_path: Path) -> None:
    lost = {"household": "9", "township": "云镇", "village": "不在表中的村"}
    register = register_of(villages=VILLAGES, households=[lost])
    write_form(shipped_forms()["village_monthly"], register, tmp_path / "a.xlsx", "en", on="2026-11-30")
    assert "1 more rows (households) belong to no row" in texts_of(tmp_path / "a.xlsx")


def test_townships_are_those_that_villages_or_households_name(tmp_path: Path) -> None:
    register = register_of(
        villages=VILLAGES, households=[{"household": "9", "township": "河镇", "size": 2}, {"household": "8"}]
    )
    write_form(shipped_forms()["township_summary"], register, tmp_path / "a.xlsx", "zh")
    rows = cells_of(tmp_path / "a.xlsx")[4:]
    assert [row[1] for row in rows[:3]] == ["云镇", "岭镇", "河镇"]
    assert rows[2][4:6] == [1, 2]


def test_the_visit_list_has_only_households_with_questions_a_sheet_a_village(
    register: Register, tmp_path: Path
) -> None:
    asked = [
        {"row_key": "3"},
        {"row_key": "1|小甲|x", "register": "persons", "zh": f"证件 {ID_NUMBER} 请核实。"},
    ]
    write_form(
        shipped_forms()["visit_list"],
        register,
        tmp_path / "a.xlsx",
        "zh",
        findings=findings_of(*asked, asked[0]),
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["东村"]
    rows = cells_of(tmp_path / "a.xlsx")[3:5]
    assert [row[2] for row in rows] == ["1", "3"]
    assert rows[0][6] == "证件 **************1234 请核实。"
    assert rows[1][6] == "1. 人口数与成员数不一致，请核实。\n2. 人口数与成员数不一致，请核实。"


def test_villages_of_the_same_name_have_sheets_of_their_own(tmp_path: Path) -> None:
    households = [
        {"household": str(number), "township": township, "village": "东村"}
        for number, township in enumerate(["云镇", "岭镇", "云镇"])
    ]
    write_form(
        shipped_forms()["household_handbook"], register_of(households=households), tmp_path / "a.xlsx", "zh"
    )
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["东村", "东村 2"]


def test_each_household_has_one_page_with_its_members(register: Register, tmp_path: Path) -> None:
    write_form(shipped_forms()["household_handbook"], register, tmp_path / "a.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    starts = [cell.row for cell in sheet["A"] if cell.value == "帮扶手册（户页）"]
    assert [stop.id + 1 for stop in sheet.row_breaks.brk] == starts[1:]
    names = {str(cell.value) for row in sheet.iter_rows(max_row=starts[1] - 1) for cell in row}
    assert {"甲", "小甲", "小学"} <= names
    assert "乙" not in names


def test_a_household_with_many_members_still_has_one_page(tmp_path: Path) -> None:
    members = [{"household": "1", "name": f"成员{number}"} for number in range(30)]
    register = register_of(households=[{"household": "1"}, {"household": "2"}], persons=members)
    write_form(shipped_forms()["household_handbook"], register, tmp_path / "a.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    first, second = sheet.row_breaks.brk[0].id, sheet.max_row
    heights = [sheet.row_dimensions[row].height for row in range(1, second + 1)]
    paper_points, scale = 842 - 72 * 1.2, 0.9
    assert sum(heights[:first]) * scale <= paper_points
    assert sum(heights[first:]) * scale <= paper_points
    assert first > second - first


def test_forms_show_the_last_four_signs_of_an_id_number(register: Register, tmp_path: Path) -> None:
    columns = f'{{ value = "id_number" }}, {{ value = "households.head_id_number", {heading("h")} }}'
    form = form_of(tmp_path, LIST.replace("households", "persons") + f"columns = [{columns}]")
    write_form(form, register, tmp_path / "a.xlsx", "zh")
    words = texts_of(tmp_path / "a.xlsx")
    assert ID_NUMBER[-4:] in words
    assert not re.search(r"\d{5,}", words)


def test_a_column_of_another_table_is_looked_up(register: Register, tmp_path: Path) -> None:
    columns = f'{{ value = "name" }}, {{ value = "households.head", {heading("h")} }}'
    form = form_of(tmp_path, LIST.replace("households", "persons") + f"columns = [{columns}]")
    write_form(form, register, tmp_path / "a.xlsx", "zh")
    assert [row[1:] for row in cells_of(tmp_path / "a.xlsx")[3:6]] == [
        ["甲", "甲"],
        ["小甲", "甲"],
        ["乙", "乙"],
    ]


def test_money_is_filtered_and_shown_in_yuan(register: Register, tmp_path: Path) -> None:
    form = list_of(tmp_path, '{ value = "income" }', "where = { income = { at_least = 12345.5 } }")
    write_form(form, register, tmp_path / "a.xlsx", "zh")
    assert [row[1] for row in cells_of(tmp_path / "a.xlsx")[2:4]] == ["家庭纯收入（元）", 12345.5]


def test_only_some_rows_are_taken_when_asked(register: Register, tmp_path: Path) -> None:
    form = shipped_forms()["village_monthly"]
    write_form(form, register, tmp_path / "a.xlsx", "zh", on="2026-11", only={"village": "西村"})
    assert "东村" not in texts_of(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match=r"forms\.no_rows"):
        write_form(
            form, register, tmp_path / "a.xlsx", "zh", on="2026-11", only={"village": "'; DROP TABLE x"}
        )


@pytest.mark.parametrize("on", ["", "30.11.2026", "2026", "2026-13-01"])
def test_a_form_that_counts_by_month_needs_its_day(on: str, register: Register, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"forms\.day"):
        write_form(shipped_forms()["village_monthly"], register, tmp_path / "a.xlsx", "zh", on=on)


@pytest.mark.parametrize(
    ("target", "rule"), [("a.pdf", "forms.ending"), ("no/a.xlsx", "forms.folder"), (".", "forms.ending")]
)
def test_a_target_that_cannot_be_is_refused(
    target: str, rule: str, register: Register, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=rule):
        write_form(shipped_forms()["project_ledger"], register, tmp_path / target, "zh")


def test_nothing_half_written_is_left_behind(register: Register, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(InputError, match=r"forms\.locked"):
        write_form(shipped_forms()["project_ledger"], register, tmp_path / "a.xlsx", "zh")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("words", "rule", "place"),
    [
        ("id = ", "toml", ""),
        ('id = "x"\nrows = "villages"\ncolumns = [{ value = "village" }]', "missing", "title"),
        (f"{LIST}", "missing", "columns"),
        (f'{LIST}\nlayout = "page"', "missing", "parts"),
        (f'{LIST}\nlayout = "page"\ntotal = true\nparts = [{{ lines = 3 }}]', "layout", "total"),
        (f'{LIST}\nlayout = "page"\nparts = [{{ where = {{ size = 1 }} }}]', "missing", "parts[1].table"),
        (f'{LIST}\nlayout = "round"\ncolumns = [{{ value = "head" }}]', "choice", "layout"),
        (f'{LIST}\ncolour = "red"\ncolumns = [{{ value = "head" }}]', "key", "colour"),
        (f"{LIST}\ncolumns = [1]", "not_kind", "columns[1]"),
        (f"{LIST}\ncolumns = [{{ value = 1 }}]", "not_kind", "columns[1].value"),
        (f'{LIST}\ncolumns = [{{ value = "hed" }}]', "column", "columns[1].value"),
        (f'{LIST}\ncolumns = [{{ value = "head", count = "persons" }}]', "one_kind", "columns[1]."),
        (f'{LIST}\ncolumns = [{{ count = "people" }}]', "table", "columns[1].count"),
        (f'{LIST}\ncolumns = [{{ count = "villages" }}]', "no_join", "columns[1].count"),
        (f'{LIST}\ncolumns = [{{ count = "persons.foo" }}]', "count_column", "columns[1].count"),
        (f'{LIST}\ncolumns = [{{ count = "persons" }}]', "missing", "columns[1].heading"),
        (f'{LIST}\ncolumns = [{{ sum = "persons.name", {heading("x")} }}]', "not_number", "columns[1].sum"),
        (
            f'{LIST}\ncolumns = [{{ value = "head", heading = {{ zh = "x" }} }}]',
            "words",
            "columns[1].heading",
        ),
        (f'{LIST}\ngroup = "vilage"\ncolumns = [{{ value = "head" }}]', "column", "group"),
        (
            f'{LIST}\nwhere = {{ size = {{ near = 1 }} }}\ncolumns = [{{ value = "head" }}]',
            "test",
            "where.size",
        ),
        (f'{LIST}\nwhere = {{ size = "a" }}\ncolumns = [{{ value = "head" }}]', "value", "where.size"),
        (f'{LIST}\nwhere = {{ size = nan }}\ncolumns = [{{ value = "head" }}]', "value", "where.size"),
        (f'{LIST}\nwhere = {{ kind = "贫困户" }}\ncolumns = [{{ value = "head" }}]', "value", "where.kind"),
        (f'{LIST}\nonly_with = "villages"\ncolumns = [{{ value = "head" }}]', "no_join", "only_with"),
        (f'{LIST}\ncolumns = [{{ value = "head", width = inf }}]', "not_kind", "columns[1].width"),
    ],
)
def test_a_wrong_form_is_told_where_it_is_wrong(words: str, rule: str, place: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        form_of(tmp_path, words)
    assert (f"forms.{rule}", place) in [(finding.rule, finding.cell) for finding in told.value.findings]


def test_every_mistake_of_a_form_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        list_of(tmp_path, '{ value = "hed" }, { value = "siz" }', 'group = "x"')
    assert [finding.cell for finding in told.value.findings] == [
        "columns[1].value",
        "columns[2].value",
        "group",
    ]


def test_a_file_that_is_no_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"forms\.unreadable"):
        read_form(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"forms\.toml"):
        read_form(tmp_path / "b.toml")


def test_headings_before_a_slash_are_shared(register: Register, tmp_path: Path) -> None:
    columns = f'{{ value = "head", {heading("甲/一")} }}, {{ value = "size", {heading("甲/二")} }}'
    write_form(list_of(tmp_path, columns), register, tmp_path / "a.xlsx", "zh")
    assert cells_of(tmp_path / "a.xlsx")[2:4] == [["序号", "甲", None], [None, "一", "二"]]


def test_the_package_ships_its_forms() -> None:
    assert {form.layout for form in shipped_forms().values()} == {"list", "page"}
    assert all(form.signatures for form in shipped_forms().values())


def test_no_form_asks_for_what_an_office_may_not_ask() -> None:
    words = " ".join(str(form) for form in shipped_forms().values())
    assert not re.search("贫困户|打卡|排名|积分|签到|ranking|check-in", words)


def test_written_workbooks_hold_no_time_of_writing(register: Register, tmp_path: Path) -> None:
    write_form(shipped_forms()["project_ledger"], register, tmp_path / "a.xlsx", "zh")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        assert b"2000-01-01" in parts.read("docProps/core.xml")
