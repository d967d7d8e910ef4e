"""Corrections against a twin that walks row by row, with plain lists."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.registers import Register, schema_of
from jiedui.registers.corrections import apply_corrections
from jiedui.registers.tables import CORRECTIONS, HOUSEHOLDS

SIZES = st.one_of(st.none(), st.integers(0, 3))
ROWS = st.lists(st.tuples(st.sampled_from("abc"), SIZES), max_size=5)
ENTRIES = st.lists(
    st.tuples(st.sampled_from("abcd"), SIZES, SIZES, st.sampled_from(["2026-01-01", "2026-02-01"])),
    max_size=6,
)
Rows = list[tuple[str, int | None]]
Entries = list[tuple[str, int | None, int | None, str]]


def written(value: int | None) -> str | None:
    return None if value is None else str(value)


def walk(rows: Rows, entries: Entries) -> tuple[list[int | None], list[str]]:
    """Decide each cell by looking at every row."""
    sizes = [size for _, size in rows]
    outcomes = [""] * len(entries)
    by_key: dict[str, list[int]] = defaultdict(list)
    for at, made in enumerate(entries):
        by_key[made[0]].append(at)
    for key, mine in by_key.items():
        mine.sort(key=lambda at: (entries[at][3], at))
        for at, outcome in zip(mine, decide(key, [entries[at] for at in mine], rows), strict=True):
            outcomes[at] = outcome
            if outcome == "applied":
                sizes[[name for name, _ in rows].index(key)] = entries[mine[-1]][2]
    return sizes, outcomes


def decide(key: str, chain: Entries, rows: Rows) -> list[str]:
    for earlier, later in pairwise(chain):
        if later[1:3] != earlier[1:3] and later[1] != earlier[2]:
            return ["contradiction"] * len(chain)
    held = [size for name, size in rows if name == key]
    if len(held) != 1:
        return ["several_rows" if held else "row_gone"] * len(chain)
    if held[0] == chain[-1][2]:
        return ["done"] * len(chain)
    was = [made[1] for made in chain]
    if held[0] not in was:
        return ["changed"] * len(chain)
    first = was.index(held[0])
    return ["done" if at < first else "applied" for at in range(len(chain))]


def correct(rows: Rows, entries: Entries) -> Any:  # noqa: ANN401 - the test's own result
    table = pa.Table.from_pylist(
        [{"household": name, "size": size} for name, size in rows], schema_of(HOUSEHOLDS)
    )
    made = [
        {"register": "households", "row_key": key, "column": "size", "was": written(was), "is": written(now)}
        | {"reason": "r", "who": "w", "when": when}
        for key, was, now, when in entries
    ]
    corrections = pa.Table.from_pylist(made, CORRECTIONS.schema())
    return apply_corrections(Register({"households": table}, ()), corrections)


@settings(max_examples=400, deadline=None)
@given(rows=ROWS, entries=ENTRIES)
def test_corrections_do_what_walking_row_by_row_does(rows: Rows, entries: Entries) -> None:
    corrected = correct(rows, entries)
    sizes, outcomes = walk(rows, entries)
    assert corrected.outcomes == outcomes
    assert corrected.register.tables["households"]["size"].to_pylist() == sizes


@settings(max_examples=200, deadline=None)
@given(rows=ROWS, entries=ENTRIES)
def test_applying_twice_changes_no_more_than_once(rows: Rows, entries: Entries) -> None:
    once = correct(rows, entries).register.tables["households"]
    held = list(zip(once["household"].to_pylist(), once["size"].to_pylist(), strict=True))
    again = correct(held, entries)
    assert again.register.tables["households"].equals(once)
    assert "applied" not in again.outcomes
