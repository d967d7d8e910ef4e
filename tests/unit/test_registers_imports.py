"""Imports: what is staged, reviewed, merged and undone, and what two people or a kill can do to it."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from tests.imported import BY, Row, households, many

from jiedui.errors import InputError
from jiedui.registers import Register
from jiedui.registers.imports import commit, history, refuse, review, rows_in_force, stage, undo

COLUMNS = ("household", "head", "size")
OCTOBER = [
    {"household": "1", "head": "甲", "size": 3},
    {"household": "2", "head": "乙", "size": 2},
    {"household": "3", "head": "丙", "size": 5},
]
NOVEMBER = [
    *OCTOBER[:1],
    {"household": "2", "head": "乙", "size": 4},
    {"household": "4", "head": "丁", "size": 1},
]


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def merge(db: duckdb.DuckDBPyConnection, register: Register) -> int:
    (number,) = stage(db, register, **BY)
    commit(db, number, reviewed=review(db, number).version, **BY)
    return number


def sizes(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {row["household"]: row["size"] for row in rows_in_force(db, "households").to_pylist()}


def counts(db: duckdb.DuckDBPyConnection, number: int) -> dict[str, int]:
    return {row["state"]: row["rows"] for row in review(db, number).counts.to_pylist()}


def rules(refusal: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [found.rule for found in refusal.value.findings]


def test_nothing_is_in_force_before_somebody_merges(db: duckdb.DuckDBPyConnection) -> None:
    (number,) = stage(db, households(OCTOBER, COLUMNS), **BY)
    assert sizes(db) == {}
    assert counts(db, number) == {"new": 3}


def test_the_same_sheet_twice_changes_nothing(db: duckdb.DuckDBPyConnection) -> None:
    first = merge(db, households(OCTOBER, COLUMNS))
    assert stage(db, households(OCTOBER, COLUMNS), **BY) == (first,)
    commit(db, first, reviewed=review(db, first).version, **BY)
    assert sizes(db) == {"1": 3, "2": 2, "3": 5}
    assert len(history(db)) == 1


def test_the_same_rows_in_another_file_are_the_same(db: duckdb.DuckDBPyConnection) -> None:
    merge(db, households(OCTOBER, COLUMNS))
    (number,) = stage(db, households(OCTOBER, COLUMNS, file="copy.csv"), **BY)
    assert counts(db, number) == {"same": 3}


def test_a_changed_file_shows_exactly_what_changed(db: duckdb.DuckDBPyConnection) -> None:
    merge(db, households(OCTOBER, COLUMNS))
    (number,) = stage(db, households(NOVEMBER, COLUMNS), **BY)
    seen = review(db, number)
    assert counts(db, number) == {"new": 1, "same": 1, "changed": 1}
    change = {"register": "households", "key": "2", "column": "size", "was": "2", "is": "4", "row": 3}
    assert seen.changes.to_pylist() == [change]
    commit(db, number, reviewed=review(db, number).version, **BY)
    assert sizes(db) == {"1": 3, "2": 4, "3": 5, "4": 1}
    assert review(db, number).changes.to_pylist() == [change]


def test_a_file_says_nothing_of_columns_it_does_not_have(db: duckdb.DuckDBPyConnection) -> None:
    merge(db, households(OCTOBER, COLUMNS))
    merge(db, households([{"household": "1", "village": "甲村"}], ("household", "village")))
    row = rows_in_force(db, "households").to_pylist()[0]
    assert (row["head"], row["size"], row["village"]) == ("甲", 3, "甲村")


def test_rows_without_a_key_and_one_key_with_two_contents_wait_for_a_person(
    db: duckdb.DuckDBPyConnection,
) -> None:
    rows: list[Row] = [
        OCTOBER[0],
        OCTOBER[0],
        {"household": "2", "size": 1},
        {"household": "2", "size": 2},
        {"size": 9},
    ]
    (number,) = stage(db, households(rows, COLUMNS), **BY)
    assert counts(db, number) == {"new": 1, "repeated": 1, "needs_adjudication": 2, "refused": 1}
    assert [row["row"] for row in review(db, number).open_rows.to_pylist()] == [4, 5, 6]
    commit(db, number, reviewed=review(db, number).version, **BY)
    assert sizes(db) == {"1": 3}


def test_a_blank_or_unreadable_cell_erases_no_value(db: duckdb.DuckDBPyConnection) -> None:
    merge(db, households(OCTOBER, COLUMNS))
    number = merge(db, households([{"household": "1", "head": "戊", "size": None}], COLUMNS, file="b.csv"))
    row = rows_in_force(db, "households").to_pylist()[0]
    assert (row["head"], row["size"]) == ("戊", 3)
    assert [one["column"] for one in review(db, number).changes.to_pylist()] == ["head"]


def test_undoing_gives_every_row_its_state_from_before(db: duckdb.DuckDBPyConnection) -> None:
    merge(db, households(OCTOBER, COLUMNS))
    before = rows_in_force(db, "households")
    number = merge(db, households(NOVEMBER, COLUMNS))
    undo(db, number, **BY)
    assert rows_in_force(db, "households") == before
    again = merge(db, households(NOVEMBER, COLUMNS))
    assert again != number
    assert sizes(db) == {"1": 3, "2": 4, "3": 5, "4": 1}


def test_an_import_that_others_build_upon_is_not_undone(db: duckdb.DuckDBPyConnection) -> None:
    first = merge(db, households(OCTOBER, COLUMNS))
    second = merge(db, households(NOVEMBER, COLUMNS))
    with pytest.raises(InputError) as refusal:
        undo(db, first, **BY)
    assert rules(refusal) == ["imports.built_upon"]
    assert str(second) in refusal.value.findings[0].en
    undo(db, second, **BY)
    undo(db, first, **BY)
    assert sizes(db) == {}


def test_nobody_merges_what_he_did_not_see(db: duckdb.DuckDBPyConnection) -> None:
    one, other = (
        stage(db, households([{"household": "1", "size": size}], COLUMNS), **BY)[0] for size in (1, 2)
    )
    seen = {number: review(db, number).version for number in (one, other)}
    commit(db, one, reviewed=seen[one], **BY)
    with pytest.raises(InputError) as refusal:
        commit(db, other, reviewed=seen[other], **BY)
    assert rules(refusal) == ["imports.stale"]
    assert sizes(db) == {"1": 1}
    assert counts(db, other) == {"changed": 1}
    with pytest.raises(InputError) as refusal:
        commit(db, other, reviewed=seen[other], **BY)
    assert rules(refusal) == ["imports.not_last"]
    commit(db, other, reviewed=review(db, other).version, **BY)
    assert sizes(db) == {"1": 2}


def test_looking_again_at_the_same_changes_is_no_new_review(db: duckdb.DuckDBPyConnection) -> None:
    (number,) = stage(db, households(OCTOBER, COLUMNS), **BY)
    assert [review(db, number).version for _ in range(3)] == [1, 1, 1]
    (number,) = stage(db, households(NOVEMBER, COLUMNS), **BY)
    assert [review(db, number).version for _ in range(2)] == [1, 1]
    merge(db, households(OCTOBER, COLUMNS))
    assert [review(db, number).version for _ in range(2)] == [2, 2]


def test_a_file_that_feeds_no_table_is_refused_and_a_sheet_beside_others_passed_over(
    db: duckdb.DuckDBPyConnection,
) -> None:
    known = households(OCTOBER, COLUMNS)
    (source,) = known.sources
    beside = replace(source, place=replace(source.place, sheet="说明"), positions={})
    assert len(stage(db, Register(known.tables, (source, beside)), **BY)) == 1
    stranger = replace(beside, place=replace(source.place, file="别的.csv"))
    with pytest.raises(InputError) as refusal:
        stage(db, Register(known.tables, (source, stranger)), **BY)
    assert [(one.rule, one.file) for one in refusal.value.findings] == [("imports.no_columns", "别的.csv")]
    assert len(history(db)) == 1


def test_an_import_without_rows_can_be_reviewed_and_merged(db: duckdb.DuckDBPyConnection) -> None:
    number = merge(db, households([], COLUMNS))
    assert [one.state for one in history(db) if one.number == number] == ["merged"]


def test_a_state_is_told_in_the_words_of_each_language(db: duckdb.DuckDBPyConnection) -> None:
    number = merge(db, households(OCTOBER, COLUMNS))
    undo(db, number, **BY)
    with pytest.raises(InputError) as refusal:
        undo(db, number, **BY)
    assert "已撤销" in refusal.value.findings[0].zh
    assert "undone" not in refusal.value.findings[0].zh


def test_a_row_that_an_undo_took_away_since_the_review_is_not_lost(db: duckdb.DuckDBPyConnection) -> None:
    first = merge(db, households(OCTOBER, COLUMNS))
    (second,) = stage(db, households(OCTOBER, COLUMNS, file="copy.csv"), **BY)
    seen = review(db, second).version
    undo(db, first, **BY)
    with pytest.raises(InputError) as refusal:
        commit(db, second, reviewed=seen, **BY)
    assert rules(refusal) == ["imports.stale"]
    commit(db, second, reviewed=review(db, second).version, **BY)
    assert len(sizes(db)) == 3


def test_steps_out_of_order_are_refused(db: duckdb.DuckDBPyConnection) -> None:
    (number,) = stage(db, households(OCTOBER, COLUMNS), **BY)
    with pytest.raises(InputError) as refusal:
        undo(db, number, **BY)
    assert rules(refusal) == ["imports.state"]
    refuse(db, number, **BY)
    with pytest.raises(InputError) as refusal:
        commit(db, number, reviewed=1, **BY)
    assert rules(refusal) == ["imports.state"]
    with pytest.raises(InputError) as refusal:
        review(db, 99)
    assert rules(refusal) == ["imports.unknown"]
    with pytest.raises(InputError) as refusal:
        stage(db, households(NOVEMBER, COLUMNS), by=" ", on="2026-10-31")
    assert rules(refusal) == ["imports.nobody"]


def test_who_did_what_when_is_kept(db: duckdb.DuckDBPyConnection) -> None:
    number = merge(db, households(OCTOBER, COLUMNS))
    undo(db, number, by="auditor", on="2026-11-02")
    (one,) = history(db)
    assert (one.number, one.file, one.state) == (number, "a.csv", "undone")
    assert (one.staged_by, one.decided_by, one.undone_by, one.undone_on) == (
        "county office", "county office", "auditor", "2026-11-02",
    )  # fmt: skip


def test_staging_goes_on_where_it_stopped(db: duckdb.DuckDBPyConnection) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done >= 40:
            raise StopError

    with pytest.raises(StopError):
        stage(db, many(100, size=1), chunk=20, on_progress=stop, **BY)
    assert db.sql("SELECT count(*) FROM staged.households").fetchall() == [(40,)]
    told: list[tuple[int, int]] = []
    (number,) = stage(db, many(100, size=1), chunk=20, on_progress=lambda *told_: told.append(told_), **BY)
    assert told[-1] == (100, 100)
    assert counts(db, number) == {"new": 100}


@pytest.mark.parametrize("seed", range(1))  # the campaign ``imports`` draws new ones
def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    """Kill the import over and over until it gets through; then hold the store against one never killed."""
    store = tmp_path / "store.duckdb"
    draw = random.Random(seed)  # noqa: S311 - no secret
    command = [sys.executable, "-m", "tests.imported", str(store), "4000", str(seed + 1), "250"]
    kills = 0
    while True:
        process = subprocess.Popen(command, cwd=Path(__file__).parents[2])  # noqa: S603 - our own interpreter
        try:
            code = process.wait(timeout=0.6 + draw.random() * (0.7 + 0.4 * kills))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            time.sleep(0.01)
            continue
        assert code == 0
        break
    with duckdb.connect(str(store)) as db:
        assert sizes(db) == {f"{number:08}": seed + 1 for number in range(4000)}
        assert db.sql("SELECT count(*), count(DISTINCT _id) FROM households").fetchall() == [(4000, 4000)]
        assert [one.state for one in history(db)] == ["merged"]
