"""Damaged text: what is certain is repaired and listed, the rest is asked, what belongs stays."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from tests.office_prose import CELLS, PARAGRAPHS, SENTENCES, TRADITIONAL
from typer.testing import CliRunner

from jiedui.cli import app
from jiedui.errors import InputError
from jiedui.language import LANGUAGES
from jiedui.registers.damaged import (
    Repaired,
    damage_text,
    repair_file,
    repair_table,
    repair_text,
    write_report,
)
from jiedui.registers.files import Sheet
from jiedui.tables.grid import Place

DOCS = Path(__file__).parents[2] / "docs" / "zh"
ID_NUMBER = "00000019900101001X"
"""Of a region that does not exist."""


def kinds(repaired: Repaired) -> list[str]:
    return [change.kind for change in repaired.changes]


def asked(repaired: Repaired) -> list[str]:
    return [question.kind for question in repaired.questions]


@pytest.mark.parametrize(
    ("damaged", "clean"),
    [
        ("聯(lián)系", "联系"),
        ("堅(jiān)戰(zhàn)", "坚战"),
        ("們(men)的綠(lǜ)化", "们的绿化"),
        ("聯(lia\u0301n)系", "联系"),
        ("過(ɡuò)去", "过去"),
        ("乾(gān)部看著(zhe)", "干部看着"),
        ("关注困難户", "关注困难户"),
        ("这個乾部，徵求意见", "这个干部，征求意见"),
        (
            "根據(jù)省委關(guān)於進(jìn)一步加強(qiáng)扶貧開發(fā)工作的決定",
            "根据省委关于进一步加强扶贫开发工作的决定",
        ),
        ("１２３Ａ户，１２．５％", "123A户，12.5%"),
        ("户\u200b主\ufeff姓\u00ad名", "户主姓名"),
        ("GDP\u00a0增长", "GDP 增长"),
        ("张\u3000三", "张三"),
        ("家庭\u3000住址", "家庭住址"),
        ("该户为低收\u3000入户，", "该户为低收入户，"),
        ("主申报、乾部走访关於", "主申报、干部走访关于"),
        ("ÖÐ¹ú", "中国"),
        ("ä¸\xadå›½", "中国"),
        ("涓\ue15e浗浜烘皯", "中国人民"),
        ("我们聯(lián)ä¸\xadå›½", "我们联中国"),
        ("”ä¸\xad·", "”中·"),
        ("已核实：ÖÐ¹úÈËÃñ", "已核实：中国人民"),
        ("已核实“ÖÐ¹úÈËÃñ”…", "已核实“中国人民”…"),
    ],
)
def test_what_is_certain_is_repaired(damaged: str, clean: str) -> None:
    assert repair_text(damaged).text == clean


@pytest.mark.parametrize(
    "text",
    [
        "(2016年)",
        "联(lián)系群众",
        "(lián)",
        "A(lián)",
        "李昇(shēng)、乾(qián)县、著(zhù)名",
        "人均1．2万元",
        "著名、显著、瞭望塔、慰藉、乾县、魏徵、李昇",
        "\u3000\u3000第一条\u3000总则",
        "是\u3000否",
        "户主\u3000姓名\u3000性别",
        "××",
        "2026年\u3000月\u3000日",
        "Café Müller，Castañón，äöü ÄÖÜ ß",
        "ئۇيغۇر \u200fتىلى\u200f",
        "👩\u200d🌾",
    ],
)
def test_what_belongs_stays_without_a_question(text: str) -> None:
    assert repair_text(text) == Repaired(text, (), ())


def test_a_bracket_that_holds_more_than_one_syllable_stays() -> None:
    text = "这时我们聯(lián 2)系，聯(2016年)系"
    assert repair_text(text).text == "这时我们联(lián 2)系，联(2016年)系"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我们聯(hé)系", "reading"),
        ("我们聯(lian)系", "reading"),
        ("我们這里，李昇(shēng)", "reading"),
        ("“联”的繁体写作“聯”", "quoted"),
        ("我们这里，王於说這话", "one_to_many"),
        ("李昇说這话，我们听见了", "one_to_many"),
        ("鍾某说這话，我们听见了", "one_to_many"),
        ("锟斤拷锟斤拷", "lost"),
        ("户�", "lost"),
        ("？？？", "lost"),
        ("涓浗", "broken"),
        ("ÄÐ", "misread"),
        ("ä¸\xadå›", "broken"),
        ("甯�鎵惰矗浠讳汉", "broken"),
        ("ä¸­å›½äººæ°‘å…±å’Œå›½æˆ ç«", "broken"),
    ],
)
def test_what_is_not_certain_is_asked_and_left(text: str, kind: str) -> None:
    repaired = repair_text(text)
    assert asked(repaired) == [kind]
    question = repaired.questions[0]
    assert question.found in repaired.text
    assert all(question.found.strip() for _ in LANGUAGES)


@pytest.mark.parametrize("text", TRADITIONAL)
def test_a_traditional_text_is_left_and_reported_once(text: str) -> None:
    repaired = repair_text(text)
    assert repaired.text == text
    assert asked(repaired) == ["traditional_text"]


def test_a_text_half_traditional_is_asked_about() -> None:
    assert asked(repair_text("这们里，臺灣縣級單位學習聯絡")) == ["mixed_text"]


def test_a_traditional_sentence_in_a_simplified_text_is_taken_for_a_quotation() -> None:
    text = f"{SENTENCES[0]}\n{TRADITIONAL[0]}\n{SENTENCES[1]}"
    repaired = repair_text(text)
    assert repaired.text == text
    assert asked(repaired) == ["passage"]


@pytest.mark.parametrize(
    "text", [*SENTENCES, *PARAGRAPHS, *CELLS], ids=range(len(SENTENCES + PARAGRAPHS + CELLS))
)
def test_a_clean_text_is_never_changed(text: str) -> None:
    assert repair_text(text) == Repaired(text, (), ())


def test_the_chinese_documents_of_the_project_are_never_changed() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}
    assert len(pages) > 20
    assert [name for name, text in pages.items() if repair_text(text) != Repaired(text, (), ())] == []


def test_each_change_tells_where_it_was_in_the_text_as_given() -> None:
    text = "户\u200b主聯(lián)系１２户"
    for change in repair_text(text).changes:
        assert text[change.position : change.position + len(change.was)] == change.was
    assert kinds(repair_text(text)) == ["invisible", "pinyin", "width"]


def test_each_kind_of_change_says_why_in_both_languages() -> None:
    text = "聯(lián)系困難１２\u200b\u00a0们ÖÐ¹ú"
    for change in repair_text(text).changes:
        assert set(change.why) == set(LANGUAGES)


def test_a_finding_shows_no_more_than_the_last_four_digits_of_a_long_number() -> None:
    finding = repair_text(f"����{ID_NUMBER}", where="B2").questions[0].finding(file="a.csv")
    assert ID_NUMBER not in finding.zh
    assert finding.cell == "B2"


def test_a_table_is_judged_as_a_whole() -> None:
    table = pa.table({"name": ["联系人", "张某", "聯系人", None, "聯系人"], "size": [1, 2, 3, 4, 5]})
    repaired = repair_table(table)
    assert repaired.table["name"].to_pylist() == ["联系人", "张某", "联系人", None, "联系人"]
    assert [change.where for change in repaired.changes] == ["name 3", "name 5"]
    assert asked(repair_text("聯系人")) == ["traditional_text"]


def test_a_traditional_table_is_asked_about_once() -> None:
    table = pa.table({"name": ["聯絡人", "臺灣", "縣市１"], "unit": ["衛生局", "農業局", None]})
    repaired = repair_table(table)
    assert repaired.table["name"].to_pylist() == ["聯絡人", "臺灣", "縣市1"]
    assert [question.kind for question in repaired.questions] == ["traditional_text"]


def test_a_sheet_keeps_its_way_back_and_has_its_headings_repaired() -> None:
    sheet = Sheet(
        Place("a.xlsx", "人口"),
        "联系表",
        ["聯(lián)系人", "备\u3000注"],
        [1, 3],
        pa.table({"c0": ["张\u3000三", None], "c1": ["\u200b", "１户"]}),
        None,
        np.array([4, 5]),
        3,
        (),
        "",
    )
    repaired = repair_table(sheet)
    assert repaired.table.headings == ["联系人", "备注"]
    assert repaired.table.cells.to_pylist() == [{"c0": "张三", "c1": None}, {"c0": None, "c1": "1户"}]
    assert [change.where for change in repaired.changes] == ["B3", "D3", "B4", "D4", "D5"]


def test_a_table_without_text_stays_as_it_is() -> None:
    table = pa.table({"size": [1, 2], "name": pa.array([None, None], pa.string())})
    assert repair_table(table).table.equals(table)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_repaired_in_a_copy(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("我们\n聯(lián)系人：张大山\n", encoding=encoding)
    before = path.read_bytes()
    repaired = repair_file(path)
    assert path.read_bytes() == before
    assert repaired.copy == tmp_path / "notice.repaired.txt"
    assert repaired.copy.read_text(encoding="utf-8-sig") == "我们\n联系人：张大山\n"
    assert [(change.where, change.position) for change in repaired.changes] == [("2", 0)]


def test_a_file_of_two_encodings_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes("我们１\n".encode() + "联系人\n".encode("gb18030") + b"\xff\xff\n")
    repaired = repair_file(path)
    assert repaired.copy
    assert repaired.copy.read_text(encoding="utf-8").startswith("我们1\n联系人\n�")
    assert [question.kind for question in repaired.questions] == ["lost"]


def test_a_csv_file_is_repaired_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes('户主,聯(lián)系電話\r\n张\u3000三,"１,\n２"\r\n'.encode())
    repaired = repair_file(path)
    assert repaired.copy
    with repaired.copy.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["户主", "联系电话"], ["张三", "1,\n2"]]
    assert {change.where for change in repaired.changes} == {"B1", "A2", "B2"}


def write_workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("人口 & 户")
    sheet.write("A1", "户主 & <这里>")
    sheet.write("B2", "聯(lián)系 & <人>")
    sheet.write("C3", "聯(lián)系 & <人>")
    sheet.write_formula("D4", "=1+1", None, 2)
    sheet.write("E5", 8612.5)
    sheet.insert_textbox("F6", "聯系")
    book.close()


def test_a_workbook_keeps_all_but_its_damaged_texts(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_workbook(path)
    repaired = repair_file(path)
    assert repaired.copy
    cells = openpyxl.load_workbook(repaired.copy)["人口 & 户"]
    assert [cells[at].value for at in ("A1", "B2", "C3", "D4", "E5")] == [
        "户主 & <这里>", "联系 & <人>", "联系 & <人>", "=1+1", 8612.5,
    ]  # fmt: skip
    assert [change.where for change in repaired.changes] == ["人口 & 户!B2", "人口 & 户!C3"]
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(repaired.copy) as new:
        assert old.namelist() == new.namelist()
        unlike = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert unlike == ["xl/sharedStrings.xml"]


def test_texts_that_a_workbook_holds_in_its_cells_are_repaired_too(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("户")
    sheet.write("A1", "我们聯(lián)系")
    sheet.write_rich_string("B1", book.add_format({"bold": True}), "實(shí)", "际")
    book.close()
    repaired = repair_file(path)
    assert repaired.copy
    cells = openpyxl.load_workbook(repaired.copy)["户"]
    assert [cells["A1"].value, cells["B1"].value] == ["我们联系", "实际"]
    assert [change.where for change in repaired.changes] == ["户!A1", "户!B1"]


def test_the_same_file_gives_the_same_copy(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_workbook(path)
    copies = [repair_file(path, out=tmp_path / name).copy for name in ("a.xlsx", "b.xlsx")]
    assert len({copy.read_bytes() for copy in copies if copy}) == 1


def test_nothing_to_repair_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notice.md"
    path.write_text("我们联系", encoding="utf-8")
    assert repair_file(path).copy is None
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("a.docx", b"x", "damaged.ending"),
        ("a.txt", b"", "table.file_empty"),
        ("a.txt", b"\x00\x01", "damaged.no_text"),
        ("a.csv", b'"\xe6\x88\xb7', "table.csv_quotes"),
        ("a.xlsx", b"PK\x03\x04", "table.not_xlsx"),
        ("a.xlsx", "聯(lián)系".encode(), "table.not_xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, data: bytes, rule: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as refused:
        repair_file(tmp_path / name)
    assert [finding.rule for finding in refused.value.findings] == [rule]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_workbook_without_its_parts_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match=r"table\.not_xlsx"):
        repair_file(tmp_path / "a.xlsx")


def test_the_original_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("我们１", encoding="utf-8")
    with pytest.raises(InputError, match=r"damaged\.same_file"):
        repair_file(path, out=tmp_path / "." / "notice.txt")
    with pytest.raises(InputError, match=r"damaged\.not_written"):
        repair_file(path, out=tmp_path / "nowhere" / "notice.txt")
    with pytest.raises(InputError, match=r"damaged\.same_file"):
        write_report(repair_file(path), path)
    assert path.read_text(encoding="utf-8") == "我们１"


@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_the_report_lists_all_and_shows_no_long_number(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "list.txt"
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in ID_NUMBER)
    path.write_text(f"我们聯(lián)系\n{wide}\n=锟斤拷\n", encoding="utf-8")
    write_report(repair_file(path), tmp_path / f"report.{ending}")
    report = (tmp_path / f"report.{ending}").read_text(encoding="utf-8-sig")
    assert all(part in report for part in ("聯(lián)", "锟斤拷", "**************001X"))
    assert ID_NUMBER not in report
    assert wide not in report


def test_a_report_carries_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("我们\n=１+１\n", encoding="utf-8")
    path.write_bytes(path.read_bytes().replace("=１+１".encode(), "=ä¸\xadå›½".encode()))
    write_report(repair_file(path), tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "@"))]


def test_the_command_writes_copy_and_report(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("我们聯(lián)系\n锟斤拷\n", encoding="utf-8")
    report = tmp_path / "report.txt"
    done = CliRunner().invoke(app, ["repair", str(path), "--report", str(report)])
    assert done.exit_code == 0, done.output
    assert "notice.repaired.txt" in done.output
    assert "damaged.lost" in done.output
    assert report.is_file()


def test_damage_is_the_same_for_the_same_seed() -> None:
    assert damage_text(PARAGRAPHS[0], seed=4) == damage_text(PARAGRAPHS[0], seed=4)
    assert damage_text(PARAGRAPHS[0], seed=4) != damage_text(PARAGRAPHS[0], seed=5)


def test_an_unknown_kind_of_damage_is_refused() -> None:
    with pytest.raises(ValueError, match="smoke"):
        damage_text("户", seed=1, kinds=("smoke",))
