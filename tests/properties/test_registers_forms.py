"""Whatever stands in a register: no export carries a formula, sums are those of plain Python."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registers_made import corrections_of, findings_of, register_of

from jiedui.errors import InputError
from jiedui.registers import Source
from jiedui.registers.forms import (
    read_form,
    return_workbook,
    shipped_forms,
    tick_off,
    write_form,
    write_tables,
    write_update_list,
)
from jiedui.registers.forms.book import RUNS
from jiedui.registers.forms.form import TABLES
from jiedui.registers.forms.masking import masked
from jiedui.registers.forms.rows import open_rows
from jiedui.tables.grid import Place

CALM = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NASTY = st.one_of(
    st.sampled_from(
        ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "{=1}", "_x000D_", "&P"]
    ),
    st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "'", ""]), st.text(max_size=12)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


def check_no_formula(path: Path) -> None:
    """Open a workbook again: each cell is text or number, a text that looks like a formula is quoted."""
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr")
                if cell.data_type == "s" and str(cell.value).startswith(RUNS):
                    assert cell.quotePrefix


@CALM
@given(words=st.lists(NASTY, min_size=4, max_size=4))
def test_no_export_carries_a_formula(words: list[str]) -> None:
    one, two, three, four = words
    place = {"township": one, "village": two}
    sources = (Source(Place("a.xlsx"), {"households": {"household": 0, "head": 1, "note": 2}}, ""),)
    register = register_of(
        sources,
        villages=[{**place, "county": three}],
        households=[{"household": "1", "head": three, "note": four, **place}],
        persons=[{"household": "1", "name": four, **place}],
        projects=[{"project": one, "name": two, "owner": three, **place}],
    )
    findings = findings_of({"row_key": "1", "zh": one, "en": two, "found": three, "cell": "B2", **place})
    corrections = corrections_of({"row_key": "1", "column": "note", "was": one, "is": two, "reason": three})
    with TemporaryDirectory() as name:
        folder = Path(name)
        for form in shipped_forms().values():
            write_form(
                form, register, folder / f"{form.id}.xlsx", "zh", findings=findings, on="2026-11", unit=one
            )
        write_update_list(corrections, register, folder / "updates.xlsx", "zh", unit=four)
        write_tables(register, folder, "en", findings=findings)
        with (folder / "households.csv").open(encoding="utf-8-sig", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(RUNS)]
        for path in folder.glob("*.xlsx"):
            check_no_formula(path)


@CALM
@given(rows=st.lists(st.lists(NASTY, min_size=2, max_size=3), min_size=1, max_size=4), question=NASTY)
def test_no_returned_workbook_carries_a_formula(rows: list[list[str]], question: str) -> None:
    findings = findings_of({"cell": "B2", "zh": question, "found": question})
    with TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["甲", "乙"], *rows])
        return_workbook(folder / "a.csv", findings, folder / "b.xlsx", "zh")
        return_workbook(folder / "b.xlsx", findings, folder / "c.xlsx", "zh")
        check_no_formula(folder / "b.xlsx")
        check_no_formula(folder / "c.xlsx")
        first, second = (openpyxl.load_workbook(folder / file).worksheets[0] for file in ("b.xlsx", "c.xlsx"))
        assert [cell.value for cell in first["A"]] == [cell.value for cell in second["A"]]


PLACES = [("云镇", "东村"), ("云镇", "西村"), ("岭镇", "东村")]
HOUSEHOLDS = st.lists(
    st.fixed_dictionaries(
        {
            "place": st.sampled_from([*PLACES, ("云镇", None), (None, None)]),
            "size": st.none() | st.integers(0, 9),
            "kind": st.none() | st.sampled_from(["脱贫户", "低收入户"]),
            "income": st.none() | st.integers(-10_000, 10_000_000),
            "identified_on": st.none() | st.sampled_from(["2026", "2026-11", "2026-11-03", "2025-11"]),
        }
    ),
    max_size=12,
)
FORM = """
id = "twin"
title = { zh = "表", en = "T" }
rows = "villages"
serial = false
columns = [
  { value = "township" }, { value = "village" },
  { count = "households", heading = { zh = "户", en = "h" } },
  { sum = "households.size", where = { kind = { not = "脱贫户" } } },
  { sum = "households.income", where = { income = { at_least = 0, at_most = 50000.5 } } },
  { count = "households", heading = { zh = "月", en = "m" }, where.identified_on.period = "month" },
  { count = "households", heading = { zh = "年", en = "y" }, where.identified_on.period = "year" },
  { count = "households", where = { size = { filled = false } }, heading = { zh = "空", en = "e" } },
]
"""


@QUICK
@given(households=HOUSEHOLDS)
def test_a_form_counts_as_plain_python_does(households: list[dict[str, Any]]) -> None:
    rows = [
        {**row, "household": str(number), "township": row["place"][0], "village": row["place"][1]}
        for number, row in enumerate(households)
    ]
    given_rows = [{key: value for key, value in row.items() if key != "place"} for row in rows]
    register = register_of(
        villages=[{"township": township, "village": village} for township, village in PLACES],
        households=given_rows,
    )
    with TemporaryDirectory() as name:
        (Path(name) / "f.toml").write_text(FORM, encoding="utf-8")
        form = read_form(Path(name) / "f.toml")
    with closing(open_rows(register, findings=None, lang="zh", on="2026-11-30")) as opened:
        lines = opened.lines(form, fields=form.fields, only={})
    written = [list(line.values) for line in lines]
    expected = [list(twin(place, rows)) for place in PLACES]
    assert written == expected
    assert [line.empty[3] for line in lines] == [empty_sizes(place, rows) for place in PLACES]


def twin(place: tuple[str, str], rows: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """Count the households of a village one by one."""
    own = [row for row in rows if row["place"] == place]
    yield from place
    yield len(own)
    yield total(row["size"] for row in own if row["kind"] != "脱贫户")
    incomes = total(
        row["income"] for row in own if row["income"] is not None and 0 <= row["income"] <= 5_000_050
    )
    yield incomes if incomes is None else incomes / 100
    yield sum((row["identified_on"] or "").startswith("2026-11") for row in own)
    yield sum((row["identified_on"] or "").startswith("2026") for row in own)
    yield sum(row["size"] is None for row in own)


def empty_sizes(place: tuple[str, str], rows: Sequence[Mapping[str, Any]]) -> int:
    return sum(row["place"] == place and row["kind"] != "脱贫户" and row["size"] is None for row in rows)


def total(values: Iterator[Any]) -> Any:  # noqa: ANN401 - a number or nothing
    known = [value for value in values if value is not None]
    return sum(known) if known else None


@QUICK
@given(
    kept=st.lists(st.tuples(st.integers(1, 4), st.none() | st.integers(0, 3)), max_size=6),
    asked=st.lists(
        st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6
    ),
)
def test_ticking_off_agrees_with_looking_each_row_up(
    kept: list[tuple[int, int | None]], asked: list[tuple[int, int, int]]
) -> None:
    corrections = corrections_of(
        *({"row_key": str(key), "was": str(was), "is": str(new)} for key, was, new in asked)
    )
    exported = register_of(households=[{"household": str(key), "size": size} for key, size in kept])
    states = []
    for key, was, new in asked:
        found = [size for number, size in kept if number == key]
        states.append(
            "missing" if len(found) != 1
            else "done" if found[0] == new
            else "open" if found[0] == was
            else "changed"
        )  # fmt: skip
    assert tick_off(corrections, exported)["state"].to_pylist() == states


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.sampled_from(["", "head", "persons", "list", "size"]),
)
KEYS = st.sampled_from(
    [
        *(
            "id",
            "title",
            "rows",
            "layout",
            "group",
            "sheet_by",
            "where",
            "columns",
            "parts",
            "value",
            "count",
            "sum",
        ),
        *(
            "list",
            "text",
            "blank",
            "heading",
            "width",
            "ticks",
            "table",
            "lines",
            "across",
            "zh",
            "en",
            "size",
            "kind",
        ),
    ]
)
TREES = st.recursive(
    SCALARS | st.sampled_from(sorted(TABLES)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@QUICK
@given(tree=st.dictionaries(KEYS, TREES, max_size=8))
def test_whatever_a_form_says_it_is_read_or_told_what_is_wrong(tree: dict[str, Any]) -> None:
    base: dict[str, Any] = {
        "id": "x", "title": {"zh": "表", "en": "T"}, "rows": "households", "columns": [{"value": "head"}],
        "parts": [{"heading": {"zh": "部", "en": "P"}, "lines": 2}],
    }  # fmt: skip
    words = "\n".join(f"{key} = {toml(value)}" for key, value in {**base, **tree}.items())
    register = register_of(households=[{"household": "1", "head": "甲"}])
    with TemporaryDirectory() as name:
        (Path(name) / "f.toml").write_text(words, encoding="utf-8")
        try:
            form = read_form(Path(name) / "f.toml")
            write_form(form, register, Path(name) / "a.xlsx", "en", on="2026-11-30")
        except InputError:
            return
        check_no_formula(Path(name) / "a.xlsx")


def toml(value: object) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return (
            str(value) if not value.is_integer() else f"{value:.1f}" if math.isfinite(value) else str(value)
        )
    return json.dumps(value, ensure_ascii=False)


@given(words=st.text(st.sampled_from("0123456789Xx*一 ,"), max_size=60))
def test_masking_leaves_no_long_run_of_digits_of_an_id_number(words: str) -> None:
    hidden = masked(words)
    assert len(hidden) == len(words)
    assert masked(hidden) == hidden
    runs = "".join(sign if sign.isdigit() else " " for sign in hidden).split()
    assert not [run for run in runs if 15 <= len(run) <= 18]
