"""The encoding of a text file: UTF-8, UTF-16 with its mark, GB18030; never two of them."""

from __future__ import annotations

import codecs
import mmap
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from jiedui.tables.grid import Place

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CHUNK = 2**20
LONGEST_LINE = 8 * CHUNK
RUN = re.compile(rb"[\x80-\xff]+")
UTF8_RUN = re.compile(
    rb"(?<![\x80-\xff])(?:[\xe4-\xe9][\x80-\xbf]{2}|\xef\xbc[\x80-\xbf]){2,}(?![\x80-\xff])"
)
"""Chinese signs in UTF-8. In GB18030 the same bytes are possible, but once in a hundred thousand cells."""
CERTAIN = 12
"""Bytes of such a run that no text in GB18030 holds by chance."""
BY_CHANCE = 1000


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text file is written.

    Attributes
    ----------
    is_plain : bool
        Whether there are no quotation marks in it, so that each of its lines is a record.
    """

    name: str
    is_plain: bool


class Unfit(Exception):  # noqa: N818
    """An encoding does not fit: the byte, counted from 0."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def encoding_of(path: Path, place: Place) -> Encoding:
    """Give the encoding in which the whole file can be read.

    Raises
    ------
    InputError
        If there is none, if there are two, if there are NUL characters, or a line has no end.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in MARKS.items() if start.startswith(mark)), None)
    offsets = []
    for name in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            found = Encoding(name, _check(path, name, place))
        except Unfit as error:
            offsets.append(error.offset)
        else:
            if name == "gb18030":
                _check_one(path, place)
            return found
    offset = max(offsets)
    cell = place.cell(_line(path, offset), 0)
    raise InputError(
        [place.finding("reading.encoding", cell=cell, line=_line(path, offset), offset=offset + 1)]
    )


def _check(path: Path, encoding: str, place: Place) -> bool:
    """Decode a file and let it go; say whether it has no quotation marks."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = length = 0
    line, is_plain = 1, True
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            at += len(chunk)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise Unfit(max(0, at - len(error.object) + error.start)) from None
            if "\0" in text:
                line += text.count("\n", 0, text.index("\0"))
                raise InputError([place.finding("reading.nul", cell=place.cell(line, 0), line=line)])
            line += text.count("\n")
            is_plain = is_plain and '"' not in text
            length = 0 if "\n" in text or "\r" in text else length + len(text)
            if length > LONGEST_LINE:
                raise InputError([place.finding("reading.line_long", cell=place.cell(line, 0), line=line)])
            if not chunk:
                return is_plain


def _check_one(path: Path, place: Place) -> None:
    """Refuse a file in GB18030 with passages in UTF-8."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = [run.span() for run in UTF8_RUN.finditer(content)]
        if not found:
            return
        certain = any(end - start >= CERTAIN for start, end in found)
        if certain or len(found) > sum(1 for _ in RUN.finditer(content)) / BY_CHANCE:
            line = content[: found[0][0]].count(b"\n") + 1
            raise InputError([place.finding("reading.mixed", cell=place.cell(line, 0), line=line)])


def _line(path: Path, offset: int) -> int:
    """Count the line on which a byte stands."""
    line, left = 1, offset
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(left, CHUNK))):
            line += chunk.count(b"\n")
            left -= len(chunk)
    return line
