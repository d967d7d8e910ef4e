"""A programme that takes in registers: its settings, what people decided, and the commands of a store."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jiedui.errors import InputError
from jiedui.programmes.registers import figures, read_register_folder, run_registers

SETTINGS = """
[programme]
id = "own"
scheme = "household"
period = "2026-"
round = "2026-10"
name = { zh = "本县", en = "our county" }
[registers]
on = "2026-10-31"
regions = [99]
"""
HOUSEHOLDS = "户号,户主,家庭人口,村\n1001,张三,3,麻子村\n1002,李四,2,麻子村\n"
CORRECTIONS = "register,row_key,column,was,is,reason,who,when\n"
DECISIONS = "left,right,same,who,when,why\n"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "county"
    (made / "incoming").mkdir(parents=True)
    (made / "programme.toml").write_text(SETTINGS, encoding="utf-8")
    (made / "incoming" / "户.csv").write_text(HOUSEHOLDS, encoding="gb18030")
    return made


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Give the program: exit code, output and errors of its arguments."""
    from jiedui.__main__ import main

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["jiedui", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return run


@pytest.mark.parametrize(
    ("was", "becomes", "rule", "cell"),
    [
        ('on = "2026-10-31"', 'on = "2026-10"', "programme.key", "registers.on"),
        ('on = "2026-10-31"', "", "programme.key", "registers.on"),
        ('on = "2026-10-31"', 'on = "2026-02-30"', "programme.key", "registers.on"),
        ("regions = [99]", "regions = [9]", "programme.key", "registers.regions"),
        ("regions = [99]", 'regions = "99"', "programme.key", "registers.regions"),
        ("regions = [99]", "purpose = 3", "programme.key", "registers.purpose"),
        ("regions = [99]", "day = 3", "programme.unknown_key", "registers.day"),
        ("[registers]", "[[proposals]]\n[registers]", "programme.two_purposes", "proposals"),
    ],
)
def test_a_wrong_setting_is_told_with_its_key(
    was: str, becomes: str, rule: str, cell: str, folder: Path
) -> None:
    path = folder / "programme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_register_folder(folder)
    assert (rule, "programme.toml", cell) in [
        (one.rule, one.file, one.cell) for one in refused.value.findings
    ]


@pytest.mark.parametrize(
    ("name", "content", "cell"),
    [
        ("mapping.csv", "文件,标题\n", ""),
        ("corrections.csv", f"{CORRECTIONS}households,1001,size,3,4,,甲,2026-09-01\n", "F2"),
        ("corrections.csv", f"{CORRECTIONS}households,1001,size,3,4,核实,甲,昨天\n", "H2"),
        ("link_decisions.csv", f"{DECISIONS}a,b,是,,2026-09-01,\n", "D2"),
        ("link_decisions.csv", f"{DECISIONS}a,b,是,甲,,\n", "E2"),
        ("link_decisions.csv", f"{DECISIONS}a,b,也许,甲,2026-09-01,\n", "C2"),
        ("places.csv", "code,name\n12,甲县\n", ""),
        ("rules.toml", "[[rule]]\n", ""),
        ("rules.toml", "[[rule\n", ""),
        ("forms/own.toml", 'id = "own"\n', ""),
    ],
)
def test_a_wrong_decision_is_told_with_its_file_and_cell(
    name: str, content: str, cell: str, folder: Path
) -> None:
    (folder / "forms").mkdir()
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_register_folder(folder)
    assert {one.file for one in refused.value.findings} == {Path(name).name}
    assert all(one.zh and one.en for one in refused.value.findings)
    if cell:
        assert cell in {one.cell for one in refused.value.findings}


def test_everything_that_is_wrong_is_told_at_once(folder: Path) -> None:
    (folder / "incoming" / "户.csv").unlink()
    (folder / "rules.toml").write_text("[[rule\n", encoding="utf-8")
    (folder / "link_decisions.csv").write_text(f"{DECISIONS}a,b,是,,,\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_register_folder(folder)
    told = [one.file for one in refused.value.findings]
    assert told == ["incoming", "rules.toml", "link_decisions.csv", "link_decisions.csv"]


def test_a_decision_that_nobody_made_yet_is_left_open(folder: Path) -> None:
    (folder / "link_decisions.csv").write_text(f"{DECISIONS}a,b,,,,\n", encoding="utf-8")
    assert read_register_folder(folder).decisions.num_rows == 0


def test_a_correction_changes_the_register_until_the_office_takes_it_over(folder: Path) -> None:
    line = f"{CORRECTIONS}households,1001,size,3,4,入户核实,甲,2026-09-01\n"
    (folder / "corrections.csv").write_text(line, encoding="utf-8")
    first = run_registers(folder)
    (folder / "incoming" / "户.csv").write_text(HOUSEHOLDS.replace("张三,3", "张三,4"), encoding="utf-8")
    next_month = run_registers(folder)
    for run, outcome in ((first, "applied"), (next_month, "done")):
        assert run.register.tables["households"]["size"].to_pylist() == [4, 2]
        assert list(run.corrected.outcomes) == [outcome]
    counts = [
        {row["figure"]: row["count"] for row in figures(run).to_pylist()} for run in (first, next_month)
    ]
    assert [one["corrections"] for one in counts] == [1, 0]


def test_steps_and_files_are_told_before_they_start(folder: Path) -> None:
    told: list[str] = []
    run = run_registers(folder, on_step=told.append, watch=iter(range(100)).__next__)
    assert told == ["read", "户.csv", "place", "link", "merge", "correct", "check"]
    assert set(run.seconds.values()) == {1}


def test_the_screen_shows_what_was_found_in_the_language_asked_for(folder: Path, command: Command) -> None:
    assert command("check", folder)[0] == 0
    code, zh, _ = command("run", folder, "--until", "registers")
    assert (code, "本县" in zh, "读入行数" in zh) == (0, True, True)
    code, en, _ = command("run", folder, "--until", "registers", "--lang", "en")
    assert (code, "our county" in en, "rows read" in en) == (0, True, True)
    assert "{" not in zh + en
    assert not (folder / "out").exists()


def test_a_store_is_filled_looked_at_decided_about_and_taken_back(tmp_path: Path, command: Command) -> None:
    store, file = tmp_path / "county.duckdb", tmp_path / "户.csv"
    by = ("--by", "张三", "--on", "2026-10-31")
    file.write_text(HOUSEHOLDS, encoding="utf-8")
    code, said, _ = command("store", "add", store, file, *by)
    assert (code, "导入 1" in said, "新增 / new" in said) == (0, True, True)
    assert command("store", "commit", store, 1, "--reviewed", reviewed(said), *by)[0] == 0
    assert "已入库" in command("store", "add", store, file, *by)[1]
    file.write_text(HOUSEHOLDS.replace("张三,3", "张三,4"), encoding="utf-8")
    code, said, _ = command("store", "add", store, file, *by)
    assert (code, "1001" in said, "size" in said) == (0, True, True)
    code, again, _ = command("store", "review", store, 2)
    assert (code, reviewed(again)) == (0, reviewed(said))
    code, _, wrong = command("store", "commit", store, 2, "--reviewed", reviewed(again) + 1, *by)
    assert (code, "imports.not_last" in wrong) == (2, True)
    assert command("store", "commit", store, 2, "--reviewed", reviewed(again), *by)[0] == 0
    code, _, wrong = command("store", "undo", store, 1, *by)
    assert (code, "imports.built_upon" in wrong) == (2, True)
    code, said, _ = command("store", "undo", store, 2, *by)
    assert (code, "已撤销" in said, "undone" in said) == (0, True, True)
    file.write_text(HOUSEHOLDS.replace("李四,2", "李四,5"), encoding="utf-8")
    command("store", "add", store, file, *by)
    code, said, _ = command("store", "refuse", store, 3, *by)
    assert (code, "已放弃" in said) == (0, True)
    code, said, _ = command("store", "list", store)
    assert (code, said.count("张三 2026-10-31")) == (0, 7)


def reviewed(said: str) -> int:
    """Give the number of the review that was shown."""
    (number,) = re.findall(r"第 (\d+) 次核对", said)
    return int(number)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("list", "{store}"), "store.file_missing"),
        (("review", "{made}", "7"), "imports.unknown"),
        (("commit", "{made}", "1", "--reviewed", "1", "--by", " "), "imports.nobody"),
        (("undo", "{made}", "1", "--by", "甲"), "imports.state"),
        (("list", "{file}"), "store.not_a_store"),
    ],
)
def test_what_a_store_cannot_do_is_told_in_both_languages(
    arguments: tuple[str, ...], rule: str, tmp_path: Path, command: Command
) -> None:
    file = tmp_path / "户.csv"
    file.write_text(HOUSEHOLDS, encoding="utf-8")
    paths = {"store": tmp_path / "none.duckdb", "made": tmp_path / "made.duckdb", "file": file}
    command("store", "add", paths["made"], file, "--by", "甲", "--on", "2026-10-31")
    code, _, wrong = command("store", *(part.format(**paths) for part in arguments))
    assert code == 2
    assert rule in wrong
    assert any("一" <= sign <= "鿿" for sign in wrong)
    assert any(word.isascii() and word.isalpha() and len(word) > 2 for word in wrong.split())
