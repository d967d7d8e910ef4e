"""Cells tidied and typed, rows sorted into tables, what does not fit asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.registers_sheets import make_sheet

from jiedui.registers import schema_of
from jiedui.registers.files import DATE, FAILED, NUMBER, TEXT, TRUTH, Sheet
from jiedui.registers.headings import SavedLine, SavedMap, match_headings, office_layouts
from jiedui.registers.intake import TIDYING, Rows, Taken, read_rows, read_tidied, take_in
from jiedui.registers.intake.tidying import tidy
from jiedui.registers.intake.wording import wording
from jiedui.registers.tables import FINDINGS, HOUSEHOLDS, PERSONS, REGISTERS
from jiedui.tables import Column
from jiedui.tables.cells import Refusal

if TYPE_CHECKING:
    import pyarrow as pa

PERSON_LIST = ("户编号", "姓名", "证件号码", "与户主关系", "健康状况", "户类型", "家庭人口数")


def column(name: str) -> Column:
    table = PERSONS if name in {found.name for found in PERSONS.columns} else HOUSEHOLDS
    return table.column(name)


def take(*sheets: Sheet) -> Taken:
    return take_in(sheets, [match_headings(sheet) for sheet in sheets])


def found(table: pa.Table, *names: str) -> list[tuple[object, ...]]:
    return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))


@pytest.mark.parametrize(
    ("name", "text", "value", "changes"),
    [
        ("income", "１２３４", 123_400, ("width",)),
        ("income", "1,234.5", 123_450, ("commas",)),
        ("income", "1，234.5", 123_450, ("width", "commas")),
        ("income", "1.23万元", 1_230_000, ("unit",)),
        ("income", "￥12元", 1_200, ("width", "unit")),
        ("income", "3万", 3_000_000, ("unit",)),
        ("income", "无", None, ("blank",)),
        ("income", "-5", -500, ()),
        ("house_area", "88.5㎡", 88.5, ("width", "unit")),
        ("house_area", "88.5平方米", 88.5, ("unit",)),
        ("size", "4人", 4, ("unit",)),
        ("work_months", "8个月", 8, ("unit",)),
        ("born_on", "202104", "2021-04", ("date",)),
        ("born_on", "20210405", "2021-04-05", ("date",)),
        ("born_on", "2021.4.5", "2021-04-05", ("date",)),
        ("born_on", "2021/4/5", "2021-04-05", ("date",)),
        ("born_on", "2021年4月5日", "2021-04-05", ("date",)),
        ("born_on", "２０２１年４月", "2021-04", ("width", "date")),
        ("born_on", "2021年", "2021", ("date",)),
        ("born_on", "2021.4", "2021-04", ("date",)),
        ("born_on", "2021-04-05 00:00:00", "2021-04-05", ("date",)),
        ("born_on", "2021", "2021", ()),
        ("born_on", "／", None, ("blank",)),
        ("has_insurance", "√", True, ("truth",)),
        ("has_insurance", "×", False, ("truth",)),
        ("has_insurance", "无", False, ("truth",)),
        ("has_insurance", "是", True, ()),
        ("has_insurance", "—", None, ("blank",)),
        ("sex", "男性", "男", ("choice",)),
        ("relation", "长子", "之子", ("choice",)),
        ("relation", "之子", "之子", ()),
        ("health", "长期慢性病,残疾", "长期慢性病，残疾", ("choice",)),
        ("house_grade", "ａ", "A级", ("width", "choice")),
        ("risk_4", "因灾", "因自然灾害", ("choice",)),
        ("labour", "无", "无劳动力", ("choice",)),
        ("id_number", "'99010119900101123x", "99010119900101123X", ("apostrophe", "case")),
        ("id_number", "990101 19900101 1234", "990101199001011234", ("spaces",)),
        ("id_number", "９９01", "9901", ("width",)),
        ("name", "张　三", "张三", ("spaces",)),
        ("name", "买买提·吐尔逊", "买买提·吐尔逊", ()),
        ("name", "阿卜 杜拉", "阿卜 杜拉", ()),
        ("note", "NULL", None, ("blank",)),
        ("group", "３组", "3组", ("width",)),
    ],
)
def test_a_certain_change_is_made_and_named(
    name: str, text: str, value: object, changes: tuple[str, ...]
) -> None:
    assert read_tidied(text, None, replace(column(name), required=False)) == value
    assert tidy(text, None, column(name)).changes == changes


@pytest.mark.parametrize(
    ("name", "text", "kind", "rule"),
    [
        ("id_number", "1.3e+17", NUMBER, "table.code_spoiled"),
        ("id_number", "5.30102E+17", None, "table.code_spoiled"),
        ("id_number", "990101199001011000", NUMBER, "table.code_spoiled"),
        ("id_number", "2021-04-05", DATE, "table.not_text"),
        ("group", "2021-03-01", DATE, "table.not_text"),
        ("income", "2021-03-01", DATE, "table.not_money"),
        ("income", "约3000", None, "table.not_money"),
        ("income", "1,2,3元", None, "table.not_money"),
        ("income", "1.234", None, "table.money_digits"),
        ("income", "#", FAILED, "table.cell_formula"),
        ("income", "#REF!", None, "table.cell_formula"),
        ("name", "#N/A", None, "table.cell_formula"),
        ("name", "true", TRUTH, "table.not_text"),
        ("size", "4.5", None, "table.not_integer"),
        ("size", "-1", None, "table.out_of_bounds"),
        ("work_months", "8月", None, "table.not_integer"),
        ("born_on", "2021.1", NUMBER, "intake.month_unclear"),
        ("born_on", "2021.1", None, "intake.month_unclear"),
        ("born_on", "44291", NUMBER, "table.not_date"),
        ("born_on", "85.3.2", None, "table.not_date"),
        ("born_on", "4/5/2021", None, "table.not_date"),
        ("born_on", "2021年13月", None, "table.no_such_day"),
        ("born_on", "2021-04-05 12:30", None, "table.not_date"),
        ("has_insurance", "部分", None, "table.not_boolean"),
        ("sex", "不详", None, "table.not_a_choice"),
        ("student", "小学/初中", None, "table.not_a_choice"),
    ],
)
def test_what_is_not_certain_is_refused(name: str, text: str, kind: int | None, rule: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_tidied(text, kind, column(name))
    assert refusal.value.rule == rule


def test_january_typed_as_text_is_january() -> None:
    assert read_tidied("2021.1", TEXT, column("born_on")) == "2021-01"


def test_a_computed_amount_is_rounded_and_a_written_one_is_exact() -> None:
    assert read_tidied("0.30000000000000004", NUMBER, column("income")) == 30
    assert read_tidied("1.23456789", NUMBER, column("income"), 10_000) == 1_234_568
    assert read_tidied("1.234567", None, column("income"), 10_000) == 1_234_567


def test_the_unit_in_a_cell_goes_before_that_of_the_heading() -> None:
    assert read_tidied("3.5", None, column("income"), 10_000) == 3_500_000
    assert read_tidied("35000元", None, column("income"), 10_000) == 3_500_000


def test_a_15_digit_id_number_is_left_as_it_is() -> None:
    assert read_tidied("990101900101123", None, column("id_number")) == "990101900101123"


def test_every_spelling_of_a_choice_means_one_choice_of_a_column() -> None:
    columns = {found.name: found for table in REGISTERS for found in table.columns if found.choices}
    for name, spellings in wording().choices.items():
        declared = columns.get(name) or columns[f"{name}_1"]
        assert set(spellings.values()) <= set(declared.choices), name


def test_no_spelling_means_two_choices() -> None:
    for name, spellings in wording().choices.items():
        assert not {spelling for spelling in spellings if spellings[spelling] != spelling} & {
            choice for table in REGISTERS for found in table.columns if found.name == name
            for choice in found.choices
        }, name  # fmt: skip


def joined(*rows: Sequence[str | None]) -> Rows:
    sheet = make_sheet(PERSON_LIST, rows)
    return read_rows(sheet, match_headings(sheet))


def test_a_sheet_of_persons_fills_households_once() -> None:
    rows = joined(
        ("9901", "甲", "1", "户主", "健康", "脱贫户", "2"),
        ("9901", "乙", "2", "之子", "健康", "脱贫户", "2"),
        ("9902", "丙", "3", "户主", "健康", None, "1"),
        ("9902", "丁", "4", "配偶", "健康", "一般户", "1"),
    )
    assert found(rows.tables["persons"], "household", "name", "_row") == [
        ("9901", "甲", 2), ("9901", "乙", 3), ("9902", "丙", 4), ("9902", "丁", 5),
    ]  # fmt: skip
    assert found(rows.tables["households"], "household", "kind", "size", "_row") == [
        ("9901", "脱贫户", 2, 2),
        ("9902", "一般农户", 1, 4),
    ]
    assert rows.findings.num_rows == 0


def test_repeated_values_that_differ_are_asked_about_with_both_cells() -> None:
    rows = joined(
        ("9901", "甲", "1", "户主", "健康", "脱贫户", "2"), ("9901", "乙", "2", "之子", "健康", "脱贫户", "3")
    )
    assert found(rows.tables["households"], "household", "kind", "size") == [("9901", "脱贫户", None)]
    asked = rows.findings.to_pylist()
    assert [(one["rule"], one["severity"], one["cell"], one["row_key"]) for one in asked] == [
        ("intake.repeated_differs", "question", "G3", "9901")
    ]
    assert "G2" in asked[0]["zh"]
    assert "G2" in asked[0]["en"]


def test_a_column_that_differs_within_most_households_is_kept_as_it_came() -> None:
    sheet = make_sheet(
        PERSON_LIST,
        [
            (str(9900 + row // 2), "甲", str(row), "之子", "健康", "脱贫户", str(row % 4 if row < 24 else 3))
            for row in range(30)
        ],
    )
    rows = read_rows(sheet, match_headings(sheet))
    assert found(rows.findings, "rule", "cell") == [("intake.not_repeated", "G1")]
    assert rows.tables["households"].column("size").null_count == 15
    assert rows.extras.column("家庭人口数").to_pylist()[:4] == ["0", "1", "2", "3"]
    assert "size" not in rows.source.positions["households"]


def test_a_village_with_and_without_its_ending_is_one_village() -> None:
    headings = ("村", *PERSON_LIST)
    sheet = make_sheet(
        headings,
        [
            ("东沟村", "9901", "甲", "1", "户主", "健康", "脱贫户", "2"),
            ("东沟村民委员会", "9901", "乙", "2", "之子", "健康", "脱贫户", "2"),
            ("东沟", "9901", "丙", "3", "之女", "健康", "脱贫户", "2"),
            ("西沟村", "9902", "丁", "4", "户主", "健康", "脱贫户", "2"),
            ("东沟村", "9902", "戊", "5", "之女", "健康", "脱贫户", "2"),
        ],
    )
    rows = read_rows(sheet, match_headings(sheet))
    assert rows.tables["households"].column("village").to_pylist() == ["东沟村", None]
    assert found(rows.findings, "rule", "cell") == [("intake.repeated_differs", "A6")]


def test_a_cell_that_does_not_fit_is_null_with_a_finding_and_its_row_stays() -> None:
    rows = joined(("9901", "甲", "1.3E+17", "户主", "不详", "脱贫户", "2"))
    assert found(rows.tables["persons"], "name", "id_number", "health") == [("甲", None, None)]
    assert found(rows.findings, "rule", "severity", "register", "column", "found", "cell", "row_key") == [
        ("table.code_spoiled", "error", "persons", "id_number", "***E+17", "C2", "9901|甲|"),
        ("table.not_a_choice", "error", "persons", "health", "不详", "E2", "9901|甲|"),
    ]


def test_id_numbers_in_findings_show_at_most_four_signs() -> None:
    rows = joined(("9901", "甲", "990101199001011234\u200b", "户主", "健康", "脱贫户", "2"))
    shown = " ".join(str(rows.findings.column(name)[0]) for name in ("found", "zh", "en"))
    assert rows.findings.num_rows == 1
    assert "99010119900101" not in shown


def test_rows_without_key_are_asked_about_and_stay() -> None:
    rows = joined((None, "甲", None, "户主", "健康", "脱贫户", "2"))
    assert found(rows.findings, "rule", "severity", "cell") == [
        ("intake.key_blank", "error", "A2"),
        ("intake.key_blank", "question", "C2"),
    ]
    assert rows.tables["persons"].num_rows == 1
    assert rows.tables["households"].num_rows == 0


def test_rows_wholly_empty_are_passed_over_and_numbers_stay_exact() -> None:
    empty = (None,) * 7
    rows = joined(empty, ("9901", "甲", "1", "户主", "健康", "脱贫户", "2"), empty)
    assert rows.tables["persons"].column("_row").to_pylist() == [3]
    assert rows.extras.column("_row").to_pylist() == [3]
    assert rows.findings.num_rows == 0


def test_a_table_whose_key_has_no_heading_is_asked_about_once() -> None:
    sheet = make_sheet(
        ("村", "组", "户主", "家庭住址"), [("东村", "1", "甲", "1号"), ("东村", "1", "乙", "2号")]
    )
    taken = take(sheet)
    assert found(taken.findings, "rule", "severity", "register") == [
        ("intake.key_lacking", "question", "households")
    ]
    assert taken.register.tables["households"].num_rows == 2


def test_a_column_of_which_no_cell_fits_is_kept_as_it_came() -> None:
    headings = ("户编号", "户主姓名", "户类型", "是否危房户")
    sheet = make_sheet(headings, [(str(row), "甲", "脱贫户", f"砖混{row}") for row in range(12)])
    rows = read_rows(sheet, match_headings(sheet))
    assert found(rows.findings, "rule", "severity", "cell") == [("intake.column_unfit", "question", "D1")]
    assert rows.extras.column("是否危房户").to_pylist()[:2] == ["砖混0", "砖混1"]
    assert rows.tables["households"].column("is_dangerous_house").null_count == 12


def test_columns_nobody_knows_are_kept_as_they_came() -> None:
    headings = ("户编号", "户主姓名", "户类型", "怪列", "怪列", "", "_row")
    sheet = make_sheet(headings, [("9901", "甲", "脱贫户", " 一", "２", None, "x")])
    extras = read_rows(sheet, match_headings(sheet)).extras
    assert extras.to_pydict() == {
        "_row": [2],
        "怪列": [" 一"],
        "怪列 (E)": ["２"],
        "F": [None],
        "_row (G)": ["x"],
    }


def test_a_sheet_of_strangers_is_kept_whole() -> None:
    taken = take(make_sheet(("说明", "甲"), [("请勿外传", "1")]))
    assert all(table.num_rows == 0 for table in taken.register.tables.values())
    assert taken.extras[0].to_pydict() == {"_row": [2], "说明": ["请勿外传"], "甲": ["1"]}
    assert found(taken.findings, "rule", "severity") == [("headings.subject_unknown", "note")]


def test_a_household_of_two_sheets_has_two_rows_with_their_sources() -> None:
    one = make_sheet(("户编号", "户主姓名", "户类型"), [("9901", "甲", "脱贫户")], file="甲.xlsx")
    two = make_sheet(("户类型", "户编号", "户主姓名"), [("一般户", "9901", "甲")], file="乙.xlsx", bottom=3)
    register = take(one, two).register
    assert found(register.tables["households"], "household", "kind", "_source", "_row") == [
        ("9901", "脱贫户", 0, 2),
        ("9901", "一般农户", 1, 4),
    ]
    assert [source.place.file for source in register.sources] == ["甲.xlsx", "乙.xlsx"]
    assert register.sources[1].cell("households", 4, "kind") == "A4"


def test_every_table_of_a_register_has_its_declared_schema() -> None:
    taken = take(*(make_sheet(layout.headings, file=layout.file) for layout in office_layouts()))
    assert {name: table.schema for name, table in taken.register.tables.items()} == {
        table.name: schema_of(table) for table in REGISTERS
    }
    assert taken.findings.schema == FINDINGS.schema()
    assert taken.changes.schema == TIDYING.schema()


def test_what_was_tidied_is_counted() -> None:
    sheet = make_sheet(
        ("户编号", "户主姓名", "人均纯收入（万元）"),
        [("9901", "甲", "１.5"), ("９902", "乙", "2"), ("9903", "无", None)],
    )
    assert found(take(sheet).changes, "column", "change", "cells") == [
        ("head", "blank", 1),
        ("household", "width", 1),
        ("income_per_head", "unit", 2),
        ("income_per_head", "width", 1),
    ]


def test_a_line_of_a_person_leads_a_column_to_where_it_says() -> None:
    sheet = make_sheet(("户编号", "户主姓名", "户类型", "收"), [("9901", "甲", "脱贫户", "12.5")])
    saved = SavedMap((SavedLine(sheet.place.file, "Sheet1", "收", 1, "households", "income", who="甲"),))
    rows = read_rows(sheet, match_headings(sheet, saved=saved))
    assert rows.tables["households"].column("income").to_pylist() == [1250]


def test_kinds_of_cells_are_heeded() -> None:
    sheet = make_sheet(
        ("户编号", "户主姓名", "识别监测时间"),
        [("9901", "甲", "2021.1"), ("9902", "乙", "2021.1"), ("9903", "丙", "2021-10-01")],
        kinds=[(TEXT, TEXT, NUMBER), (NUMBER, TEXT, TEXT), (TEXT, TEXT, DATE)],
    )
    rows = read_rows(sheet, match_headings(sheet))
    assert rows.tables["households"].column("identified_on").to_pylist() == [None, "2021-01", "2021-10-01"]
    assert found(rows.findings, "rule", "cell") == [("intake.month_unclear", "C2")]


def test_the_same_sheets_give_the_same_tables() -> None:
    sheets = [make_sheet(PERSON_LIST, [("9901", "甲", "x", "子", "?", "脱贫户", str(n))]) for n in range(3)]
    one, two = take(*sheets), take(*sheets)
    assert one.findings == two.findings
    assert one.register.tables == two.register.tables
