"""The repair of a file: a copy beside it, the original untouched."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.damaged.cells import Placed, listed, mend_all
from jiedui.registers.damaged.reading import bytes_of, decoded
from jiedui.registers.damaged.repair import repair_text
from jiedui.registers.damaged.workbook import repair_workbook
from jiedui.tables.grid import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jiedui.registers.damaged.changes import Change, Question

    Found = TypeVar("Found", Change, Question)

MARK = b"\xef\xbb\xbf"
"""So that Excel reads a .csv file as UTF-8."""


@dataclass(frozen=True, slots=True)
class RepairedFile:
    """A file that was looked through.

    Attributes
    ----------
    original : Path
        The file itself, untouched.
    copy : Path or None
        The repaired copy; None where nothing was repaired.
    changes, questions : tuple
        Their ``where`` is a cell, or the number of a line; positions count within it.
    """

    original: Path
    copy: Path | None
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]

    @property
    def file(self) -> str:
        """The name of the original."""
        return self.original.name


@dataclass(frozen=True, slots=True)
class Mended:
    """The bytes of a copy, and what was found."""

    data: bytes
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]


def repair_file(path: Path, *, out: Path | None = None) -> RepairedFile:
    r"""Write a repaired copy of a .txt, .md, .csv, .tsv or .xlsx file; text is written as UTF-8.

    Parameters
    ----------
    out : Path, optional
        The copy; by default ``NAME.repaired.EXT`` beside the original.

    Raises
    ------
    InputError
        If the file cannot be read, is of another kind, or the copy would replace it.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "notice.txt"
    >>> _ = path.write_text("请联系村民\n聯(lián)系人：张大山\n", encoding="utf-8")
    >>> repaired = repair_file(path)
    >>> repaired.copy.name, repaired.copy.read_text(encoding="utf-8").split()[1], repaired.changes[0].where
    ('notice.repaired.txt', '联系人：张大山', '2')
    """
    repair = REPAIRS.get(path.suffix.lower())
    if not repair:
        raise InputError([finding("damaged.ending", file=path.name, ending=path.suffix)])
    copy = out or path.with_name(f"{path.stem}.repaired{path.suffix}")
    if copy.resolve() == path.resolve():
        raise InputError([finding("damaged.same_file", file=path.name)])
    mended = repair(bytes_of(path), path)
    if mended.changes:
        _write(copy, mended.data)
    return RepairedFile(path, copy if mended.changes else None, mended.changes, mended.questions)


def _write(copy: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = copy.with_name(f".{copy.name}.part")
    try:
        part.write_bytes(data)
        part.replace(copy)
    except OSError:
        part.unlink(missing_ok=True)
        raise InputError([finding("damaged.not_written", file=copy.name)]) from None


def _repair_prose(data: bytes, path: Path) -> Mended:
    text = decoded(data, path.name)
    repaired = repair_text(text)
    lines = _Lines(text)
    changes = tuple(map(lines.placed, repaired.changes))
    questions = tuple(map(lines.placed, repaired.questions))
    mark = MARK if data.startswith(MARK) else b""
    return Mended(mark + repaired.text.encode("utf-8", "replace"), changes, questions)


class _Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]

    def placed(self, found: Found) -> Found:
        """Give a change or question by its line, counted from 1, and its position in it."""
        line = bisect_right(self.starts, found.position)
        return replace(found, where=str(line), position=found.position - self.starts[line - 1])


def _repair_cells(data: bytes, path: Path) -> Mended:
    text = decoded(data, path.name)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    rows = _rows(text, delimiter, path.name)
    found = mend_all(dict.fromkeys(cell for row in rows for cell in row))
    placed = [
        Placed((row, column), f"{letters(column)}{row + 1}", found[cell])
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell in found
    ]
    ending = "\r\n" if "\r\n" in text else "\n"
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ending)
    writer.writerows([found[cell].text if cell in found else cell for cell in row] for row in rows)
    return Mended(MARK + file.getvalue().encode("utf-8", "replace"), *listed(placed))


def _rows(text: str, delimiter: str, file: str) -> Sequence[list[str]]:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(records)
    except csv.Error:
        raise InputError([finding("table.csv_quotes", file=file, line=records.line_num)]) from None


def _repair_book(data: bytes, path: Path) -> Mended:
    mended, placed = repair_workbook(data, path.name)
    return Mended(mended, *listed(placed))


REPAIRS: Mapping[str, Callable[[bytes, Path], Mended]] = {
    ".txt": _repair_prose,
    ".md": _repair_prose,
    ".csv": _repair_cells,
    ".tsv": _repair_cells,
    ".xlsx": _repair_book,
}
