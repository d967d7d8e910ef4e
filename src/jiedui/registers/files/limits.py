"""How much a file may ask of the machine that reads it."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that a file is held to before and while it is read.

    Attributes
    ----------
    size : int
        Bytes of a file.
    unpacked : int
        Bytes that the parts of a workbook unpack to.
    ratio : int
        How many times larger they may unpack than they are packed, beyond 16 MiB.
    parts : int
        Parts of a workbook.
    columns : int
        Columns of a sheet: as many as Excel has.
    memory : int
        Bytes of address space of the process that parses a workbook. A small workbook gets less.
    seconds : int
        Of the processor, and of the clock, for parsing a workbook. A small workbook gets less of the first.
    """

    size: int = 1024 * MIB
    unpacked: int = 1024 * MIB
    ratio: int = 200
    parts: int = 10_000
    columns: int = 16_384
    memory: int = 3072 * MIB
    seconds: int = 120


DEFAULT = Limits()
