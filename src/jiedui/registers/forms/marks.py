"""Findings by the sheet, row and cell of the workbook they are returned in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiedui.language import Lang, text
from jiedui.registers.forms.book import Value
from jiedui.registers.forms.masking import ID_COLUMNS, hidden, masked
from jiedui.registers.tables import REGISTERS

if TYPE_CHECKING:
    import pyarrow as pa

ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
LETTERS = 26
LISTED = ("file_row", "sheet", "address", "severity", "register", "column", "found", "text", "rule")
"""Columns of the sheet of findings."""
LINK, SAID = LISTED.index("address"), LISTED.index("text")
WIDTHS = (6, 16, 9, 9, 10, 16, 22, 70, 12)
HEADINGS_WITHIN = 20
"""Rows in which headings are looked for when nobody says where they stand."""
WORDS = {table.name: table for table in REGISTERS}


@dataclass(frozen=True, slots=True)
class Marks:
    """The findings of one sheet.

    Attributes
    ----------
    rows : mapping of int to list of str
        By row, counted from 1: what is to be looked into there.
    cells : mapping of tuple of int to list of str
        By row and column, both counted from 1.
    """

    rows: dict[int, list[str]] = field(default_factory=dict)
    cells: dict[tuple[int, int], list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the sheet of findings.

    Attributes
    ----------
    sheet, cell : str
        Where it leads; empty when it is about no cell of this workbook.
    values : tuple
        In the order of `LISTED`.
    """

    sheet: str
    cell: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a workbook is returned with."""

    sheets: Mapping[str, Marks]
    listed: Sequence[Listed]


def place_findings(findings: pa.Table, *, file: str, sheets: Sequence[str], lang: Lang) -> Findings:
    """Give the findings of one file by place, in the order of its sheets, rows and columns.

    A finding without a sheet belongs to the only one, where there is only one.
    """
    rows: list[dict[str, Any]] = _concerning(findings, file).to_pylist()
    marks = {name: Marks() for name in sheets}
    placed = sorted(((*_place(row, sheets), row) for row in rows), key=_order)
    listed = []
    for number, (at, line, column, row) in enumerate(placed, 1):
        name = sheets[at] if at < len(sheets) else ""
        words = masked(row[lang])
        if name and line:
            marks[name].rows.setdefault(line, []).append(words)
            if column:
                marks[name].cells.setdefault((line, column), []).append(words)
        cell = row["cell"] if name and line else ""
        listed.append(Listed(name, cell, _values(row, number, lang)))
    return Findings(marks, listed)


def numbered(sentences: Sequence[str]) -> str:
    """Give one sentence as it is, several with their numbers."""
    if len(sentences) == 1:
        return sentences[0]
    return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1))


def heading_row(rows: Sequence[Sequence[object]]) -> int:
    """Guess the row of the headings, counted from 1: the first with the most different texts."""
    counts = [
        len({cell for cell in row if isinstance(cell, str) and cell.strip()})
        for row in rows[:HEADINGS_WITHIN]
    ]
    return counts.index(max(counts)) + 1 if counts else 1


def _concerning(findings: pa.Table, file: str) -> pa.Table:
    """Give the findings of one file and those of none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    files = pc.fill_null(findings["file"], "")
    return findings.filter(pc.is_in(files, value_set=pa.array(["", file], pa.string())))


def _place(row: Mapping[str, Any], sheets: Sequence[str]) -> tuple[int, int, int]:
    """Give the number of the sheet, the row and the column; 0 for a row or column that is not known."""
    name = row["sheet"] or (sheets[0] if len(sheets) == 1 else "")
    at = sheets.index(name) if name in sheets else len(sheets)
    found = ADDRESS.fullmatch(row["cell"] or "")
    if not found:
        return at, 0, 0
    column = 0
    for letter in found[1]:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return at, int(found[2]), column


def _order(placed: tuple[int, int, int, Mapping[str, Any]]) -> tuple[int, int, int, str, str]:
    at, line, column, row = placed
    return at, line, column, row["rule"], row["zh"]


def _values(row: Mapping[str, Any], number: int, lang: Lang) -> tuple[Value, ...]:
    table = WORDS.get(row["register"])
    columns = {column.name: column for column in table.columns} if table else {}
    column = columns.get(row["column"])
    found = row["found"] or ""
    return (
        number,
        row["sheet"] or "",
        row["cell"] or "",
        text(f"form_word.severity_{row['severity']}", lang),
        table.words[lang] if table else row["register"],
        column.words[lang] if column else row["column"] or "",
        hidden(found) if row["column"] in ID_COLUMNS else masked(found),
        masked(row[lang]),
        row["rule"],
    )
