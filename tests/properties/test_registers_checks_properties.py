"""ID numbers, dates of uncertain precision and every kind of rule beside plain loops that do the same."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import InputError
from jiedui.registers.checks import FAULTS, Rules, id_faults, read_rules
from jiedui.registers.checks.cases import make_case
from jiedui.registers.checks.checking import Asking, put
from jiedui.registers.checks.database import open_database
from jiedui.registers.checks.expressions import read_expression
from jiedui.registers.checks.grammar import Scope
from jiedui.registers.checks.id_numbers import REGIONS

if TYPE_CHECKING:
    import duckdb

ON = "2026-02-28"
TODAY = dt.date.fromisoformat(ON)
WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]


def with_check_digit(body: str) -> str:
    """Give 17 digits their check digit: the whole, weighted, is 1 modulo 11."""
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return next(body + sign for value, sign in enumerate("0123456789X") if (rest + value) % 11 == 1)


def plain_fault(number: str | None) -> str | None:
    """Judge one number sign by sign."""
    if not number:
        return "missing"
    if len(number.encode()) not in (15, 18):
        return "length"
    old = len(number.encode()) == 15
    body = number if old else number[:17]
    if any(sign not in "0123456789" for sign in body) or (not old and number[-1] not in "0123456789Xx"):
        return "signs"
    foreign = number[0] == "9" and number[:2] != "99"
    if int(number[1:3] if foreign else number[:2]) not in (*REGIONS, 99):
        return "region"
    if not is_day("19" + number[6:12] if old else number[6:14]):
        return "birth"
    wrong = "old" if old else "digit"
    return wrong if old or with_check_digit(body) != number.upper() else None


def is_day(born: str) -> bool:
    try:
        return 1800 <= dt.date(int(born[:4]), int(born[4:6]), int(born[6:])).year < 2100
    except ValueError:
        return False


days = st.dates(dt.date(1890, 1, 1), dt.date(2100, 12, 31))
starts = st.sampled_from(["110105", "990101", "653101", "911100", "000000", "830000", "970000"])


@st.composite
def numbers(draw: Callable[..., Any]) -> str | None:
    """Draw numbers that are right, and some with a sign changed, left out or added."""
    day = draw(days)
    middle = f"{draw(starts)}{day:%Y%m%d}{draw(st.integers(0, 999)):03}"
    number = draw(st.sampled_from([with_check_digit(middle), middle[:6] + middle[8:]]))
    place = draw(st.integers(0, len(number) - 1))
    sign = draw(st.sampled_from(["", "0", "2", "9", "X", "x", "a", " ", "人", "12"]))
    changed = number[:place] + sign + number[place + 1 :]
    drawn: str | None = draw(st.sampled_from([number, number, changed, number.lower(), "", None]))
    return drawn


@given(st.lists(numbers(), max_size=40), st.integers(0, 5))
def test_id_numbers_are_judged_as_sign_by_sign(ids: list[str | None], cut: int) -> None:
    expected = [plain_fault(number) for number in ids]
    assert id_faults(pa.array(ids, pa.string()), regions=(99,)).to_pylist() == expected
    pieces = pa.chunked_array([pa.array(ids[:cut], pa.string()), pa.array(ids, pa.string())[cut:]])
    assert id_faults(pieces, regions=(99,)).to_pylist() == expected
    assert {fault for fault in expected if fault} <= set(FAULTS)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(on=ON, threads=1) as opened:
        yield opened


@st.composite
def precise(draw: Callable[..., Any]) -> str:
    day = draw(st.dates(dt.date(2015, 1, 1), dt.date(2027, 12, 31)))
    length: int = draw(st.sampled_from([4, 7, 10]))
    return str(day)[:length]


def span(date: str) -> tuple[dt.date, dt.date]:
    """Give the first and last day that a date may be."""
    year, month, day = (
        int(date[part]) if date[part] else 0 for part in (slice(4), slice(5, 7), slice(8, 10))
    )
    first = dt.date(year, month or 1, day or 1)
    last_month = month or 12
    last = dt.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return first, last


def age(born: dt.date) -> int:
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def months(since: dt.date) -> int:
    return (TODAY.year - since.year) * 12 + TODAY.month - since.month - (TODAY.day < since.day)


@given(precise(), precise())
def test_dates_are_compared_by_what_they_may_be(database: duckdb.DuckDBPyConnection, a: str, b: str) -> None:
    query = "SELECT before($a, $b), oldest_age($a), youngest_age($a), months_since($a)"
    surely, oldest, youngest, past = database.execute(query, {"a": a, "b": b}).fetchall()[0]
    first, last = span(a)
    assert surely == (last < span(b)[0])
    assert oldest == age(first)
    # A month ends on its 31st here: on the last day of a shorter month an age may count a day less.
    assert age(last) - youngest in ({0, 1} if len(a) < 10 else {0})
    assert months(last) - past in ({0, 1} if len(a) < 10 else {0})


RULE = """
[[rule]]
id = "9_01_00{number}"
zh = "待核实：{{found}}"
en = "To be verified: {{found}}"
severity = "question"
source = "—"
table = "persons"
columns = ["name"]
{body}
"""
BODIES = (
    'find = "work_months > 3"',
    'group = ["name"]\nhaving = "count(*) > 1 and count_if(work_months > 3) <> work_months"',
    'with = "cadres"\non = ["name", "township"]\nfind = "this.village <> other.village"',
    'with = "cadres"\non = ["name"]\nabsent = true\nwhere = "unit <> \'甲\'"',
)
people = st.fixed_dictionaries(
    {
        "household": st.just("1"),
        "name": st.sampled_from(["a", "b", "c", None]),
        "township": st.sampled_from(["p", "q", None]),
        "village": st.sampled_from(["x", "y", None]),
        "work_months": st.sampled_from([0, 1, 2, 4, None]),
    }
)
cadres = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["a", "b", None]),
        "unit": st.sampled_from(["甲", "乙", None]),
        "township": st.sampled_from(["p", "q", None]),
        "village": st.sampled_from(["x", "y", None]),
    }
)
Row = dict[str, Any]


def differ(left: object, right: object) -> bool:
    return left is not None and right is not None and left != right


def plain(number: int, row: Row, persons: list[Row], others: list[Row]) -> bool:
    """Tell by loops whether a rule finds a row."""
    same = [one for one in persons if row["name"] is not None and one["name"] == row["name"]]
    busy = sum((one["work_months"] or 0) > 3 for one in same)
    near = [one for one in others if row["name"] is not None and one["name"] == row["name"]]
    if number == 0:
        return (row["work_months"] or 0) > 3
    if number == 1:
        return len(same) > 1 and differ(busy, row["work_months"])
    if number == 2:
        here = [one for one in near if row["township"] is not None and one["township"] == row["township"]]
        return any(differ(one["village"], row["village"]) for one in here)
    counted = [one for one in near if one["unit"] not in (None, "甲")]
    return row["name"] is not None and bool(others) and not counted


@pytest.fixture(scope="module")
def own_rules() -> Rules:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "county.toml"
        bodies = (RULE.format(number=number, body=body) for number, body in enumerate(BODIES))
        path.write_text("".join(bodies), encoding="utf-8")
        read = read_rules(path)
    return Rules(tuple(rule for rule in read.rules if rule.id.startswith("9_01")), read.values)


@settings(max_examples=40)
@given(st.lists(people, min_size=1, max_size=8), st.lists(cadres, max_size=5))
def test_rules_find_what_loops_find(
    database: duckdb.DuckDBPyConnection, own_rules: Rules, persons: list[Row], others: list[Row]
) -> None:
    register = make_case({"persons": persons, "cadres": others}, "")
    told = put(database, register, Asking(own_rules, ON, "", ()))
    found = sorted(zip(told["rule"].to_pylist(), told["row_key"].to_pylist(), strict=True))
    expected = sorted(
        (f"9_01_00{number}", f"1|{row['name'] or ''}|")
        for number in range(len(BODIES))
        for row in persons
        if plain(number, row, persons, others)
    )
    assert found == expected


PIECES = r"""
( ) , . ; -- /* */ ' " : :today :line name this. other. work_months count(*) sum max select from where in is
null not and or case when then end else between like 1 0.5 'a' + - * / % = <> < || :: [ ] { } -> distinct
interval date cast over partition by union all exists left substr coalesce before oldest_age 人
"""
words = st.sampled_from([*PIECES.split(), "\x00", "\ud800"])


@given(st.one_of(st.lists(words, max_size=14).map(" ".join), st.text(max_size=40)))
def test_an_expression_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    for scope in (
        Scope("this", {"this": "persons"}, {"line"}),
        Scope("this", {"this": "persons", "other": "cadres"}, {"line"}, "cadres|name"),
    ):
        with suppress(InputError):
            read_expression(text, scope)
