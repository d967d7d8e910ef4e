"""Numbers, ranks and damage of made-up registers, against what a slow hand would do."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.registers.synthetic.columns import ranks
from jiedui.registers.synthetic.damage import damage_ids, damage_names
from jiedui.registers.synthetic.ids import date_texts, digit_texts, id_numbers, with_check_digit
from jiedui.registers.synthetic.names import pieces

WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]


@given(st.lists(st.integers(10**16, 10**17 - 1), min_size=1, max_size=20))
def test_check_digits_are_those_of_the_standard(numbers: list[int]) -> None:
    for number in with_check_digit(np.array(numbers)).to_pylist():
        last = 10 if number[17] == "X" else int(number[17])
        total = sum(int(sign) * weight for sign, weight in zip(number, WEIGHTS, strict=False))
        assert (total + last) % 11 == 1


@settings(max_examples=50)
@given(st.lists(st.tuples(st.dates(min_value=dt.date(1900, 1, 1)), st.booleans()), max_size=60))
def test_id_numbers_are_all_different_and_tell_birth_and_sex(people: list[tuple[dt.date, bool]]) -> None:
    born = np.array([day for day, _ in people], "M8[D]")
    male = np.array([sex for _, sex in people], bool)
    numbers = id_numbers(prefix=np.full(len(people), 990020), born=born, male=male).to_pylist()
    assert len(set(numbers)) == len(people)
    for number, day, sex in zip(numbers, date_texts(born).to_pylist(), male, strict=True):
        assert number[6:14] == day.replace("-", "")
        assert int(number[16]) % 2 == sex


@given(st.lists(st.integers(0, 5), max_size=40))
def test_ranks_count_within_groups(groups: list[int]) -> None:
    seen: Counter[int] = Counter()
    expected = []
    for group in groups:
        expected.append(seen[group])
        seen[group] += 1
    assert ranks(np.array(groups, np.int64)).tolist() == expected


@given(st.lists(st.integers(0, 10**9 - 1), max_size=20))
def test_digits_are_written_with_zeros_in_front(numbers: list[int]) -> None:
    assert digit_texts(np.array(numbers, np.int64), 9).to_pylist() == [f"{number:09d}" for number in numbers]


@given(
    st.lists(
        st.lists(st.sampled_from(pieces().words[2:]), min_size=2, max_size=3).map("·".join), max_size=20
    ),
    st.integers(0, 99),
)
def test_damage_is_told_exactly_where_a_name_changed(names: list[str], seed: int) -> None:
    changed, ways = damage_names(list(names), np.random.default_rng(seed))
    for old, new, way in zip(names, changed, ways, strict=True):
        assert bool(way) == (old != new)
        assert new


@given(st.lists(st.integers(10**16, 10**17 - 1), min_size=1, max_size=20), st.integers(0, 99))
def test_damage_is_told_exactly_where_a_number_changed(numbers: list[int], seed: int) -> None:
    old = with_check_digit(np.array(numbers)).to_pylist()
    changed, ways = damage_ids(list(old), np.random.default_rng(seed))
    for one, other, way in zip(old, changed, ways, strict=True):
        assert bool(way) == (one != other)
        assert 15 <= len(other) <= 18
