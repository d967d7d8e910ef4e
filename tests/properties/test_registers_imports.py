"""Imports against a twin that keeps whole copies: any order of merging and undoing gives the same rows."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.imported import BY, households

from jiedui.errors import InputError
from jiedui.registers.imports import commit, review, rows_in_force, stage, undo

COLUMNS = ("household", "head", "size")
KEYS = st.sampled_from(["1", "2", "3", None])
ROWS = st.lists(st.tuples(KEYS, st.sampled_from(["甲", "乙", None]), st.integers(1, 2)), max_size=5)
SHEETS = st.lists(st.tuples(ROWS, st.sets(st.sampled_from(COLUMNS[1:]), min_size=1)), min_size=1, max_size=4)
Rows = dict[str, dict[str, object]]


def merged(before: Rows, rows: list[dict[str, object]], columns: list[str]) -> tuple[Rows, set[str]]:
    """Merge rows one by one: the twin; gives the rows after, and the keys touched."""
    after = {key: dict(row) for key, row in before.items()}
    touched = set()
    for key in {row["household"] for row in rows} - {None}:
        said = [{name: row[name] for name in columns} for row in rows if row["household"] == key]
        if any(one != said[0] for one in said):
            continue
        old = after.get(str(key))
        new = {**(old or dict.fromkeys(COLUMNS)), **{k: v for k, v in said[0].items() if v is not None}}
        if new != old:
            after[str(key)] = new
            touched.add(str(key))
    return after, touched


@settings(max_examples=25)
@given(sheets=SHEETS, steps=st.lists(st.integers(0, 3), max_size=5))
def test_any_order_of_merging_and_undoing_gives_what_whole_copies_give(
    sheets: list[tuple[list[tuple[str | None, str | None, int]], set[str]]], steps: list[int]
) -> None:
    kept: list[tuple[int, Rows, set[str]]] = []
    rows: Rows = {}
    with duckdb.connect() as db:
        for order, (cells, chosen) in enumerate(sheets):
            columns = [name for name in COLUMNS if name in chosen | {"household"}]
            said: list[dict[str, object]] = [
                {name: value for name, value in zip(COLUMNS, one, strict=True) if name in columns}
                for one in cells
            ]
            (number,) = stage(db, households(said, columns, file=f"{order}.csv"), **BY)
            commit(db, number, reviewed=review(db, number).version, **BY)
            after, touched = merged(rows, said, columns)
            kept.append((number, rows, touched))
            rows = after
            assert {row["household"]: {c: row[c] for c in COLUMNS} for row in force(db)} == rows
        for step in steps:
            number, before, touched = kept[step % len(kept)]
            later = [one for one in kept if one[0] > number and one[2] & touched]
            if later:
                with pytest.raises(InputError, match=r"imports\.built_upon"):
                    undo(db, number, **BY)
                continue
            undo(db, number, **BY)
            rows = {key: row for key, row in rows.items() if key not in touched} | {
                key: before[key] for key in touched if key in before
            }
            kept = [one for one in kept if one[0] != number]
            assert {row["household"]: {c: row[c] for c in COLUMNS} for row in force(db)} == rows
            if not kept:
                return


def force(db: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """Give the households in force."""
    found: list[dict[str, object]] = rows_in_force(db, "households").to_pylist()
    return found
