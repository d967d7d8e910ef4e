"""Reading one clean file: what is taken, what is refused, and where the finding points."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from jiedui.errors import Finding, InputError
from jiedui.language import LANGUAGES
from jiedui.tables import Column, Table, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

YUAN = {"zh": "亿元", "en": "100 m yuan"}
COUNTIES = Table(
    "counties",
    {"zh": "县", "en": "counties"},
    (
        Column("code", "text", {"zh": "代码", "en": "county code"}),
        Column("money", "number", {"zh": "资金", "en": "funds"}, YUAN, required=False, above=0),
        Column(
            "people", "integer", {"zh": "人数", "en": "persons"}, required=False, at_least=0, at_most=9999
        ),
        Column("since", "date", {"zh": "起始", "en": "from"}, required=False),
        Column("listed", "boolean", {"zh": "在册", "en": "is listed"}, required=False),
        Column("grade", "text", {"zh": "等级", "en": "class"}, required=False, choices=("a", "b")),
    ),
    key=("code",),
)
HEAD = "code,money,people,since,listed,grade\n"


def csv_file(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "counties.csv"
    path.write_bytes(content.encode(encoding))
    return path


def xlsx_file(folder: Path, *rows: Sequence[Any]) -> Path:
    path = folder / "counties.xlsx"
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def refused(path: Path, *, sheet: str | None = None) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as error:
        read_table(path, COUNTIES, sheet=sheet)
    assert all(found.file == path.name and found.zh and found.en for found in error.value.findings)
    return error.value.findings


def only(findings: Sequence[Finding]) -> tuple[str, str]:
    assert len(findings) == 1, findings
    return findings[0].rule, findings[0].cell


def column(path: Path, name: str) -> list[Any]:
    values: list[Any] = read_table(path, COUNTIES).table.column(name).to_pylist()
    return values


def test_a_clean_file_is_read_exactly_as_declared(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEAD + "530000,1.50,12.0,2016-02,是,a\n\n 440000 ,,,,no,\n")
    reading = read_table(path, COUNTIES)
    assert reading.table.schema == COUNTIES.schema()
    assert reading.table.to_pylist() == [
        {"code": "530000", "money": 1.5, "people": 12, "since": "2016-02", "listed": True, "grade": "a"},
        {"code": "440000", "money": None, "people": None, "since": None, "listed": False, "grade": None},
    ]
    assert reading.notes == ()
    assert list(reading.rows) == [2, 4]


def test_later_checks_can_point_at_the_cell_of_a_value(tmp_path: Path) -> None:
    reading = read_table(csv_file(tmp_path, "人数,代码\n1,a\n\n2,b\n"), COUNTIES)
    assert reading.cell(1, "code") == "B4"
    found = reading.finding("table.not_finite", 1, "people", heading="人数", found="x")
    assert (found.file, found.cell) == ("counties.csv", "A4")
    assert reading.cell(1, "money") == "money 4"


@pytest.mark.parametrize(
    "heading", ["money", "资金", "funds", "资金（亿元）", "funds (100 m yuan)", " 资金 "]
)
def test_a_column_is_known_by_its_name_and_its_words(tmp_path: Path, heading: str) -> None:
    assert column(csv_file(tmp_path, f"code,{heading}\na,3\n"), "money") == [3.0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_offices_are_read(tmp_path: Path, encoding: str) -> None:
    assert column(csv_file(tmp_path, "代码\n云南\n", encoding), "code") == ["云南"]


def test_an_unknown_encoding_is_refused_with_its_byte(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "代码\n云南\n", "utf-16")
    findings = refused(path)
    assert only(findings) == ("table.encoding", "")
    assert "byte 1 " in findings[0].en


def test_quoted_cells_with_line_breaks_count_as_one_row(tmp_path: Path) -> None:
    reading = read_table(csv_file(tmp_path, 'code,people\n"a,\n""b""",1\nc,2\n'), COUNTIES)
    assert reading.table.column("code").to_pylist() == ['a,\n"b"', "c"]
    assert reading.cell(1, "people") == "B3"


@pytest.mark.parametrize("content", ['code\n"a', 'code\n"a"b\n', "code\n" + "x" * 200_000])
def test_a_broken_csv_is_refused_at_its_row(tmp_path: Path, content: str) -> None:
    assert only(refused(csv_file(tmp_path, content))) == ("table.csv_quotes", "A2")


def test_unknown_columns_are_noted_and_not_used(tmp_path: Path) -> None:
    reading = read_table(csv_file(tmp_path, "code,remark\na,b\n"), COUNTIES)
    assert only(reading.notes) == ("table.column_unknown", "B1")
    assert "remark" in reading.notes[0].zh
    assert reading.table.column_names == [declared.name for declared in COUNTIES.columns]


def test_a_missing_column_names_what_is_accepted_and_what_was_found(tmp_path: Path) -> None:
    findings = refused(csv_file(tmp_path, "county;people\na;1\n"))
    assert only(findings) == ("table.column_missing", "")
    assert "code, 代码, county code" in findings[0].en
    assert "county;people" in findings[0].zh


def test_a_heading_that_stands_twice_is_refused(tmp_path: Path) -> None:
    findings = refused(csv_file(tmp_path, "code,人数,代码\na,1,b\n"))
    assert only(findings) == ("table.heading_twice", "C1")
    assert "A1" in findings[0].zh


@pytest.mark.parametrize(
    ("heading", "cell", "rule"),
    [
        ("code", "", "cell_empty"),
        ("code", "\u3000", "cell_empty"),
        ("code", "a\x00b", "cell_control"),
        ("code", "a\u200b", "cell_control"),
        ("code", "x" * 32_768, "cell_long"),
        ("code", "５３０", "full_width"),
        ("people", "１２", "full_width"),
        ("people", "1.5", "not_integer"),
        ("people", "12人", "not_integer"),
        ("people", "1e3", "not_integer"),
        ("people", "9" * 40, "integer_large"),
        ("people", "9" * 5000, "not_finite"),
        ("people", "10000", "out_of_bounds"),
        ("people", "-1", "out_of_bounds"),
        ("money", '"1,234.5"', "not_number"),
        ("money", "3%", "not_number"),
        ("money", "٣", "not_number"),
        ("money", "1_000", "not_number"),
        ("money", "-", "not_number"),
        ("money", "NaN", "not_finite"),
        ("money", "-inf", "not_finite"),
        ("money", "1e999", "not_finite"),
        ("money", "0", "out_of_bounds"),
        ("since", "2016-02-30", "no_such_day"),
        ("since", "2016-13", "no_such_day"),
        ("since", "0000", "no_such_day"),
        ("since", "2/3/2016", "not_date"),
        ("since", "2016/2-3", "not_date"),
        ("since", "2016/2/30", "no_such_day"),
        ("since", "201602", "not_date"),
        ("listed", "对", "not_boolean"),
        ("listed", "2", "not_boolean"),
        ("grade", "c", "not_a_choice"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_where_it_stands(
    tmp_path: Path, heading: str, cell: str, rule: str
) -> None:
    head, row = (
        ("people,code\n", f"1,{cell}\n") if heading == "code" else (f"code,{heading}\n", f"a,{cell}\n")
    )
    findings = refused(csv_file(tmp_path, f"{head}\n{row}"))
    assert only(findings) == (f"table.{rule}", "B3")
    assert len(findings[0].zh) < 200


@pytest.mark.parametrize(
    ("heading", "cell", "value"),
    [
        ("people", "+7", 7),
        ("people", "007", 7),
        ("money", "1e-05", 1e-05),
        ("money", ".5", 0.5),
        ("since", "2016", "2016"),
        ("since", "2016-02-29", "2016-02-29"),
        ("listed", "TRUE", True),
        ("listed", "0", False),
        ("listed", "否", False),
        ("grade", " b ", "b"),
        ("code", "第１中学", "第１中学"),
        ("code", "007", "007"),
    ],
)
def test_a_cell_that_fits_is_taken_as_it_stands(
    tmp_path: Path, heading: str, cell: str, value: object
) -> None:
    head, row = ("code\n", f"{cell}\n") if heading == "code" else (f"code,{heading}\n", f"a,{cell}\n")
    assert column(csv_file(tmp_path, head + row), heading) == [value]


def test_a_key_that_stands_twice_names_both_rows(tmp_path: Path) -> None:
    findings = refused(csv_file(tmp_path, "people,code\n1,a\n\n2,b\n3,a\n"))
    assert only(findings) == ("table.key_twice", "B5")
    assert "第 2 行和第 5 行" in findings[0].zh


def test_cells_without_a_heading_are_refused_and_empty_ones_passed_over(tmp_path: Path) -> None:
    assert column(csv_file(tmp_path, "code,,people,\na,,1,,,\n"), "people") == [1]
    findings = refused(csv_file(tmp_path, "code,,people\na,x,1,y\n"))
    assert [(found.rule, found.cell) for found in findings] == [
        ("table.cell_without_heading", "B2"),
        ("table.cell_without_heading", "D2"),
    ]


def test_all_findings_of_a_file_come_at_once_in_reading_order(tmp_path: Path) -> None:
    findings = refused(csv_file(tmp_path, HEAD + ",x,1.5,2016-02-30,?,c\na,0,,,,\n"))
    assert [found.cell for found in findings] == ["A2", "B2", "C2", "D2", "E2", "F2", "B3"]


def test_beyond_the_hundredth_finding_only_the_count_is_told(tmp_path: Path) -> None:
    findings = refused(csv_file(tmp_path, "code,people\n" + "".join(f"{row},x\n" for row in range(250))))
    assert len(findings) == 101
    assert findings[-1].rule == "table.more"
    assert "150" in findings[-1].zh


@pytest.mark.parametrize("content", ["code\n", "code\n\n,,\n", "code\ncode\n"])
def test_a_file_with_only_headings_is_refused(tmp_path: Path, content: str) -> None:
    assert only(refused(csv_file(tmp_path, content))) == ("table.no_rows", "")


def test_a_file_without_text_lacks_its_columns(tmp_path: Path) -> None:
    findings = refused(csv_file(tmp_path, "\ufeff"))
    assert {found.rule for found in findings} == {"table.column_missing", "table.no_rows"}
    assert "（无）" in findings[0].zh + findings[1].zh


def test_a_path_that_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.xlsx").touch()
    (tmp_path / "old.xls").write_bytes(b"x")
    assert only(refused(tmp_path / "no.csv")) == ("table.file_missing", "")
    assert only(refused(tmp_path / "folder.csv")) == ("table.file_is_folder", "")
    assert only(refused(tmp_path / "empty.xlsx")) == ("table.file_empty", "")
    assert only(refused(tmp_path / "old.xls")) == ("table.file_ending", "")


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_a_file_that_is_not_what_its_ending_says_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"counties.{ending}"
    path.write_text("code\na\n", encoding="utf-8")
    assert only(refused(path)) == (f"table.not_{ending}", "")


@pytest.mark.parametrize(
    ("written", "read"), [("2016/2/3", "2016-02-03"), ("2016-2-3", "2016-02-03"), ("2016/11", "2016-11")]
)
def test_a_date_is_read_as_excel_writes_it_into_a_csv(tmp_path: Path, written: str, read: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"code,since,listed\na,{written},1\n", encoding="utf-8")
    assert read_table(path, COUNTIES).table["since"].to_pylist() == [read]


def test_an_optional_column_may_be_needed_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,since_when,listed\na,2016,1\n", encoding="utf-8")
    assert read_table(path, COUNTIES).table["since"].to_pylist() == [None]
    with pytest.raises(InputError) as refusal:
        read_table(path, COUNTIES, needed=("since",))
    assert [one.rule for one in refusal.value.findings] == ["table.column_missing"]
    assert "since_when" in refusal.value.findings[0].zh


def test_the_numbers_and_dates_of_excel_are_read_without_loss(tmp_path: Path) -> None:
    path = xlsx_file(
        tmp_path,
        ["代码", "资金", "人数", "起始", "在册"],
        [530000, 1.25, 12, dt.datetime(2016, 5, 1, tzinfo=dt.UTC).replace(tzinfo=None), True],
        [],
        ["0530", 2, "7", 2016, 0],
    )
    reading = read_table(path, COUNTIES)
    assert reading.table.column("code").to_pylist() == ["530000", "0530"]
    assert reading.table.column("people").to_pylist() == [12, 7]
    assert reading.table.column("since").to_pylist() == ["2016-05-01", "2016"]
    assert reading.table.column("listed").to_pylist() == [True, False]
    assert reading.cell(1, "people") == "C4"


@pytest.mark.parametrize(
    ("heading", "cell", "rule"),
    [
        ("code", True, "not_text"),
        ("code", dt.date(2016, 3, 1), "not_text"),
        ("code", 110101199001011234, "code_spoiled"),
        ("people", 1.5, "not_integer"),
        ("people", True, "not_integer"),
        ("money", dt.date(2016, 3, 1), "not_number"),
        ("since", dt.datetime(2016, 5, 1, 8), "not_date"),  # noqa: DTZ001
        ("since", dt.time(8), "not_date"),
        ("since", 42491, "not_date"),
        ("listed", 0.5, "not_boolean"),
    ],
)
def test_an_excel_cell_of_another_kind_is_refused(
    tmp_path: Path, heading: str, cell: object, rule: str
) -> None:
    rows = (["people", "code"], [1, cell]) if heading == "code" else (["code", heading], ["a", cell])
    findings = refused(xlsx_file(tmp_path, *rows))
    assert only(findings) == (f"table.{rule}", "B2")
    assert findings[0].sheet == "Sheet"


def test_a_failed_or_uncomputed_formula_is_not_taken_for_an_empty_cell(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, ["code", "money", "people"], ["a", "#N/A", "=1+1"])
    assert [(found.rule, found.cell) for found in refused(path)] == [
        ("table.cell_formula", "B2"),
        ("table.cell_formula", "C2"),
    ]


@pytest.mark.parametrize(
    "far", ['r="XFD1048576"', "r = 'xfd1048576'", 'r="A2"r="XFD1048576"', 'r="A9999999999"']
)
def test_a_stray_cell_far_out_is_refused_and_does_not_stop_the_program(tmp_path: Path, far: str) -> None:
    path = tmp_path / "far.xlsx"
    near = xlsx_file(tmp_path, ["code"], ["a"])
    with zipfile.ZipFile(near) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="A2"', far.encode()))
    assert only(refused(path)) == ("table.file_large", "")


def test_a_sheet_is_found_by_its_name_and_a_missing_one_refused(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, ["nothing"], ["x"])
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("县")
    second.append(["code"])
    second.append(["a"])
    book.save(path)
    assert read_table(path, COUNTIES, sheet="县").table.num_rows == 1
    findings = refused(path, sheet="州")
    assert only(findings) == ("table.sheet_missing", "")
    assert "Sheet、县" in findings[0].zh


def test_the_rows_of_parquet_are_named_by_column_and_number(tmp_path: Path) -> None:
    path = tmp_path / "counties.parquet"
    parquet.write_table(pa.table({"code": ["a", "b"], "people": [1.0, 2.5]}), path)
    assert only(refused(path)) == ("table.not_integer", "people 2")


def test_the_types_of_parquet_become_the_declared_ones(tmp_path: Path) -> None:
    path = tmp_path / "counties.parquet"
    day = dt.datetime(2016, 5, 1, tzinfo=dt.UTC).replace(tzinfo=None)
    columns = {
        "code": pa.array([1, 2]),
        "money": pa.array(["1.50", "2.25"]).cast(pa.decimal128(10, 2)),
        "since": pa.array([day, None], pa.timestamp("ns")),
        "grade": pa.array(["a", "b"]).dictionary_encode(),
    }
    parquet.write_table(pa.table(columns), path)
    assert read_table(path, COUNTIES).table.drop(["people", "listed"]).to_pylist() == [
        {"code": "1", "money": 1.5, "since": "2016-05-01", "grade": "a"},
        {"code": "2", "money": 2.25, "since": None, "grade": "b"},
    ]


def test_what_a_table_cannot_hold_is_refused_in_parquet(tmp_path: Path) -> None:
    path = tmp_path / "counties.parquet"
    columns = {"code": [["a"]], "money": [float("nan")], "people": [2**63 - 1]}
    parquet.write_table(pa.table(columns), path)
    assert [found.rule for found in refused(path)] == [
        "table.not_text",
        "table.not_finite",
        "table.out_of_bounds",
    ]


def test_a_finding_shows_long_and_invisible_text_shortened(tmp_path: Path) -> None:
    findings = refused(csv_file(tmp_path, 'code,people\na,"{x}\t' + "y" * 100 + '"\n'))
    for lang in LANGUAGES:
        said = getattr(findings[0], lang)
        assert "{x}\\u0009yyy" in said
        assert "y" * 50 not in said
