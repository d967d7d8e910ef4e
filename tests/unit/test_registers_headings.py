"""Headings of offices: what each feeds, why, and what is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.registers_sheets import make_sheet

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, Lang
from jiedui.registers.headings import (
    HeadingMap,
    OfficeLayout,
    SavedLine,
    SavedMap,
    match_headings,
    office_layouts,
    read_map,
    write_map,
)
from jiedui.registers.tables import REGISTERS
from jiedui.tables import Table

HOUSEHOLD_LIST = ("户编号", "户主姓名", "家庭人口数", "人均纯收入")
TABLES_OF_THE_FIVE = (
    ("persons", "households"),
    ("households",),
    ("persons", "households"),
    ("persons",),
    ("villages",),
)


def fed(heading_map: HeadingMap) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for feed in heading_map.feeds:
        found.setdefault(feed.heading, [])
        if feed.is_fed:
            found[feed.heading].append(f"{feed.table}.{feed.column}")
    return found


def rules(heading_map: HeadingMap) -> list[str]:
    return [finding.rule for finding in heading_map.questions]


@pytest.mark.parametrize(
    ("layout", "tables"),
    list(zip(office_layouts(), TABLES_OF_THE_FIVE, strict=True)),
    ids=lambda case: str(case)[:20],
)
def test_the_five_workbooks_go_in_without_a_question(layout: OfficeLayout, tables: tuple[str, ...]) -> None:
    heading_map = match_headings(
        make_sheet(
            layout.headings, file=layout.file, sheet=layout.sheet, title=f"{layout.title} {layout.line}"
        )
    )
    assert heading_map.tables == tables
    assert heading_map.questions == ()
    assert [note.rule for note in heading_map.notes if note.rule != "headings.second"] == ["headings.unknown"]
    assert len(heading_map.columns(tables[0])) > len(layout.headings) / 4


def test_the_five_workbooks_go_in_without_their_names_too() -> None:
    for layout, tables in zip(office_layouts(), TABLES_OF_THE_FIVE, strict=True):
        assert match_headings(make_sheet(layout.headings, file="1.xlsx")).tables == tables


@pytest.mark.parametrize("table", REGISTERS, ids=lambda table: table.name)
@pytest.mark.parametrize("words", ["name", "zh", "en", "with unit", "first alias", "last alias"])
def test_every_table_is_known_by_any_of_its_words(table: Table, words: str) -> None:
    written = {
        "name": [column.name for column in table.columns],
        "zh": [column.words["zh"] for column in table.columns],
        "en": [column.words["en"] for column in table.columns],
        "with unit": [column.heading("zh") for column in table.columns],
        "first alias": [(*column.aliases, column.words["zh"])[0] for column in table.columns],
        "last alias": [(column.words["zh"], *column.aliases)[-1] for column in table.columns],
    }[words]
    heading_map = match_headings(make_sheet(written))
    assert heading_map.tables == (table.name,)
    assert [feed.column for feed in heading_map.feeds] == [column.name for column in table.columns]


def test_no_alias_names_two_columns_of_one_table() -> None:
    for table in REGISTERS:
        names = [name for column in table.columns for name in (*column.words.values(), *column.aliases)]
        assert sorted(names) == sorted(set(names)), table.name


@pytest.mark.parametrize(
    ("headings", "table"),
    [
        (("序号", "姓名", "身份证号", "死亡时间"), "deaths"),
        (("车主", "身份证号", "车牌号", "登记日期"), "vehicles"),
        (("产权人", "身份证号", "坐落", "登记日期"), "properties"),
        (("经营者", "身份证号", "字号名称", "登记日期"), "businesses"),
        (("姓名", "身份证号码", "单位", "编制类型"), "payroll"),
        (("姓名", "单位", "职务", "联系电话", "所在乡镇", "所在村"), "cadres"),
        (("学生姓名", "身份证号", "学校", "年级"), "enrolment"),
        (("户号", "授权日期", "授权范围", "授权目的"), "authorisations"),
        (("项目名称", "乡镇", "村", "计划投资（万元）", "已拨付资金（万元）"), "projects"),
        (("村", "组", "户主", "人口数", "家庭住址"), "households"),
    ],
)
def test_name_unit_and_date_go_to_the_table_that_all_headings_tell(
    headings: tuple[str, ...], table: str
) -> None:
    assert match_headings(make_sheet(headings)).tables == (table,)


def test_the_name_of_the_file_tells_the_table_where_headings_are_too_few() -> None:
    headings = ("姓名", "身份证号")
    assert match_headings(make_sheet(headings, file="2026年死亡人员.xls")).tables == ("deaths",)
    assert match_headings(make_sheet(headings, file="名单.xls")).tables == ()


def test_a_sheet_that_may_be_two_tables_is_asked_about() -> None:
    heading_map = match_headings(make_sheet(("姓名", "单位", "身份证号", "职务"), file="财政供养人员.xlsx"))
    assert heading_map.tables == ()
    assert rules(heading_map) == ["headings.subject_unclear"]
    assert "财政供养人员、" in heading_map.questions[0].zh or "、财政供养人员" in heading_map.questions[0].zh


@pytest.mark.parametrize(
    "heading",
    [
        "人均纯收入", "人 均 纯\n收入", "人均纯收入（元）", "人均纯收入(单位：元)", "12.人均纯收入(元)",
        "（3）人均纯收入", "三、人均纯收入", "⑤人均纯收入", "*人均纯收入", "人均纯收入（必填）",
        "家庭收入/人均纯收入（元）", "收入情况（元）/4、人均纯收入", "A12.人均纯收入", "Net income per head",
    ],
)  # fmt: skip
def test_a_heading_is_known_however_it_is_dressed(heading: str) -> None:
    heading_map = match_headings(make_sheet((*HOUSEHOLD_LIST[:3], heading)))
    feed = heading_map.feeds[3]
    assert (feed.table, feed.column, feed.reason, feed.factor) == (
        "households",
        "income_per_head",
        "exact",
        1,
    )


def test_the_whole_path_tells_two_equal_last_levels_apart() -> None:
    headings = (
        "户编号",
        "户主/姓名",
        "户主/证件号码",
        "成员/姓名",
        "成员/证件号码",
        "成员/与户主关系",
        "户类型",
    )
    assert list(fed(match_headings(make_sheet(headings))).values()) == [
        ["persons.household", "households.household"],
        ["households.head"],
        ["households.head_id_number"],
        ["persons.name"],
        ["persons.id_number"],
        ["persons.relation"],
        ["households.kind"],
    ]


def test_only_key_and_place_of_a_person_feed_the_household_too() -> None:
    headings = ("县", "户编号", "姓名", "与户主关系", "户类型", "联系电话", "备注")
    assert fed(match_headings(make_sheet(headings))) == {
        "县": ["persons.county", "households.county"],
        "户编号": ["persons.household", "households.household"],
        "姓名": ["persons.name"],
        "与户主关系": ["persons.relation"],
        "户类型": ["households.kind"],
        "联系电话": ["persons.phone"],
        "备注": ["persons.note"],
    }


def test_two_headings_that_name_one_column_equally_well_are_asked_about() -> None:
    headings = (*HOUSEHOLD_LIST[:3], "2024年/人均纯收入", "2025年/人均纯收入")
    heading_map = match_headings(make_sheet(headings))
    assert [feed.reason for feed in heading_map.feeds[3:]] == ["unclear", "unclear"]
    assert rules(heading_map) == ["headings.contested", "headings.contested"]
    assert [question.cell for question in heading_map.questions] == ["D1", "E1"]


def test_of_name_and_alias_the_name_is_read_and_the_alias_kept() -> None:
    heading_map = match_headings(make_sheet((*HOUSEHOLD_LIST, "手机号码", "联系电话")))
    assert [(feed.column, feed.reason) for feed in heading_map.feeds[4:]] == [
        ("", "second"),
        ("phone", "exact"),
    ]
    assert heading_map.questions == ()


def test_a_heading_clearly_like_a_name_is_read_and_noted() -> None:
    heading_map = match_headings(make_sheet((*HOUSEHOLD_LIST, "是否解决了安全饮用水情况")))
    feed = heading_map.feeds[4]
    assert (feed.column, feed.reason) == ("has_safe_water", "similar")
    assert 0.9 <= feed.score < 1
    assert [note.rule for note in heading_map.notes] == ["headings.similar"]


@pytest.mark.parametrize(
    "heading",
    [
        "原户主证件号码",
        "致贫返贫风险6",
        "人均可支配收入",
        "家庭总收入",
        "是否参加城乡居民大病医疗保险",
        "未消除监测时间",
        "配偶是否参加城乡居民基本医疗保险",
        "村是否参加城乡居民基本医疗保险",
        "是否参加城乡居民基本养老医疗保险",
    ],
)
def test_a_heading_that_only_looks_like_a_name_is_never_read(heading: str) -> None:
    feed = match_headings(make_sheet((*HOUSEHOLD_LIST, "姓名", "性别", "健康状况", heading))).feeds[-1]
    assert not feed.is_fed


@pytest.mark.parametrize(
    ("heading", "title", "factor"),
    [
        ("人均纯收入（万元）", "", 10_000),
        ("人均纯收入", "农户表 单位：千元、户", 1_000),
        ("人均纯收入（元）", "单位：万元", 1),
        ("人均纯收入", "填报单位：某镇政府", 1),
        ("收入（亿元）/人均纯收入", "", 100_000_000),
        ("收入（亿元）/人均纯收入（万元）", "", 10_000),
    ],
)
def test_the_unit_of_money_is_read_from_heading_or_title(heading: str, title: str, factor: int) -> None:
    assert match_headings(make_sheet((*HOUSEHOLD_LIST[:3], heading), title=title)).feeds[3].factor == factor


@pytest.mark.parametrize(
    "heading", ["人均纯收入（美元）", "人均纯收入（元/月）", "住房面积（亩）", "家庭人口数（户）"]
)
def test_a_unit_that_cannot_be_converted_is_asked_about(heading: str) -> None:
    heading_map = match_headings(make_sheet(("户编号", "户主姓名", "户类型", heading)))
    assert not heading_map.feeds[3].is_fed
    assert rules(heading_map) == ["headings.unit"]


def test_a_line_of_a_person_wins_over_name_and_likeness() -> None:
    saved = SavedMap(
        (
            SavedLine("名单.xlsx", "Sheet1", "人均纯收入", 1, "households", "income", who="甲"),
            SavedLine("名单.xlsx", "Sheet1", "家庭人口数", 1, "", "", who="甲"),
        )
    )
    heading_map = match_headings(make_sheet((*HOUSEHOLD_LIST, "人均")), saved=saved)
    assert [(feed.column, feed.reason) for feed in heading_map.feeds[2:4]] == [
        ("", "saved"),
        ("income", "saved"),
    ]
    assert heading_map.questions == ()


def test_two_lines_that_lead_to_one_column_are_asked_about() -> None:
    lines = [
        SavedLine("名单.xlsx", "Sheet1", heading, 1, "households", "income", who="甲")
        for heading in ("甲", "乙")
    ]
    heading_map = match_headings(make_sheet((*HOUSEHOLD_LIST, "甲", "乙")), saved=SavedMap(tuple(lines)))
    assert [(feed.column, feed.reason) for feed in heading_map.feeds[4:]] == [
        ("income", "saved"),
        ("", "unclear"),
    ]
    assert rules(heading_map) == ["headings.contested"]


def test_a_line_of_a_person_tells_the_table_where_headings_do_not() -> None:
    headings = ("姓名", "单位", "身份证号", "职务")
    line = SavedLine("财政供养人员.xlsx", "Sheet1", "身份证号", 1, "payroll", "id_number", who="甲")
    heading_map = match_headings(make_sheet(headings, file="财政供养人员.xlsx"), saved=SavedMap((line,)))
    assert heading_map.tables == ("payroll",)
    assert fed(heading_map)["单位"] == ["payroll.unit"]


def test_the_map_is_used_again_for_next_month_in_any_order(tmp_path: Path) -> None:
    headings = (*HOUSEHOLD_LIST, "住址所在", "=备注")
    first = match_headings(make_sheet(headings, file="农户202609.xlsx", sheet="9月"))
    path = tmp_path / "mapping.csv"
    write_map(path, [first], by="甲", on="2026-09-30")
    text = path.read_text(encoding="utf-8-sig").replace("住址所在,1,,,", "住址所在,1,户,家庭住址,")
    path.write_text(text, encoding="utf-8")
    later = make_sheet(("新列", *reversed(headings)), file="农户202610 (1).xlsx", sheet="10月")
    second = match_headings(later, saved=read_map(path))
    assert {feed.reason for feed in second.feeds[1:]} == {"saved"}
    assert fed(second)["住址所在"] == ["households.address"]
    assert fed(second)["人均纯收入"] == ["households.income_per_head"]
    assert [note.rule for note in second.notes] == ["headings.unknown", "headings.new"]


def test_who_confirmed_a_line_and_when_is_written_again_every_month(tmp_path: Path) -> None:
    headings = (*HOUSEHOLD_LIST, "说不清")
    path, again = tmp_path / "mapping.csv", tmp_path / "again.csv"
    write_map(path, [match_headings(make_sheet(headings, file="农户202609.xlsx"))], by="甲", on="2026-09-30")
    later = make_sheet((*headings, "户主联系方式"), file="农户202610.xlsx")
    write_map(again, [match_headings(later, saved=read_map(path))])
    signed = {line.heading: (line.who, line.when) for line in read_map(again).lines}
    assert signed == {**dict.fromkeys(headings, ("甲", "2026-09-30")), "户主联系方式": ("", "")}
    write_map(again, [match_headings(later, saved=read_map(path))], by="乙", on="2026-10-31")
    assert {line.who for line in read_map(again).lines} == {"甲", "乙"}


def test_the_map_is_found_by_the_same_headings_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    write_map(path, [match_headings(make_sheet(HOUSEHOLD_LIST))])
    renamed = make_sheet(HOUSEHOLD_LIST[::-1], file="乙.xls", sheet="表")
    assert {feed.reason for feed in match_headings(renamed, saved=read_map(path)).feeds} == {"saved"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_map_that_was_written_gives_the_same_again(tmp_path: Path, lang: Lang) -> None:
    township = (
        "村",
        "户号",
        "姓名",
        "身份证号",
        "关系",
        "就业/务工收入（月）",
        "收入/纯收入（万元）",
        "户类型",
    )
    layouts = [layout.headings for layout in office_layouts()]
    sheets = [make_sheet(names, file=f"{names[1]}{names[-2]}.xlsx") for names in (township, *layouts)]
    first = [match_headings(sheet) for sheet in sheets]
    path = tmp_path / "mapping.csv"
    write_map(path, first, lang=lang)
    saved = read_map(path)
    for sheet, wanted in zip(sheets, first, strict=True):
        again = match_headings(sheet, saved=saved)
        assert again.tables == wanted.tables
        assert again.questions == ()
        assert [(feed.position, feed.table, feed.column, feed.factor) for feed in again.feeds] == [
            (feed.position, feed.table, feed.column, feed.factor) for feed in wanted.feeds
        ]


def test_what_a_person_leads_to_money_may_say_what_it_is_counted_by() -> None:
    line = SavedLine("名单.xlsx", "Sheet1", "钱（户）", 1, "households", "income", who="甲")
    heading_map = match_headings(make_sheet((*HOUSEHOLD_LIST, "钱（户）")), saved=SavedMap((line,)))
    assert heading_map.feeds[4].column == "income"
    dollars = replace(line, heading="钱（美元）")
    heading_map = match_headings(make_sheet((*HOUSEHOLD_LIST, "钱（美元）")), saved=SavedMap((dollars,)))
    assert rules(heading_map) == ["headings.unit"]


def test_a_heading_gone_since_last_month_is_noted() -> None:
    line = SavedLine("名单.xlsx", "Sheet1", "户类型", 1, "households", "kind")
    heading_map = match_headings(make_sheet(HOUSEHOLD_LIST), saved=SavedMap((line,)))
    assert "headings.gone" in [note.rule for note in heading_map.notes]


def test_a_draft_that_nobody_confirmed_keeps_asking(tmp_path: Path) -> None:
    headings = (*HOUSEHOLD_LIST[:3], "2024年/人均纯收入", "2025年/人均纯收入")
    path = tmp_path / "mapping.csv"
    write_map(path, [match_headings(make_sheet(headings))], lang="en")
    heading_map = match_headings(make_sheet(headings), saved=read_map(path))
    assert rules(heading_map) == ["headings.contested", "headings.contested"]


def test_the_map_carries_no_formula_and_no_control_character(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    write_map(path, [match_headings(make_sheet((*HOUSEHOLD_LIST, "=1+1", "@x", "\u200b备注\x07", "２")))])
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines[5:]] == ["'=1+1", "'@x", " 备注 ", "2"]
    assert len(read_map(path).lines) == 8


def test_a_wrong_line_of_the_map_is_refused_at_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    path.write_text("文件,表头,第几个,表,字段\na,b,1,户,没有\na,c,1,无此表,姓名\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_map(path)
    assert [(found.rule, found.cell) for found in error.value.findings] == [
        ("headings.map_column", "E2"),
        ("headings.map_table", "D3"),
    ]


def test_a_sheet_of_strangers_is_kept_as_it_came() -> None:
    heading_map = match_headings(make_sheet(("说明文字", "甲", "乙")))
    assert heading_map.tables == ()
    assert heading_map.unfed() == (0, 1, 2)
    assert [note.rule for note in heading_map.notes] == ["headings.subject_unknown"]
