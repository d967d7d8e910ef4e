"""Formulas that users write: what may stand in them, and how they reach the database."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.errors import InputError
from jiedui.tables.formulas import (
    DEEPEST,
    bind_values,
    check_columns,
    columns_of,
    parse_formula,
    write_formula,
)
from jiedui.tables.grammar import DATES, FIGURES, LOGIC, SUMS, TEXTS, Grammar

WIDEST = Grammar((LOGIC, SUMS, TEXTS, DATES, FIGURES), ("before",), has_rows=True)
NUMBERS = Grammar((LOGIC, SUMS), has_texts=False)


def refused(text: str, grammar: Grammar = WIDEST) -> str:
    with pytest.raises(InputError) as error:
        parse_formula(text, grammar)
    [one] = error.value.findings
    return one.rule


@pytest.mark.parametrize(
    "text",
    [
        "(select 1) = 1", "exists(select 1)", "a in (select 1)", "getenv('HOME') = ''", "random() > 1",
        "read_text('/etc/passwd') = ''", "current_user = ''", "sum(a) over () > 1", "[1][1] = 1", "x -> x",
        "columns('a') = 1", "a = any(['x'])", "sum(max(a)) > 1", "*", "a is 1", "max(distinct a) = 1",
        "nextval('x') = 1", "a glob '*'", "drop table a",
    ],
)  # fmt: skip
def test_whatever_does_more_than_compute_is_refused(text: str) -> None:
    assert refused(text) == "formulas.not_allowed"


def test_the_finding_names_what_may_stand_instead() -> None:
    with pytest.raises(InputError) as error:
        parse_formula("version() = 1", Grammar((LOGIC,), ("before",)))
    [one] = error.value.findings
    assert all(word in one.en for word in ("VERSION()", "between", "before"))
    assert "greatest" not in one.en


@pytest.mark.parametrize("text", ["", "a <", "a; b", "(a", "-- a"])
def test_what_is_no_single_formula_is_refused(text: str) -> None:
    assert refused(text) == "formulas.unreadable"


@pytest.mark.parametrize(
    "text", ["(" * 990 + "1" + ")" * 990, "not " * 490 + "true", "1" + "+1-1" * 400, "1" + " " * 2000]
)
def test_a_formula_too_long_or_deep_is_refused(text: str) -> None:
    assert refused(text) == "formulas.long"


def test_a_formula_as_deep_as_may_be_is_computed() -> None:
    text = "1" + "+1-1" * (DEEPEST // 2 - 1)
    made = write_formula(parse_formula(text, NUMBERS))
    assert duckdb.sql(f"SELECT {made}").fetchall() == [(1,)]


def test_texts_and_rows_stand_only_where_the_grammar_has_them() -> None:
    assert refused("a = 'x'", NUMBERS) == "formulas.not_allowed"
    assert refused("b.a = 1", NUMBERS) == "formulas.not_allowed"
    assert refused("sum(a) = 1", NUMBERS) == "formulas.not_allowed"
    assert columns_of(parse_formula("b.a = 'x' and before(c, d)", WIDEST)) == ("a", "c", "d")


def test_columns_and_values_that_are_not_there_are_refused() -> None:
    formula = parse_formula("incme < :line", NUMBERS)
    with pytest.raises(InputError, match=r"formulas\.no_column[^$]*income"):
        check_columns(formula, ["income", "size"])
    with pytest.raises(InputError, match=r"formulas\.no_value[^$]*most"):
        bind_values(formula, {"most": 1})


@pytest.mark.parametrize("value", [3, -3, 0.1, -2.5, 1e-7, "x'y", "2026-01-02", dt.date(2026, 1, 2)])
def test_a_value_is_what_it_was_in_the_database(value: object) -> None:
    made = write_formula(bind_values(parse_formula(":a", WIDEST), {"a": value}))
    [found] = duckdb.sql(f"SELECT {made}").fetchall()[0]
    assert str(found) == str(value) or float(found) == value


def test_a_negative_value_after_a_minus_opens_no_comment() -> None:
    made = write_formula(bind_values(parse_formula("1 - -:a", NUMBERS), {"a": -3}))
    assert duckdb.sql(f"SELECT {made}").fetchall() == [(-2,)]


numbers = st.integers(0, 9)
sums = st.recursive(
    st.one_of(numbers.map(str), st.sampled_from("ab")),
    lambda part: st.tuples(part, st.sampled_from("+-*"), part).map(lambda one: f"({' '.join(one)})"),
    max_leaves=12,
)


@given(sums, numbers, numbers)
def test_a_sum_is_what_python_makes_of_it(text: str, a: int, b: int) -> None:
    formula = parse_formula(text, NUMBERS)
    made = write_formula(formula)
    found = duckdb.sql(f"SELECT {made} FROM (SELECT {a}::HUGEINT AS a, {b}::HUGEINT AS b)")  # noqa: S608
    assert found.fetchall()[0][0] == eval(text, {"a": a, "b": b})  # noqa: S307
    assert columns_of(formula) == tuple(name for name in "ab" if name in text)


PIECES = r"""
( ) , . ; -- /* */ ' " : :line name this. a b count(*) sum max select from where in is null not and or case
when then end else between like 1 0.5 'a' + - * / % = <> < || :: [ ] { } -> distinct interval date cast over
union all exists left substr coalesce before 人
"""
words = st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join)


@given(words | st.text(max_size=40))
def test_any_text_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    for grammar in (WIDEST, NUMBERS):
        with suppress(InputError):
            write_formula(parse_formula(text, grammar))
