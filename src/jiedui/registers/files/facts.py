"""What a worksheet's own XML says beside the values: hidden rows, failed formulas, digits beyond the 15th."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jiedui.tables.worksheet import REFERENCE, failed, position

if TYPE_CHECKING:
    from collections.abc import Iterator

EXACT_DIGITS = 15
"""So many digits a program keeps of a number; those behind them are zeros that it made up."""
LONG = re.compile(rb"v>(\d{16,30})</")
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^<>]*\bhidden=[\"'](?:1|true)[\"'])([^<>]*)")
HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b(?=[^<>]*\bhidden=[\"'](?:1|true)[\"'])([^<>]*)")
BOUNDS = re.compile(rb"\b(min|max|r)=[\"'](\d{1,7})[\"']")
FAILED_RECORD = re.compile(
    rb"(?:\x05\x02\x08\x00(....)..[\x00\x07\x0f\x17\x1d\x24\x2a]\x01"
    rb"|\x06\x00[\x16-\xff].(....)..\x02.[\x00\x07\x0f\x17\x1d\x24\x2a]...\xff\xff)",
    re.DOTALL,
)
"""In the old format, a cell or a formula whose value is an error."""
FURTHEST = 16_384


@dataclass(frozen=True, slots=True)
class Facts:
    """About one worksheet; rows and columns counted from 0.

    Attributes
    ----------
    exact : mapping of (row, column) to str
        Numbers with more than 15 digits that the file holds whole.
    """

    failed: set[tuple[int, int]] = field(default_factory=set)
    exact: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def facts_of(xml: bytes) -> Facts:
    """Give the facts of a worksheet."""
    may_fail = b"<f" in xml or b":f" in xml or b'="e"' in xml or b"='e'" in xml
    hides = b"hidden=" in xml
    return Facts(
        failed=set(failed(xml)) if may_fail else set(),
        exact=dict(_exact(xml)),
        hidden_rows=sorted(set(_hidden_rows(xml))) if hides else [],
        hidden_columns=sorted(set(_hidden_columns(xml))) if hides else [],
    )


def _exact(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for number in LONG.finditer(xml):
        digits = number[1].decode()
        if not digits[EXACT_DIGITS:].strip("0"):
            continue
        start = max(xml.rfind(b"<c ", 0, number.start()), xml.rfind(b":c ", 0, number.start()))
        if start >= 0 and (reference := REFERENCE.search(xml, start, number.start())):
            yield (int(reference[2]) - 1, position(reference[1])), digits


def _hidden_rows(xml: bytes) -> Iterator[int]:
    for row in HIDDEN_ROW.finditer(xml):
        bounds = dict(BOUNDS.findall(row[1]))
        if b"r" in bounds:
            yield int(bounds[b"r"]) - 1


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for column in HIDDEN_COLUMN.finditer(xml):
        bounds = dict(BOUNDS.findall(column[1]))
        if b"min" in bounds and b"max" in bounds:
            yield from range(int(bounds[b"min"]) - 1, min(int(bounds[b"max"]), FURTHEST))


def failed_records(content: bytes) -> list[tuple[int, int]]:
    """Give row and column of the failed formulas of a workbook of the old format, on whichever sheet."""
    found = (struct.unpack("<HH", one[1] or one[2]) for one in FAILED_RECORD.finditer(content))
    return sorted({(row, column) for row, column in found})
