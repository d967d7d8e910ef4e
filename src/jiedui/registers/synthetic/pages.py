"""Sheets as offices fill them: titles, merged headings, totals, sign-off lines, hidden rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.synthetic.filling import (
    Known,
    Record,
    fill_cell,
    find_column,
    other_cell,
    spoil_ids,
    vary_cells,
    write_remarks,
)
from jiedui.registers.synthetic.spelling import Cell, Style

if TYPE_CHECKING:
    import numpy as np

SIGNED = "填表人：甲某　　　　审核人：乙某　　　　填报日期：2026年10月28日"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of a file.

    Attributes
    ----------
    rows : sequence of sequence of cells
        Every row from the first.
    merges : tuple of tuple of int
        First row, first column, last row, last column, counted from 0.
    hidden : tuple of int
        Rows counted from 0.
    empty : int
        How many rows below are formatted though nothing stands in them.
    """

    sheet: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden: tuple[int, ...] = ()
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Oddity:
    """A cell that no longer says what it said: where, in which way, and what it should say."""

    sheet: str
    row: int
    heading: str
    kind: str
    clean: str


def notes_page(plan: Mapping[str, object]) -> Page:
    """Give a sheet of explanations, no table at all."""
    notes = plan["notes"]
    return Page(str(plan["sheet"]), [[note] for note in notes] if isinstance(notes, list) else [])


def table_page(
    plan: Mapping[str, object], records: Sequence[Record], rng: np.random.Generator
) -> tuple[Page, list[Oddity]]:
    """Give the sheet that a plan of ``deliveries.toml`` describes, filled with records.

    Parameters
    ----------
    records
        Values by ``table.column``.
    """
    headings = [str(heading) for heading in _listed(plan["headings"])]
    columns = [find_column(heading, _listed(plan["tables"])) for heading in headings]
    top, merges = _headings(plan, headings)
    style = _style(plan)
    body = [
        [
            fill_cell(record, known, style, other_cell(heading, place))
            for heading, known in zip(headings, columns, strict=True)
        ]
        for place, record in enumerate(records)
    ]
    if style.varied or "encoding" in plan:
        vary_cells(body, columns, style, rng)
    oddities = write_remarks(body, columns, rng) + spoil_ids(
        body, columns, int(str(plan.get("spoiled", 0))), rng
    )
    found = [
        Oddity(str(plan["sheet"]), len(top) + row + 1, headings[column], kind, clean)
        for row, column, kind, clean in oddities
    ]
    foot = _foot(plan, body, columns, headings)
    hidden = rng.permutation(len(body))[: int(str(plan.get("hidden", 0)))]
    return Page(
        sheet=str(plan["sheet"]),
        rows=[*top, *body, *foot],
        merges=tuple(merges),
        hidden=tuple(sorted(len(top) + int(row) for row in hidden)),
        empty=int(str(plan.get("empty", 0))),
    ), found


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _style(plan: Mapping[str, object]) -> Style:
    return Style(**{name: plan[name] for name in Style.__dataclass_fields__ if name in plan})  # type: ignore[arg-type]


def _headings(
    plan: Mapping[str, object], headings: Sequence[str]
) -> tuple[list[list[Cell]], list[tuple[int, int, int, int]]]:
    """Give the rows above the body: title, line of units, one or two rows of headings."""
    width = len(headings)
    rows: list[list[Cell]] = []
    merges = []
    for text in (plan["title"], plan["line"]):
        if text:
            merges.append((len(rows), 0, len(rows), width - 1))
            rows.append([str(text), *[None] * (width - 1)])
    if not any("/" in heading and "致贫/" not in heading for heading in headings):
        return [*rows, list(headings)], merges
    first = len(rows)
    upper: list[Cell] = []
    lower: list[Cell] = []
    for place, heading in enumerate(headings):
        group, mark, last = heading.partition("/")
        begins = place == 0 or headings[place - 1].partition("/")[0] != group or not mark
        upper.append(group if begins else None)
        lower.append(last if mark else None)
        if not mark:
            merges.append((first, place, first + 1, place))
        elif begins:
            end = place
            while end + 1 < width and headings[end + 1].startswith(f"{group}/"):
                end += 1
            merges.append((first, place, first, end))
    return [*rows, upper, lower], [merge for merge in merges if merge[:2] != merge[2:]]


def _foot(
    plan: Mapping[str, object],
    body: Sequence[Sequence[Cell]],
    columns: Sequence[Known],
    headings: Sequence[str],
) -> list[list[Cell]]:
    """Give the row of totals and the line of signatures."""
    rows: list[list[Cell]] = []
    if plan.get("total"):
        sums: list[Cell] = ["合计", *[None] * (len(headings) - 1)]
        for place, known in enumerate(columns):
            if place and known is not None and known[1].type in ("money", "integer"):
                amounts = [row[place] for row in body]
                sums[place] = round(sum(one for one in amounts if isinstance(one, (int, float))), 2)
        rows.append(sums)
    if plan.get("signed"):
        rows.append([SIGNED, *[None] * (len(headings) - 1)])
    return rows
