"""The files that people keep beside the incoming ones: what is refused, what decides nothing."""

from __future__ import annotations

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
    "corrections.csv": "households,1,size,2,5,户口簿,某,2026/11/3",
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
