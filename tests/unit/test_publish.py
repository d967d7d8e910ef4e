"""The files of a publication, for a small country of three helpers and six places."""

from __future__ import annotations

import csv
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jiedui.language import LANGUAGES, Lang, text
from jiedui.programmes.tables import COMPARISON, PAIRS, PRICES, REASONS
from jiedui.publish import Arc, Picture, Publication, write
from jiedui.publish import typesetting as typesetting_module

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from jiedui.tables import Column, Table

HELPERS = {"A": "甲市", "B": "乙市", "C": "丙市"}
RECIPIENTS = {f"r{number}": f"第{number}县" for number in range(6)}
PROPOSALS = {
    "present": {"zh": "现有结对", "en": "present pairs"},
    "units": {"zh": "整单元", "en": "whole units"},
}


def words(sentence: str) -> dict[str, str]:
    return {"zh": sentence, "en": f"{sentence} in English"}


def cell(column: Column, row: dict[str, Any]) -> object:
    """Give a value of the right type where a row says nothing."""
    neutral = {"text": "x", "integer": 3, "number": 1.5, "boolean": True, "date": "2016"}
    return row.get(column.name, neutral[column.type] if column.required else None)


def table(declaration: Table, rows: list[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa

    full = [{column.name: cell(column, row) for column in declaration.columns} for row in rows]
    return pa.Table.from_pylist(full, schema=declaration.schema())


def pair_rows() -> list[dict[str, Any]]:
    pairs = zip(RECIPIENTS.items(), [*HELPERS.items()] * 2, strict=True)
    return [
        {
            "helper": helper,
            "helper_name": helper_name,
            "recipient": recipient,
            "recipient_name": recipient_name,
            "status": "new" if helper == "B" else "kept",
            "confirmed": helper != "C",
            "km": 1234.56789,
            "reason": "=HYPERLINK(1)" if recipient == "r0" else "相距较近。",
        }
        for (recipient, recipient_name), (helper, helper_name) in pairs
    ]


def publication(*, repeat: int = 1, places: int = 6) -> Publication:
    pairs = [{**row, "proposal": name} for name in PROPOSALS for row in pair_rows() * repeat]
    for number, row in enumerate(pairs):
        row["recipient"] += f"-{number}" if repeat > 1 else ""
    prices = [
        {"proposal": name, "helper": helper, "helper_name": helper_name, "confirmed": helper != "C"}
        for name in PROPOSALS
        for helper, helper_name in HELPERS.items()
    ]
    comparison = [
        {"proposal": "present", "name": "现有结对", "over_share": 2.0, "certificate": "none"},
        {"proposal": "units", "name": "整单元", "over_share": 0.0, "certificate": "prices", "gap": 0.0},
    ]
    grid = [(100.0 + number, 30.0 + number % 3) for number in range(places)]
    arcs = [
        Arc(
            words(name),
            words(f"{name}帮扶区"),
            (118.0, 25.0 + 4 * at),
            (102.0, 30.0 + at),
            2.0,
            confirmed=at < 2,
        )
        for at, name in enumerate(HELPERS.values())
    ]
    picture = Picture(
        "present",
        words("现有结对"),
        grid,
        [(*at, 0.5 * number) for number, at in enumerate(grid)],
        [(words(name), 118.0, 25.0 + 4 * at) for at, name in enumerate(HELPERS.values())],
        arcs,
        {"zh": "县/千亿元", "en": "counties per 100 bn yuan"},
    )
    return Publication(
        title=words("示例 <结对> & 比较"),
        lead=words("三个帮扶方，六个县。"),
        notices=(words("不是对决定的评价。"),),
        limits=(words("不含人口。"),),
        figures=(("6", words("受援县")),),
        proposals=PROPOSALS,
        tables={
            "comparison": table(COMPARISON, comparison),
            "pairs": table(PAIRS, pairs),
            "prices": table(PRICES, prices),
            "reasons": table(REASONS, pairs),
        },
        declarations={"comparison": COMPARISON, "pairs": PAIRS, "prices": PRICES, "reasons": REASONS},
        pictures=(picture,),
        sources=(words("示例数据"),),
        run={"versions": {"jiedui": "0"}, "scheme": "示例", "inputs": {"helpers.csv": "ab" * 32}},
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, Path]:
    found = {lang: tmp_path_factory.mktemp(lang) for lang in LANGUAGES}
    for lang, folder in found.items():
        write(publication(), folder, lang)
    return found


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_file_that_is_told_of_is_there_and_no_other(tmp_path: Path) -> None:
    written = write(publication(), tmp_path, "zh")
    assert sorted(written.files) == sorted(tmp_path.iterdir())
    names = {path.name for path in written.files}
    assert {"pairs.csv", "pairs.parquet", "pairs.xlsx", "codebook.csv", "map.svg", "report.html"} < names


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_publication_gives_the_same_bytes(
    folders: dict[Lang, Path], tmp_path: Path, lang: Lang
) -> None:
    for path in write(publication(), tmp_path, lang).files:
        assert path.read_bytes() == (folders[lang] / path.name).read_bytes(), path.name


def test_csv_opens_in_excel_and_is_plain_to_machines(folders: dict[Lang, Path]) -> None:
    raw = (folders["zh"] / "pairs.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 13
    heading, first, *_ = rows_of(folders["zh"] / "pairs.csv")
    assert [*heading[8:10], heading[-1]] == ["距离（公里）", "与现状比", "来源已核实"]
    assert [*first[8:10], first[-1]] == ["1234.56789", "保留", "是"]


def test_a_text_that_looks_like_a_formula_is_led_by_an_apostrophe(folders: dict[Lang, Path]) -> None:
    assert rows_of(folders["en"] / "reasons.csv")[1][-2] == "'=HYPERLINK(1)"


def test_parquet_keeps_fields_types_and_values(folders: dict[Lang, Path]) -> None:
    import pyarrow.parquet as pq

    read = pq.read_table(folders["en"] / "pairs.parquet")
    assert read.schema.equals(PAIRS.schema())
    assert read.equals(publication().tables["pairs"])


def test_the_codebook_tells_of_every_column(folders: dict[Lang, Path]) -> None:
    told = {(row[0], row[1]) for row in rows_of(folders["zh"] / "codebook.csv")[1:]}
    assert told == {
        (declaration.name, column.name)
        for declaration in (COMPARISON, PAIRS, PRICES, REASONS)
        for column in declaration.columns
    }


def test_the_run_is_recorded_in_order(folders: dict[Lang, Path]) -> None:
    record = (folders["zh"] / "run.json").read_text(encoding="utf-8")
    assert list(json.loads(record)) == ["inputs", "scheme", "versions"]
    assert record.endswith("}\n")
    assert "示例" in record


def test_the_workbook_reads_as_it_was_written(folders: dict[Lang, Path]) -> None:
    from openpyxl import load_workbook

    book = load_workbook(folders["zh"] / "pairs.xlsx")
    assert book.sheetnames == ["说明", "方案对照", "结对关系", "帮扶方负担与价格", "结对理由"]
    assert book["说明"]["A1"].value == "示例 <结对> & 比较"
    sheet = book["结对理由"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == (
        "C2",
        "$1:$1",
        "landscape",
    )
    assert sheet.print_title_cols == "$A:$B"
    assert int(book["方案对照"].page_setup.fitToWidth or 0) > 1
    assert sheet.auto_filter.ref == "A1:M13"
    assert (sheet["L2"].data_type, sheet["L2"].value) == ("s", "=HYPERLINK(1)")
    assert sheet["I2"].value == "–"
    pairs = book["结对关系"]
    assert (pairs["I2"].value, pairs["I2"].number_format) == (1234.56789, "#,##0.0")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_needs_nothing_from_outside(folders: dict[Lang, Path], lang: Lang) -> None:
    page = (folders[lang] / "report.html").read_text(encoding="utf-8")
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    assert all((folders[lang] / link).is_file() for link in links - {"#text"})
    assert "<script" not in page
    assert "@import" not in page
    assert re.findall(r"https?://[^\"]+", page) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_of_the_page_has_a_caption_and_scoped_headings(
    folders: dict[Lang, Path], lang: Lang
) -> None:
    page = (folders[lang] / "report.html").read_text(encoding="utf-8")
    assert page.count("<table") == page.count("<caption") == 6
    assert page.count("<th") - page.count("<thead") == page.count('scope="')
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page


def test_the_page_escapes_what_it_is_given(folders: dict[Lang, Path]) -> None:
    page = (folders["zh"] / "report.html").read_text(encoding="utf-8")
    assert "示例 &lt;结对&gt; &amp; 比较" in page
    assert "<结对>" not in page


def test_proposals_keep_their_order_and_an_excess_is_shown(folders: dict[Lang, Path]) -> None:
    page = (folders["en"] / "report.html").read_text(encoding="utf-8")
    heads = re.search(r'<table class="comparison">.*?</thead>', page, re.DOTALL)
    assert heads
    assert re.findall(r'class="n">([^<]+)<', heads[0]) == ["present pairs", "whole units"]
    assert page.count("over by 2") == 1
    assert "over by 0" not in page


def test_rows_that_are_not_confirmed_are_marked(folders: dict[Lang, Path]) -> None:
    page = (folders["zh"] / "report.html").read_text(encoding="utf-8")
    assert page.count('丙市 <span class="tag wait">未核实</span>') == len(PROPOSALS)
    assert page.count('县 <span class="tag wait">未核实</span>') == 2 * len(PROPOSALS)


def test_many_pairs_are_shown_in_brief(tmp_path: Path) -> None:
    write(publication(repeat=11), tmp_path, "zh")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text("publish.show_pairs", "zh", count=66) in page
    assert "相距较近。" not in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_printed_report_has_its_pages_and_words(folders: dict[Lang, Path], lang: Lang) -> None:
    path = folders[lang] / "report.pdf"
    if not path.is_file():
        pytest.skip("no typst or no Chinese font on this machine")
    from pypdf import PdfReader

    document = PdfReader(path)
    words_in_it = "".join(page.extract_text() for page in document.pages)
    assert publication().limits[0][lang] in words_in_it
    assert document.pages[0].mediabox.width == pytest.approx(595.28, abs=0.1)
    assert document.metadata is not None
    assert document.metadata.title == publication().title[lang]


def test_without_typst_the_note_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    written = write(publication(), tmp_path, "zh")
    assert not (tmp_path / "report.pdf").exists()
    assert [note["en"].count("jiedui[reports]") for note in written.notes] == [1]
    assert "report.pdf" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_without_a_chinese_font_the_note_names_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("typst")
    monkeypatch.setattr(typesetting_module, "FONTS", ("No Such Song", "No Such Kai"))
    written = write(publication(), tmp_path, "en")
    assert not (tmp_path / "report.pdf").exists()
    assert ["No Such Kai" in note["zh"] for note in written.notes] == [True]


def test_a_publication_without_pictures_or_rows_is_still_whole(tmp_path: Path) -> None:
    whole = publication()
    empty = Publication(
        title=whole.title,
        lead=whole.lead,
        notices=(),
        limits=(),
        figures=(),
        proposals=whole.proposals,
        tables={name: rows.slice(0, 0) for name, rows in whole.tables.items()},
        declarations=whole.declarations,
        pictures=(),
        sources=(),
    )
    names = {path.name for path in write(empty, tmp_path, "en").files}
    assert "report.html" in names
    assert "map.svg" not in names
