"""Workbooks (.xlsx, .xls, .ods): what the process that parses them wrote, as sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.language import finding
from jiedui.registers.files.confinement import parse_confined
from jiedui.registers.files.raw import Raw, trimmed
from jiedui.tables.allowed import listed
from jiedui.tables.grid import Place, letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.files.limits import Limits

LISTED = 10
LENGTH = 4
"""Bytes in which the length of a text is written."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook holds.

    Attributes
    ----------
    kind : str
        ``xlsx``, ``xls`` or ``ods``.
    notes : tuple of Finding
        About the workbook as a whole.
    """

    kind: str
    sheets: tuple[Raw, ...]
    notes: tuple[Finding, ...]


def read_book(path: Path, name: str, limits: Limits) -> Book:
    """Give the sheets of a workbook, those without any content left out.

    Raises
    ------
    InputError
        If it cannot be read within the limits.
    """
    parsed = parse_confined(path, name, "parsing", limits)
    sheets, at = [], 0
    for about in parsed.told["sheets"]:
        if about["width"]:
            sheets.append(_sheet(parsed.content, at, about, Place(name, about["name"])))
        at += (LENGTH + 1) * about["width"] * about["height"] + about["size"]
    return Book(parsed.told["kind"], tuple(sheets), tuple(_notes(name, parsed.told)))


def _notes(name: str, told: dict[str, Any]) -> Iterator[Finding]:
    """Tell of hidden sheets, and of failed formulas that a reader of the old format gives as blank."""
    if hidden := told["hidden"]:
        yield finding("reading.hidden_sheets", file=name, found=listed(hidden))
    if blanked := told["blanked"]:
        names = [f"{letters(column)}{row + 1}" for row, column in blanked[:LISTED]]
        more = ["…"] if len(blanked) > LISTED else []
        yield finding("reading.blanked", file=name, found=listed([*names, *more]), count=len(blanked))


def _sheet(content: bytes, at: int, about: dict[str, Any], place: Place) -> Raw:
    """Give the sheet that stands at a position of an output."""
    import pyarrow as pa

    height, left, width = about["height"], about["left"], about["width"]
    texts, kinds = _cells(content, at, cells=height * width, size=about["size"])
    parts = [slice(column * height, (column + 1) * height) for column in range(width)]
    blank = pa.chunked_array([pa.nulls(height, pa.string())])
    stored = pa.chunked_array([pa.array(bytes(height), pa.uint8())])
    return Raw(
        place,
        columns=[blank] * left + [pa.chunked_array([texts[part]]) for part in parts],
        kinds=[stored] * left + [pa.chunked_array([kinds[part]]) for part in parts],
        merges=[tuple(merge) for merge in about["merges"]],
        hidden_rows=about["hidden_rows"],
        hidden_columns=about["hidden_columns"],
    )


def _cells(content: bytes, at: int, *, cells: int, size: int) -> tuple[pa.Array, pa.Array]:
    """Give the texts and the kinds of all cells of a sheet, one column after the other."""
    import numpy as np
    import pyarrow as pa

    ends = np.zeros(cells + 1, np.int32)
    np.cumsum(np.frombuffer(content, np.int32, cells, at), out=ends[1:])
    whole, behind = pa.py_buffer(content), at + LENGTH * cells
    buffers = [None, pa.py_buffer(ends), whole.slice(behind + cells, size)]
    texts = pa.Array.from_buffers(pa.string(), cells, buffers)
    texts.validate(full=True)
    return trimmed(texts), pa.Array.from_buffers(pa.uint8(), cells, [None, whole.slice(behind, cells)])
