"""A grid against a declaration: headings, cells, keys; every problem with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jiedui.language import LANGUAGES
from jiedui.tables.allowed import listed
from jiedui.tables.cells import Refusal, Value, read_cell, shown
from jiedui.tables.grid import Grid, Row, is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jiedui.errors import Finding
    from jiedui.tables.declaration import Column, Table

LISTED = 100
"""How many findings of a file are listed; of the rest only the count."""
WHOLE_SHEET = ("table.no_rows", "table.column_missing")
"""Rules about what is not there, so that no cell can be pointed at."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that a cell breaks; its text is made only if it is listed."""

    row: int
    position: int
    rule: str
    column: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a grid holds: values by column, the numbers of their rows, and all problems.

    Attributes
    ----------
    positions : mapping of str to int
        Where each column stands, counted from 0.
    """

    values: Mapping[str, list[Value]]
    rows: list[int]
    positions: Mapping[str, int]
    problems: list[Problem]
    notes: list[Problem]


def check(grid: Grid, table: Table, *, needed: Collection[str] = ()) -> Checked:
    """Hold a grid against a declaration; collects every problem, raises none."""
    positions, problems, notes = _headings(grid, table, needed)
    rows = [row for row in grid.rows if not all(map(is_blank, row.cells))]
    if rows and _is_field_ids(rows[0], positions):
        rows = rows[1:]
    if not rows:
        problems.append(Problem(1, 0, "table.no_rows"))
    problems.extend(_beyond(rows, grid.headings))
    values: dict[str, list[Value]] = {}
    for column in table.columns:
        if column.name in positions:
            found = _column(rows, column, position=positions[column.name], problems=problems)
        else:
            found = [None] * len(rows)
        values[column.name] = found
    numbers = [row.number for row in rows]
    if all(name in positions for name in table.key):
        problems.extend(_repeats(table, values, numbers=numbers, position=positions))
    return Checked(values, numbers, positions, problems, notes)


def findings(problems: Sequence[Problem], grid: Grid, table: Table) -> list[Finding]:
    """Write problems out in reading order; beyond the hundredth, only how many more."""
    ordered = sorted(problems, key=lambda problem: (problem.row, problem.position))
    found = [_finding(problem, grid, table) for problem in ordered[:LISTED]]
    if len(ordered) > LISTED:
        found.append(grid.place.finding("table.more", listed=LISTED, more=len(ordered) - LISTED))
    return found


def _finding(problem: Problem, grid: Grid, table: Table) -> Finding:
    cell = grid.place.cell(problem.row, problem.position, _heading(grid, problem.position))
    heading = (
        {lang: table.column(problem.column).heading(lang) for lang in LANGUAGES} if problem.column else ""
    )
    if problem.rule in WHOLE_SHEET:
        cell = ""
    return grid.place.finding(problem.rule, cell=cell, heading=heading, **problem.values)


def _heading(grid: Grid, position: int) -> str:
    """Give the heading that stands at a position."""
    return shown(grid.headings[position]).strip() if position < len(grid.headings) else ""


def _headings(
    grid: Grid, table: Table, needed: Collection[str]
) -> tuple[dict[str, int], list[Problem], list[Problem]]:
    """Find the columns by their headings."""
    names = {heading: column.name for column in table.columns for heading in column.headings}
    names |= {column.name: column.name for column in table.columns}
    positions: dict[str, int] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for position, cell in enumerate(grid.headings):
        heading = str(cell).strip() if cell is not None else ""
        name = names.get(heading)
        if name is None:
            if heading:
                notes.append(Problem(1, position, "table.column_unknown", values={"found": shown(heading)}))
        elif name in positions:
            first = grid.place.cell(1, positions[name], heading)
            problems.append(Problem(1, position, "table.heading_twice", name, {"first": first}))
        else:
            positions[name] = position
    problems.extend(_missing(grid, table, positions, needed))
    return positions, problems, notes


def _missing(
    grid: Grid, table: Table, positions: Mapping[str, int], needed: Collection[str]
) -> Iterator[Problem]:
    """Give the columns that must stand in the file and do not."""
    present = listed(shown(str(cell).strip()) for cell in grid.headings if not is_blank(cell))
    for order, column in enumerate(table.columns):
        if (column.required or column.name in needed) and column.name not in positions:
            values = {"accepted": listed(dict.fromkeys(column.headings)), "found": present}
            yield Problem(1, order, "table.column_missing", column.name, values)


def _is_field_ids(row: Row, positions: Mapping[str, int]) -> bool:
    """Tell whether a row is the template's second row, which repeats the names of the columns."""
    return (
        row.number == 2  # noqa: PLR2004
        and bool(positions)
        and all(
            position < len(row.cells) and row.cells[position] == name for name, position in positions.items()
        )
    )


def _beyond(rows: Sequence[Row], headings: Sequence[object]) -> Iterator[Problem]:
    """Give the cells that stand under no heading."""
    bare = [position for position, heading in enumerate(headings) if is_blank(heading)]
    for row in rows:
        for position in (*bare, *range(len(headings), len(row.cells))):
            if position < len(row.cells) and not is_blank(row.cells[position]):
                yield Problem(
                    row.number,
                    position,
                    "table.cell_without_heading",
                    values={"found": shown(row.cells[position])},
                )


def _column(rows: Sequence[Row], column: Column, *, position: int, problems: list[Problem]) -> list[Value]:
    """Read the cells of a column; None where a cell is refused."""
    values: list[Value] = []
    for row in rows:
        cell = row.cells[position] if position < len(row.cells) else None
        try:
            values.append(read_cell(cell, column))
        except Refusal as refusal:
            values.append(None)
            problems.append(Problem(row.number, position, refusal.rule, column.name, refusal.values))
    return values


def _repeats(
    table: Table, values: Mapping[str, list[Value]], *, numbers: Sequence[int], position: Mapping[str, int]
) -> Iterator[Problem]:
    """Give the rows that carry the key of an earlier row; a key with an empty part is not compared."""
    first: dict[tuple[Value, ...], int] = {}
    for number, key in zip(numbers, zip(*(values[name] for name in table.key), strict=True), strict=False):
        if None in key:
            continue
        if key in first:
            said = {"said": " + ".join(shown(part) for part in key), "first": first[key], "row": number}
            yield Problem(number, position[table.key[0]], "table.key_twice", table.key[0], said)
        else:
            first[key] = number
