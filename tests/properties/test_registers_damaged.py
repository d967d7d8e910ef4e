"""What the generator damages the repair restores, and nothing that is whole is touched."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.office_prose import CELLS, PARAGRAPHS, SENTENCES

from jiedui.errors import InputError
from jiedui.registers.damaged import damage_text, repair_text
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
