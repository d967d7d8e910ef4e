"""The files that people keep beside the incoming ones: what is refused, what decides nothing."""

from __future__ import annotations

import csv
import errno
import os
from pathlib import Path

import pytest

from jiedui.errors import InputError
from jiedui.programmes.registers import read_register_folder, run_registers, write_registers

SETTINGS = """
[programme]
id = "county"
scheme = "household"
period = "2026-"
round = "2026-10"
name = { zh = "某县登记", en = "Registers of a county" }

[registers]
on = "2026-10-31"
"""
HEADS = {
    "corrections.csv": "register,row_key,column,was,is,reason,who,when",
    "link_decisions.csv": "甲记录,乙记录,是否同一,决定人,决定日期,理由",
    "mapping.csv": "文件,工作表,表头,第几个,表,字段,依据,相似度,建议或次选,确认人,确认日期",
}
ROWS = {
    "corrections.csv": "households,1001,size,2,5,户口簿,某,2026/11/3",
    "link_decisions.csv": "a,b,是,甲,2026/11/3,",
    "mapping.csv": "户.csv,,人口,1,户,家庭人口数,,,,甲,2026/11/3",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "户.csv").write_text("户编号,户主\n1,甲\n", encoding="utf-8")
    (tmp_path / "programme.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", HEADS)
def test_a_file_of_decisions_with_headings_only_decides_nothing(folder: Path, name: str) -> None:
    (folder / name).write_text(HEADS[name] + "\n", encoding="utf-8-sig")
    content = read_register_folder(folder)
    assert (content.corrections.num_rows, content.decisions.num_rows, content.saved) == (0, 0, None)


@pytest.mark.parametrize("name", HEADS)
def test_a_file_of_decisions_is_read_as_a_spreadsheet_saves_it(folder: Path, name: str) -> None:
    (folder / name).write_bytes(f"{HEADS[name]}\r\n{ROWS[name]}\r\n".encode("gb18030"))
    content = read_register_folder(folder)
    signed = (*content.corrections["when"].to_pylist(), *content.decisions["when"].to_pylist())
    signed += tuple(line.when for line in content.saved.lines) if content.saved else ()
    assert signed == ("2026-11-03",)


@pytest.mark.parametrize(
    ("name", "heading", "other"),
    [
        ("corrections.csv", "is", "now"),
        ("corrections.csv", "was", "before"),
        ("link_decisions.csv", "是否同一", "同一"),
        ("mapping.csv", "字段", "列"),
    ],
)
def test_a_heading_that_decides_must_stand_there(folder: Path, name: str, heading: str, other: str) -> None:
    text = ",".join(other if head == heading else head for head in HEADS[name].split(","))
    (folder / name).write_text(f"{text}\n{ROWS[name]}\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_register_folder(folder)
    assert [(found.rule, found.file) for found in refusal.value.findings] == [("table.column_missing", name)]


@pytest.mark.parametrize("file", ["tables/households.parquet", "returned/户.xlsx"])
def test_a_disk_that_is_full_leaves_the_earlier_output_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    run = run_registers(folder)
    write_registers(run, folder / "out")
    before = {path: path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()}
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.as_posix().endswith(file):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError) as refusal:
        write_registers(run, folder / "out")
    assert [found.rule for found in refusal.value.findings] == ["programme.cannot_write"]
    assert {path: path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in folder.iterdir()) == ["incoming", "out", "programme.toml"]


CASE = """
[[rule]]
id = "9_01_001"
zh = "待核实：{{found}}"
en = "To be verified: {{found}}"
severity = "question"
source = "—"
table = "persons"
columns = ["work_months"]
find = "work_months > {most}"
fails = {{ {table} = [{{ household = "1", work_months = 5 }}] }}
"""


@pytest.mark.parametrize(
    ("most", "table", "rule"), [(5, "persons", "checks.case_passes"), (4, "people", "checks.case")]
)
def test_a_case_of_the_countys_own_rule_that_says_otherwise_is_refused(
    folder: Path, most: int, table: str, rule: str
) -> None:
    (folder / "rules.toml").write_text(CASE.format(most=most, table=table), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_register_folder(folder)
    assert [(one.rule, one.file, one.cell) for one in refusal.value.findings] == [
        (rule, "rules.toml", "9_01_001")
    ]


def test_a_case_of_the_countys_own_rule_that_holds_is_taken(folder: Path) -> None:
    (folder / "rules.toml").write_text(CASE.format(most=4, table="persons"), encoding="utf-8")
    assert "9_01_001" in {rule.id for rule in read_register_folder(folder).rules.rules}


FORM = """
id = "visit_list"
title = { zh = "名单", en = "list" }
rows = "households"
columns = [{ value = "head" }]
"""


def test_an_own_form_takes_the_place_of_a_shipped_one_only_where_it_says_so(folder: Path) -> None:
    (folder / "forms").mkdir()
    path = folder / "forms" / "visit_list.toml"
    path.write_text(FORM, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_register_folder(folder)
    assert [(one.rule, one.file) for one in refusal.value.findings] == [("forms.shipped", "visit_list.toml")]
    path.write_text(f"replaces = true{FORM}", encoding="utf-8")
    assert read_register_folder(folder).forms["visit_list"].title["en"] == "list"


def test_a_file_of_strangers_is_asked_about_and_a_sheet_beside_others_is_noted(folder: Path) -> None:
    (folder / "incoming" / "别的.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    found = run_registers(folder).findings.select(["rule", "severity", "file"]).to_pylist()
    asked = [row for row in found if row["rule"].startswith("headings.")]
    assert [tuple(row.values()) for row in asked] == [
        ("headings.file_unknown", "question", "别的.csv"),
        ("headings.subject_unknown", "note", "别的.csv"),
    ]


def test_the_run_tells_what_this_months_files_took_over(folder: Path) -> None:
    (folder / "incoming" / "户.csv").write_text(
        "户编号,户主,家庭人口数\n1001,某一,2\n1002,某二,6\n", encoding="utf-8"
    )
    lines = (
        "households,1001,size,2,5,户口簿,某,2026-10-03",
        "户,1002,家庭人口数,3,6,户口簿,某,2026-10-03",
        "户,1003,家庭人口数,3,6,户口簿,某,2026-10-03",
    )
    text = "\n".join((HEADS["corrections.csv"], *lines))
    (folder / "corrections.csv").write_text(f"{text}\n", encoding="utf-8")
    write_registers(run_registers(folder), folder / "out")
    with (folder / "out" / "ticked.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["户编号"], row["姓名"], row["状态"]) for row in csv.DictReader(file)]
    assert rows == [("1001", "某一", "open"), ("1002", "某二", "done"), ("1003", "", "missing")]


def test_a_day_that_is_missing_is_told_by_a_dash(folder: Path) -> None:
    (folder / "programme.toml").write_text(SETTINGS.replace('on = "2026-10-31"', ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"registers\.on is –; it must be") as refusal:
        read_register_folder(folder)
    assert "None" not in str(refusal.value)


def test_a_day_without_quotes_is_told_to_need_them(folder: Path) -> None:
    (folder / "programme.toml").write_text(
        SETTINGS.replace('on = "2026-10-31"', "on = 2026-10-31"), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r'2026-10-31.*"YYYY-MM-DD"'):
        read_register_folder(folder)
