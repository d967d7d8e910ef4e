"""Linking against slow twins: closure by sets, keys by nested loops, names sign by sign."""

from __future__ import annotations

from itertools import combinations, permutations, product

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linkage_cases import with_check_sign

from jiedui.registers import Register, schema_of
from jiedui.registers.linkage import Limits, link_persons
from jiedui.registers.linkage.closure import close_links
from jiedui.registers.linkage.comparisons import NAME
from jiedui.registers.linkage.keys import link_by_keys
from jiedui.registers.linkage.names import Name, name_table, read_name
from jiedui.registers.linkage.numbers import number_table
from jiedui.registers.linkage.records import person_records
from jiedui.registers.tables import REGISTERS

few = settings(max_examples=10)
fewest = settings(max_examples=3)

NAMES = (
    "王明", "王名", "王朋", "王明辉", "王小明", "王小朋", "李明", "单国强", "善国强", "張偉", "张伟",
    "买买提·吐尔逊", "麦麦提．图尔荪", "吐尔逊·买买提", "买买提", "买买提吐尔逊", "帕提古丽·木沙",
    "扎西卓玛", "札西卓马", "扎西",
)  # fmt: skip
NUMBERS = tuple(with_check_sign(f"9901011990010{serial}") for serial in (1011, 1013, 1015))
UNLIKE = "990101197003030999"
"""Fails its check, and is like none of the others."""
COMPATIBLE = {"exact", "spelling", "sound", "shape", "short", "part", "variant"}
people = st.lists(
    st.fixed_dictionaries(
        {
            "household": st.sampled_from([None, "H1", "H2"]),
            "name": st.sampled_from(NAMES),
            "id_number": st.sampled_from([None, *NUMBERS, UNLIKE, "不详"]),
        }
    ),
    max_size=7,
)
links = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14)
marks = st.lists(st.sampled_from([None, None, "x", "y"]), min_size=8, max_size=8)


def register_of(rows: list[dict[str, str | None]]) -> Register:
    tables = {table.name: schema_of(table).empty_table() for table in REGISTERS}
    numbered = [{**row, "_source": 0, "_row": place + 2} for place, row in enumerate(rows)]
    tables["persons"] = pa.Table.from_pylist(numbered, schema=tables["persons"].schema)
    return Register(tables, ())


def edits(one: str, other: str) -> int:
    """Count edits (Levenshtein) row by row."""
    row = list(range(len(other) + 1))
    for place, sign in enumerate(one, 1):
        last, row = row, [place]
        for column, counter in enumerate(other, 1):
            row.append(min(last[column] + 1, row[-1] + 1, last[column - 1] + (sign != counter)))
    return row[-1]


def agreement(one: Name, other: Name) -> str:
    """Compare two names level by level."""
    parted = (one.family == "interpunct") + (other.family == "interpunct")
    longest = max(len(one.spelling), len(other.spelling))
    shorter = min(len(one.parts), len(other.parts))
    same_end = one.spelling[0] == other.spelling[0] or one.spelling[-1] == other.spelling[-1]
    lengths = len(one.form) - len(other.form)
    told = {
        "exact": one.form == other.form,
        "spelling": one.spelling == other.spelling,
        "sound": bool(set(one.sounds) & set(other.sounds)),
        "shape": one.shape == other.shape,
        "short": not parted and abs(lengths) == 1 and edits(one.form, other.form) == 1,
        "part": parted == 2 and len(set(one.parts) & set(other.parts)) == shorter,
        "variant": parted == 2
        and same_end
        and edits(one.spelling, other.spelling) <= (2 if longest > 4 else 1),
        "near": one.family == other.family == "han_3" and not lengths and edits(one.form, other.form) == 1,
    }
    return next((level for level, holds in told.items() if holds), "other")


@few
@given(marks, links, links, st.integers(0, 3))
def test_closure_equals_joining_sets_one_by_one(
    marks: list[str | None], pairs: list[tuple[int, int]], apart: list[tuple[int, int]], free: int
) -> None:
    apart = [(left, right) for left, right in apart if left != right]
    sets = [{record} for record in range(len(marks))]
    cut = []
    for place, (left, right) in enumerate(pairs):
        one = next(group for group in sets if left in group)
        other = next(group for group in sets if right in group)
        ours, theirs = ({marks[record] for record in group} - {None} for group in (one, other))
        clash = place >= free and bool(ours - theirs) and bool(theirs - ours)
        if one is not other and (clash or any({a, b} & one and {a, b} & other for a, b in apart)):
            cut.append(place)
        elif one is not other:
            sets = [group for group in sets if group not in (one, other)] + [one | other]
    closure = close_links(
        len(marks),
        pairs,
        marks={record: mark for record, mark in enumerate(marks) if mark},
        apart=apart,
        free=free,
    )
    assert closure.cut == cut
    assert closure.first == [min(next(g for g in sets if record in g)) for record in range(len(marks))]


@few
@given(st.lists(st.integers(0, 10**17 - 1), max_size=20))
def test_number_table_proves_exactly_the_numbers_with_their_check_sign(firsts: list[int]) -> None:
    right = [with_check_sign(f"{first:017d}") for first in firsts]
    wrong = [number[:-1] + ("1" if number[-1] == "0" else "0") for number in right]
    table = number_table([*right, *wrong]).to_pylist()
    proved = {row["written"] for row in table if row["proved"]}
    assert proved == {number for number in right if is_day(number[6:14])}


def is_day(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    february = 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    longest = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= longest[month - 1]


def test_names_agree_as_their_twin_says_and_the_same_both_ways() -> None:
    with duckdb.connect() as base:
        base.register("names", name_table(NAMES))
        fields = ("form", "family", "spelling", "sounds", "shape", "parts")
        sides = ", ".join(f"l.{field} AS {field}_l, r.{field} AS {field}_r" for field in fields)
        query = f"SELECT lw, rw, {NAME.level()} FROM (SELECT l.written AS lw, r.written AS rw, {sides} FROM names l, names r)"  # noqa: E501, S608
        told = {(left, right): level for left, right, level in base.sql(query).fetchall()}
    read = {name: read_name(name) for name in NAMES}
    for left, right in product(NAMES, NAMES):
        one, other = read[left], read[right]
        assert one
        assert other
        assert told[left, right] == told[right, left] == agreement(one, other)


@given(st.text("·•．.‧ 王明买提(户)张偉Ａ1", max_size=8))
def test_reading_a_form_again_changes_nothing(written: str) -> None:
    name = read_name(written)
    again = name and read_name(name.form)
    assert name is None or (again is not None and again.form == name.form)


@few
@given(people)
def test_links_by_key_equal_nested_loops(rows: list[dict[str, str | None]]) -> None:
    with duckdb.connect() as base:
        person_records(base, register_of(rows))
        link_by_keys(base, Limits())
        told = {
            (left, right): status
            for left, right, status in base.sql(
                "SELECT a.record, b.record, status FROM by_key JOIN keyed a ON a.position = l "
                "JOIN keyed b ON b.position = r"
            ).fetchall()
        }
    records = {
        f"persons|{row['household'] or ''}|{row['name']}|{row['id_number'] or ''}": row
        for row in rows
        if row["household"] or row["id_number"]
    }
    expected = {
        (left, right): status
        for left, right in combinations(sorted(records), 2)
        if (status := by_loops(records[left], records[right]))
    }
    anchored = {pair: status for pair, status in told.items() if set(pair) <= set(records)}
    assert {tuple(sorted(pair)): status for pair, status in anchored.items()} == expected


def by_loops(left: dict[str, str | None], right: dict[str, str | None]) -> str | None:
    """Link two rows of one sheet by key, rule by rule."""
    one, other = read_name(left["name"] or ""), read_name(right["name"] or "")
    assert one
    assert other
    house = left["household"] is not None and left["household"] == right["household"]
    numbers = [row["id_number"] if row["id_number"] in NUMBERS else None for row in (left, right)]
    if numbers[0] and numbers[0] == numbers[1]:
        members = house and one.form != other.form
        return "decide" if members or agreement(one, other) not in COMPATIBLE else "linked"
    if house and one.spelling == other.spelling:
        if all(numbers):
            return "decide"
        said = [row["id_number"] if row["id_number"] != "不详" else None for row in (left, right)]
        return None if all(said) and said[0] != said[1] else "linked"
    return None


@fewest
@given(people)
def test_linking_never_joins_two_right_numbers_and_does_not_mind_the_order_of_rows(
    rows: list[dict[str, str | None]],
) -> None:
    linked = link_persons(register_of(rows))
    turned = link_persons(register_of(rows[::-1]))
    assert linked.links.equals(turned.links)
    assert linked.identities.equals(turned.identities)
    held: dict[str, set[str]] = {}
    for row in linked.identities.to_pylist():
        held.setdefault(row["identity"], set()).update(n for n in NUMBERS if n in row["record"])
    assert all(len(numbers) <= 1 for numbers in held.values())


def test_every_order_of_links_gives_marks_at_most_one_an_identity() -> None:
    for order in permutations([(0, 1), (1, 2), (2, 3)]):
        closure = close_links(4, list(order), marks={0: "x", 3: "y"})
        assert closure.first[0] != closure.first[3]
