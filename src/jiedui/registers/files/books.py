"""Workbooks (.xlsx, .xls, .ods), parsed in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.files.raw import Raw, trimmed
from jiedui.tables.allowed import listed
from jiedui.tables.grid import Place

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.files.limits import Limits

START = (
    "import json, sys; limits, sys.path[:] = map(json.loads, sys.argv[1:]); "
    "from jiedui.registers.files.parsing import main; main(limits)"
)
"""Without the user's settings and start-up files, which also makes it start in a tenth of a second."""
TOLD = 8
"""Bytes at the end that say how long the list before them is."""
WORDS = {"xlsx": "Excel (.xlsx)", "xls": "Excel 97-2003 (.xls)", "ods": "OpenDocument (.ods)"}


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
    with tempfile.TemporaryFile() as out:
        failed = _parse(path, out, limits)
        out.seek(0)
        content = out.read()
    told = _told(content)
    rule = told.get("rule") if told else failed or "reading.broken"
    if rule or told is None:
        raise InputError([finding(str(rule), file=name, **(told or {}).get("values", {}))])
    sheets, at = [], 0
    for sheet in told["sheets"]:
        raw, at = _sheet(content, at, sheet, Place(name, sheet["name"]))
        if raw.columns:
            sheets.append(raw)
    hidden = told["hidden"]
    notes = (finding("reading.hidden_sheets", file=name, found=listed(hidden)),) if hidden else ()
    return Book(told["kind"], tuple(sheets), notes)


def _parse(path: Path, out: BinaryIO, limits: Limits) -> str:
    """Run the process; give the rule by which it was stopped, if it was."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", START]
    command += [json.dumps(asdict(limits)), json.dumps([entry for entry in sys.path if entry])]
    if sys.dont_write_bytecode:
        command.insert(1, "-B")
    with path.open("rb") as file:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter
                command,
                stdin=file,
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "reading.too_heavy"
    return "reading.too_heavy" if done.returncode else ""


def _told(content: bytes) -> dict[str, Any] | None:
    """Give the list at the end of an output; None when the process died before it."""
    length = int.from_bytes(content[-TOLD:], "big")
    if not 0 < length <= len(content) - TOLD:
        return None
    try:
        told = json.loads(content[-TOLD - length : -TOLD])
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _sheet(content: bytes, at: int, about: dict[str, Any], place: Place) -> tuple[Raw, int]:
    """Give a sheet that stands at a position of an output, and the position behind it."""
    import pyarrow as pa

    height, left = about["height"], about["left"]
    blank = pa.chunked_array([pa.nulls(height, pa.string())])
    columns, kinds = [blank] * left, [pa.chunked_array([pa.array(bytes(height), pa.uint8())])] * left
    for size in about["sizes"]:
        texts, kind = _column(content, at, height=height, size=size)
        columns.append(pa.chunked_array([trimmed(texts)]))
        kinds.append(pa.chunked_array([kind]))
        at += 5 * height + size
    hidden = about["hidden_rows"], about["hidden_columns"]
    merges = [tuple(merge) for merge in about["merges"]]
    if not about["sizes"]:
        columns, kinds = [], []
    return Raw(place, columns, kinds, merges, *hidden), at


def _column(content: bytes, at: int, *, height: int, size: int) -> tuple[pa.Array, pa.Array]:
    """Give the texts and the kinds of a column that stands at a position of an output."""
    import numpy as np
    import pyarrow as pa

    lengths = np.frombuffer(content, np.int32, height, at)
    ends = np.zeros(height + 1, np.int32)
    np.cumsum(lengths, out=ends[1:])
    whole = pa.py_buffer(content)
    texts = whole.slice(at + 5 * height, size)
    column = pa.Array.from_buffers(pa.string(), height, [None, pa.py_buffer(ends), texts])
    column.validate(full=True)
    kinds = pa.Array.from_buffers(pa.uint8(), height, [None, whole.slice(at + 4 * height, height)])
    return column, kinds
