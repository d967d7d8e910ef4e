"""What a repair did, written for people: as a table or as text, in both languages."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, finding, text
from jiedui.registers.damaged.changes import masked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jiedui.registers.damaged.copies import RepairedFile

COLUMNS = ("what", "where", "position", "was", "now", "zh", "en")
FORMULA = re.compile(r"[=+\-@\t\r]")


def write_report(repaired: RepairedFile, path: Path) -> None:
    """Write every change and question: as a table to .csv, as text to any other file.

    Long numbers, such as those of identity cards, show their last four digits.

    Raises
    ------
    InputError
        If the file cannot be written, or is the original.
    """
    if path.resolve() == repaired.original.resolve():
        raise InputError([finding("damaged.same_file", file=repaired.file)])
    is_table = path.suffix.lower() == ".csv"
    data = _table(repaired) if is_table else "\n".join(_lines(repaired)) + "\n"
    try:
        path.write_text(data, encoding="utf-8-sig" if is_table else "utf-8", newline="")
    except OSError:
        raise InputError([finding("damaged.not_written", file=path.name)]) from None


def _rows(repaired: RepairedFile) -> Iterator[tuple[str | int, ...]]:
    """Give a row of `COLUMNS` for each change, then for each question."""
    for change in repaired.changes:
        values = masked(change.was), masked(change.now)
        yield (change.kind, change.where, change.position + 1, *values, *change.why.values())
    for ask in repaired.questions:
        found = ask.finding(file=repaired.file)
        offers = " / ".join(ask.offers)
        values = masked(ask.found), masked(offers)
        yield (ask.kind, ask.where, ask.position + 1, *values, found.zh, found.en)


def _table(repaired: RepairedFile) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(
        " / ".join(text(f"damaged_report.column_{name}", lang) for lang in LANGUAGES) for name in COLUMNS
    )
    writer.writerows([_harmless(value) for value in row] for row in _rows(repaired))
    return file.getvalue()


def _lines(repaired: RepairedFile) -> Iterator[str]:
    counts = {"changes": len(repaired.changes), "questions": len(repaired.questions)}
    for lang in LANGUAGES:
        yield text("damaged_report.summary", lang, file=repaired.file, **counts)
    for what, where, position, was, now, zh, en in _rows(repaired):
        yield f"\n{where}:{position}  {what}  {visible(was)} → {visible(now)}\n  {zh}\n  {en}"


def visible(value: str | int) -> str:
    """Give a text with what is invisible written by its code."""
    return "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in str(value)) or "∅"


def _harmless(value: str | int) -> str | int:
    """Give a cell that no program takes for a formula."""
    if not isinstance(value, str):
        return value
    value = "" if not value else visible(value)
    return f"'{value}" if FORMULA.match(value) else value
