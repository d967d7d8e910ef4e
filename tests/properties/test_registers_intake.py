"""Typing by columns equals typing cell by cell; repeated values taken once equal a loop over rows."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.registers_sheets import make_sheet

from jiedui.registers.files import DATE, FAILED, NUMBER, TEXT, TRUTH
from jiedui.registers.headings import match_headings, office_layouts
from jiedui.registers.intake import read_tidied, take_in
from jiedui.registers.intake.columns import read_column
from jiedui.registers.intake.repeats import take_once
from jiedui.registers.intake.tidying import CODES, IDENTITIES, PEOPLE, tidy
from jiedui.registers.intake.wording import is_blank_word
from jiedui.registers.tables import HOUSEHOLDS, REGISTERS
from jiedui.tables import Column
from jiedui.tables.cells import Refusal

COLUMNS = list(
    {
        (
            column.type,
            column.name in CODES,
            column.name in IDENTITIES,
            column.at_least,
            column.choices,
            column.name in PEOPLE,
        ): column
        for table in REGISTERS
        for column in table.columns
    }.values()
)
"""One column of each manner of being read."""
BY_TYPE = {
    kind: [column for column in COLUMNS if (column.type, bool(column.choices)) == kind]
    for kind in {(column.type, bool(column.choices)) for column in COLUMNS}
}
WORDS = [
    "990101199001011000", "990101199001011234", "1.234", "12.5", "1234567890123456", "2021", "44291", "3",
    "无", "是", "否", "√", "男性", "长子", "汉族", "1,234.50", "3.5万元", "12元", "０１２", "1e5",
    "1.3e+17", "5.3E+17", "202405", "2021.1", "2021.10", "2021年4月5日", "2021-02-30",
    "99010119900101123x", "'0012", "true", "#", "#REF!", "A", "a级", "NULL", "nan", "-", "张 三",
    "4人", "8个月", "88㎡", "1.005", "999999999999999", "99999999999999999999", "0.1", ".5", "5.",
    "-3", "+3", "1_000", "٣", "Ⅳ", "甲\u200b", "甲\n乙", "  甲 ", "'", "", " ", "9007199254740993",
    "123456789012345.67", "0.30000000000000004", "530102", "true ", "N/A", "inf", "NaN",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.from_regex(r"[0-9]{1,18}(\.[0-9]{0,7})?", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.text("0123456789.-/年月日,元万 ０９Ｘxe+", max_size=9),
)
KINDS = [None, TEXT, NUMBER, TRUTH, FAILED]
CELLS = st.lists(st.tuples(st.one_of(st.none(), TEXTS), st.sampled_from(KINDS[1:])), max_size=30)
FACTORS = st.sampled_from([1, 10_000])


@st.composite
def columns(draw: st.DrawFn) -> Column:
    """Draw a column: each type equally often, whichever is rare among the tables."""
    kind = draw(st.sampled_from(sorted(BY_TYPE)))
    return draw(st.sampled_from(BY_TYPE[kind]))


def one_by_one(text: str | None, kind: int | None, column: Column, factor: int) -> tuple[object, str]:
    try:
        return read_tidied(text, kind, replace(column, required=False), factor), ""
    except Refusal as refusal:
        return None, f"{refusal.rule} {refusal.values}"


def assert_twins(column: Column, texts: list[str | None], kinds: list[int | None], factor: int) -> None:
    """Compare values, refusals and counts of one column with those of its cells one by one."""
    typed = read_column(
        pa.chunked_array([pa.array(texts, pa.string())]),
        None if None in kinds else pa.chunked_array([pa.array(kinds, pa.uint8())]),
        column,
        factor,
    )
    cells = list(zip(texts, kinds, strict=True))
    wanted = [one_by_one(text, kind, column, factor) for text, kind in cells]
    assert typed.values.to_pylist() == [value for value, _ in wanted]
    told = dict(zip(typed.refused.tolist(), typed.causes.tolist(), strict=True))
    refusals = [f"{found.rule} {found.values}" for found in typed.refusals]
    assert {row: refusals[cause] for row, cause in told.items()} == {
        row: rule for row, (_, rule) in enumerate(wanted) if rule
    }
    counted: dict[str, int] = {}
    for (text, kind), (_, rule) in zip(cells, wanted, strict=True):
        for change in () if rule else tidy(text, kind, column, factor).changes:
            counted[change] = counted.get(change, 0) + 1
    assert {name: count for name, count in typed.changes.items() if count} == counted
    filled = (bool(rule) or value is not None for value, rule in wanted)
    assert typed.filled == sum(filled)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_every_column_reads_known_spellings_as_cell_by_cell(column: Column) -> None:
    texts: list[str | None] = [text.strip() or None for text in WORDS]
    for factor in (1, 10_000):
        for kind in KINDS:
            assert_twins(column, texts, [kind] * len(texts), factor)


@settings(max_examples=200, deadline=None)
@given(column=columns(), cells=CELLS, factor=FACTORS, has_kinds=st.booleans())
def test_typing_by_columns_equals_typing_cell_by_cell(
    *, column: Column, cells: list[tuple[str | None, int]], factor: int, has_kinds: bool
) -> None:
    texts = [text.strip() or None if text else None for text, _ in cells]
    assert_twins(column, texts, [kind if has_kinds else None for _, kind in cells], factor)


@settings(max_examples=200, deadline=None)
@given(columns(), st.one_of(st.none(), TEXTS), st.sampled_from([None, TEXT, NUMBER, TRUTH, FAILED, DATE]))
@example(HOUSEHOLDS.column("size"), "´", None)
def test_tidying_twice_changes_nothing_more(column: Column, text: str | None, kind: int | None) -> None:
    try:
        once = tidy(text.strip() or None if text else None, kind, column).cell
        if isinstance(once, str) and once.strip():
            assert tidy(once, TEXT, column).cell == once
    except Refusal:
        return


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "a", "b", "c"]),
            st.sampled_from([None, 1, 2]),
            st.sampled_from([None, "x", "y"]),
        ),
        max_size=10,
    )
)
def test_values_taken_once_equal_a_loop_over_rows(
    rows: list[tuple[str | None, int | None, str | None]],
) -> None:
    table = pa.table(
        {
            "key": pa.array([row[0] for row in rows], pa.string()),
            "size": pa.array([row[1] for row in rows], pa.int64()),
            "kind": pa.array([row[2] for row in rows], pa.string()),
        }
    )
    wanted: dict[str, list[object]] = {}
    differing: dict[str, list[list[int]]] = {}
    for key in dict.fromkeys(row[0] for row in rows if row[0] is not None):
        wanted[key] = []
        for position, name in ((1, "size"), (2, "kind")):
            told = [
                (at, row[position])
                for at, row in enumerate(rows)
                if row[0] == key and row[position] is not None
            ]
            others = [at for at, value in told if value != told[0][1]]
            wanted[key].append(told[0][1] if told and not others else None)
            if others:
                differing.setdefault(name, []).append([told[0][0], others[0]])
    once = take_once(table, "key")
    assert [list(row.values()) for row in once.table.to_pylist()] == [
        [key, *values] for key, values in wanted.items()
    ]
    assert {name: pairs.tolist() for name, pairs in once.differing.items()} == differing
    assert once.rows.tolist() == [[row[0] for row in rows].index(key) for key in wanted]


NAMES = sorted(
    {
        name
        for table in REGISTERS
        for column in table.columns
        for name in (column.words["zh"], *column.aliases)
    }
)
HEADINGS = st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), min_size=1, max_size=12)
MESSY = st.one_of(st.none(), st.none(), st.sampled_from(WORDS).map(lambda text: text.strip() or None))


@settings(max_examples=50, deadline=None)
@given(
    st.data(), HEADINGS, st.sampled_from([layout.headings for layout in office_layouts()]), st.integers(0, 10)
)
def test_every_cell_is_read_or_reported_or_kept(
    data: st.DataObject, headings: list[str], known: tuple[str, ...], many: int
) -> None:
    headings = [*headings, *known[: 2 * many]]
    size = len(headings)
    rows = data.draw(st.lists(st.lists(MESSY, min_size=size, max_size=size), max_size=3))
    sheet = make_sheet(headings, rows)
    heading_map = match_headings(sheet)
    taken = take_in([sheet], [heading_map])
    reported = set(taken.findings.column("cell").to_pylist())
    kept = {name: taken.extras[0].column(name).to_pylist() for name in taken.extras[0].column_names}
    numbers = kept.pop("_row")
    assert numbers == [number for number, row in enumerate(rows, 2) if any(row)]
    assert len(kept) == len(heading_map.unfed())
    for number, row in enumerate(rows, 2):
        if any(row):
            values = [column[numbers.index(number)] for column in kept.values()]
            assert values == [row[position] for position in heading_map.unfed()]
    for feed in heading_map.feeds:
        if not feed.is_fed or feed.table != heading_map.tables[0]:
            continue
        table = taken.register.tables[feed.table]
        assert table.column("_row").to_pylist() == numbers
        for number, value in zip(numbers, table.column(feed.column).to_pylist(), strict=True):
            text = rows[number - 2][feed.position]
            is_reported = sheet.cell(number - 2, feed.position) in reported
            assert (value is not None) or is_reported or text is None or is_blank_word(text)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_headings_in_another_order_feed_the_same(data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from(office_layouts()))
    shuffled = data.draw(st.permutations(layout.headings))
    one, two = (
        match_headings(make_sheet(headings, file=layout.file)) for headings in (layout.headings, shuffled)
    )
    assert one.tables == two.tables
    assert sorted((feed.heading, feed.table, feed.column, feed.reason) for feed in one.feeds) == sorted(
        (feed.heading, feed.table, feed.column, feed.reason) for feed in two.feeds
    )
    assert [feed.position for feed in two.feeds] == sorted(feed.position for feed in two.feeds)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_headings_are_taken_without_an_error(headings: list[str]) -> None:
    heading_map = match_headings(make_sheet(headings))
    assert {feed.position for feed in heading_map.feeds} == set(range(len(headings)))
