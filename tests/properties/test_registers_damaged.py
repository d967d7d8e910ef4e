"""What the generator damages the repair restores, and nothing that is whole is touched."""

from __future__ import annotations

import io
import zipfile

import opencc
import pyarrow as pa
import pypinyin
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.office_prose import CELLS, PARAGRAPHS, SENTENCES

from jiedui.errors import InputError
from jiedui.registers.damaged import damage_text, repair_table, repair_text
from jiedui.registers.damaged.cells import mend_all
from jiedui.registers.damaged.workbook import repair_workbook

DEVELOPED = 1000
"""Seeds below were used while building; the tests draw others."""
SEEDS = st.integers(DEVELOPED, 2**62)
TEXTS = st.sampled_from([*SENTENCES, *PARAGRAPHS])
EXACT = ("pinyin", "traditional", "width", "invisible", "space", "mojibake")
DOUBTFUL = ("converted", "one_to_many", "mojibake")
QUICK = settings(max_examples=150, deadline=None)


@QUICK
@given(clean=TEXTS, seed=SEEDS, kinds=st.sets(st.sampled_from(EXACT), min_size=1))
def test_a_damaged_text_is_restored_exactly(clean: str, seed: int, kinds: set[str]) -> None:
    damaged = damage_text(clean, seed=seed, kinds=sorted(kinds))
    assert repair_text(damaged.text).text == clean


@QUICK
@given(clean=TEXTS, seed=SEEDS)
def test_where_much_was_turned_the_text_is_restored_or_asked_about(clean: str, seed: int) -> None:
    repaired = repair_text(damage_text(clean, seed=seed, kinds=DOUBTFUL).text)
    assert repaired.text == clean or repaired.questions


@QUICK
@given(clean=TEXTS, seed=SEEDS, kinds=st.sets(st.sampled_from(EXACT), min_size=1))
def test_a_repaired_text_is_whole(clean: str, seed: int, kinds: set[str]) -> None:
    repaired = repair_text(damage_text(clean, seed=seed, kinds=sorted(kinds)).text)
    assert repair_text(repaired.text).changes == ()


@QUICK
@given(text=st.text(st.characters(codec="utf-8")))
def test_no_text_stops_the_repair(text: str) -> None:
    repaired = repair_text(text)
    assert all(0 <= change.position <= len(text) for change in repaired.changes)
    assert all(question.finding().zh for question in repaired.questions)


@QUICK
@given(data=st.binary(max_size=60), encoding=st.sampled_from(["latin-1", "gb18030", "utf-8", "utf-16-le"]))
def test_no_bytes_stop_the_repair(data: bytes, encoding: str) -> None:
    text = data.decode(encoding, "replace")
    assert all(change.was != change.now for change in repair_text(text).changes)


@settings(max_examples=40, deadline=None)
@given(seeds=st.lists(SEEDS, min_size=1, max_size=8))
def test_cells_are_restored_as_well_together_as_alone(seeds: list[int]) -> None:
    clean = [CELLS[seed % len(CELLS)] for seed in seeds] + list(SENTENCES[:3])
    damaged = [
        damage_text(text, seed=seed, kinds=("pinyin", "width", "invisible")).text
        for text, seed in zip(clean, [*seeds, 1, 2, 3], strict=True)
    ]
    mended = mend_all(dict.fromkeys(damaged))
    assert [mended[text].text if text in mended else text for text in damaged] == clean


def workbook() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("户")
    for row, text in enumerate((*CELLS, "我们聯(lián)系", "１２户")):
        sheet.write(row, row % 3, text)
    book.close()
    return file.getvalue()


WORKBOOK = workbook()


@settings(max_examples=80, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), max_size=4),
    length=st.integers(0, 2 * len(WORKBOOK)),
)
def test_a_spoiled_workbook_is_repaired_or_refused_with_a_reason(
    places: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(WORKBOOK)
    for place, byte in places:
        data[place] = byte
    try:
        repaired, _ = repair_workbook(bytes(data[:length]), "a.xlsx")
    except InputError:
        return
    assert zipfile.ZipFile(io.BytesIO(repaired)).testzip() is None


SIMPLIFIED = "这们说为与对发个国会"
"""So many characters before it make a text simplified."""
PIECES = ("聯", "堅", "戰", "們", "綠", "系", "户", "联", "(lián)", "(jiān)", "(zhàn)", "(men)", "(lǜ)",
          "(lian)", "(2016年)", "(lián 2)", "(", ")", "A", "，", "。")  # fmt: skip


def walk(text: str) -> str:
    """Repair sign by sign: a fitting bracket goes, one that does not fit is left with its sign."""
    turn = opencc.OpenCC("t2s").convert
    letters = {*"abcdefghijklmnopqrstuvwxyzāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"}
    done, at = "", 0
    while at < len(text):
        sign, simple = text[at], turn(text[at])
        end = text.find(")", at)
        inside = text[at + 2 : end] if text[at + 1 : at + 2] == "(" and end > 0 else ""
        at += 1
        if sign != simple and inside and set(inside) <= letters:
            readings = [
                *pypinyin.pinyin(sign, heteronym=True)[0],
                *pypinyin.pinyin(simple, heteronym=True)[0],
            ]
            fits = inside in readings
            done += simple if fits else sign
            at = end + 1 if fits else at
        else:
            done += simple
    return done


@QUICK
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12))
def test_brackets_go_and_stay_as_in_a_walk_sign_by_sign(pieces: list[str]) -> None:
    text = SIMPLIFIED + "".join(pieces)
    repaired = repair_text(text)
    if not {"quoted", "passage", "mixed_text"} & {question.kind for question in repaired.questions}:
        assert repaired.text == walk(text)


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(
        st.one_of(st.none(), st.sampled_from(["聯(lián)系", "１户", "联系", "\u200b", "这们"])), max_size=9
    )
)
def test_a_table_is_repaired_cell_by_cell(cells: list[str | None]) -> None:
    table = pa.table({"a": pa.array([*cells, SIMPLIFIED], pa.string()), "b": range(len(cells) + 1)})
    repaired = repair_table(table)
    alone = [None if cell is None else repair_text(cell).text or None for cell in [*cells, SIMPLIFIED]]
    assert repaired.table["a"].to_pylist() == alone
    assert len(repaired.changes) == sum(len(repair_text(cell).changes) for cell in cells if cell)
