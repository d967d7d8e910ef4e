"""What stands in the XML of a worksheet and the reader of workbooks does not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

SHEET_IDS = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*?:id=[\"']([^\"'<>]+)")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
ATTRIBUTE = re.compile(rb"\s(Id|Target)=[\"']([^\"']*)")
REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,7})[A-Za-z]*(\d+)")
ROW = re.compile(rb"<(?:\w+:)?row\b")
LOOSE_CELL = re.compile(rb"<(?:\w+:)?c\b(?![^<>]*\br\s*=)")
"""A cell without an address stands after the one before it."""
FAILED = re.compile(rb"<(?:\w+:)?c(?=\s[^<>]*\bt=[\"']e[\"'])([^<>]*)>")
UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c(?![^<>]*\bt=[\"']str[\"'])(\s[^<>]*)>\s?<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<>]*</(?:\w+:)?f>)"
    rb"\s?(?:<(?:\w+:)?v\s?/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s?</(?:\w+:)?c>"
)
"""A formula without a result; one whose result is the empty text says so by its type."""


def sheet_xml(parts: zipfile.ZipFile, index: int) -> bytes:
    """Give the part of a workbook that holds a sheet."""
    wanted = SHEET_IDS.findall(parts.read("xl/workbook.xml"))[index]
    for relation in RELATION.findall(parts.read("xl/_rels/workbook.xml.rels")):
        attributes = dict(ATTRIBUTE.findall(relation))
        if attributes.get(b"Id") == wanted:
            target = attributes[b"Target"].decode()
            return parts.read(target[1:] if target.startswith("/") else f"xl/{target}")
    raise KeyError(wanted)


def area(xml: bytes) -> int:
    """Give the rectangle from A1 that the reader will set aside, or a larger one."""
    height, columns = 0, set()
    for reference in REFERENCE.finditer(xml):
        height = max(height, int(reference[2]))
        columns.add(reference[1])
    rows = ROW.split(xml)
    width = max((position(name) + 1 for name in columns), default=0)
    return (max(height, len(rows)) + 1) * (width + max(len(LOOSE_CELL.findall(row)) for row in rows))


def position(name: bytes) -> int:
    """Count a column from 0 by its letters."""
    count = 0
    for letter in name.upper():
        count = count * 26 + letter - 64
    return count - 1


def failed(xml: bytes) -> Iterator[tuple[int, int]]:
    """Give row and column, from 0, of each cell whose formula failed or was never computed."""
    for pattern in (FAILED, UNCOMPUTED):
        for cell in pattern.finditer(xml):
            reference = REFERENCE.search(cell[1])
            if reference:
                yield int(reference[2]) - 1, position(reference[1])
