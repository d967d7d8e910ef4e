"""The texts of an Excel workbook, repaired inside its parts, so that all else stays as it was."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from html import unescape
from xml.sax.saxutils import escape

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.damaged.cells import Placed, mend_all
from jiedui.registers.damaged.changes import Repaired
from jiedui.registers.damaged.reading import LARGEST

TEXT = re.compile(r"(<(?:\w+:)?t(?:\s[^<>]*)?>)([^<]*)(?=</(?:\w+:)?t>)")
ITEM = re.compile(r"<(?:\w+:)?si(?:\s[^<>]*)?>.*?</(?:\w+:)?si>|<(?:\w+:)?si\s*/>", re.DOTALL)
CELL = re.compile(
    r"<(?:\w+:)?c\s([^<>]*)>\s*(?:<(?:\w+:)?v>(\d+)</|<(?:\w+:)?is>(.*?)</(?:\w+:)?is>)", re.DOTALL
)
ADDRESS = re.compile(r"\br=[\"']([A-Z]{1,3}\d+)")
SHARED = re.compile(r"\bt=[\"']s[\"']")
SHEET = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")
ATTRIBUTE = re.compile(r"[\s:](name|id|Id|Target)=[\"']([^\"']*)")
RETURN = {"\r": "&#13;"}
"""XML takes a bare one for a line break."""
STRINGS = "xl/sharedstrings.xml"
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""What a damaged, protected or foreign file makes of the attempt to open it."""
Parts = Mapping[str, bytes]


def repair_workbook(data: bytes, file: str) -> tuple[bytes, list[Placed]]:
    """Give an .xlsx file with the texts of its cells repaired, and what was found in each cell.

    Raises
    ------
    InputError
        If the file is no workbook or unpacks to too much.
    """
    try:
        parts, sheets = _opened(data, file)
        strings = next((name for name in parts if name.lower() == STRINGS), "")
        texts = {name: parts[name].decode() for name in (strings, *sheets) if name}
    except UNREADABLE:
        raise InputError([finding("table.not_xlsx", file=file)]) from None
    found = mend_all(dict.fromkeys(text for part in texts.values() for text in _texts(part)))
    placed = [*_placed(texts, sheets, ITEM.findall(texts.get(strings, "")), found)] if found else []
    mended = {name: _mended(part, found) for name, part in texts.items()} if found else {}
    return _packed({**parts, **mended}), placed


def _opened(data: bytes, file: str) -> tuple[Parts, Mapping[str, str]]:
    """Give the parts of a workbook, and the name of each sheet by its part."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = book.namelist()
        if sum(part.file_size for part in book.infolist()) > LARGEST:
            raise InputError([finding("table.file_large", file=file)])
        parts = {name: book.read(name) for name in names}
    sheets = _sheets(parts)
    if not sheets or len(parts) < len(names):
        raise zipfile.BadZipFile
    return parts, sheets


def _sheets(parts: Parts) -> Mapping[str, str]:
    """Give the name of each sheet by its part, in the order of the workbook."""
    targets = {}
    for relation in RELATION.findall(parts["xl/_rels/workbook.xml.rels"].decode()):
        of = dict(ATTRIBUTE.findall(relation))
        target = of.get("Target", "")
        targets[of.get("Id")] = target[1:] if target.startswith("/") else f"xl/{target}"
    sheets = {}
    for sheet in SHEET.findall(parts["xl/workbook.xml"].decode()):
        of = dict(ATTRIBUTE.findall(sheet))
        if (part := targets.get(of.get("id"), "")) in parts:
            sheets[part] = unescape(of.get("name", ""))
    return sheets


def _texts(part: str) -> Iterator[str]:
    return (unescape(text[2]) for text in TEXT.finditer(part))


def _mended(part: str, found: Mapping[str, Repaired]) -> bytes:
    """Give a part with its repaired texts; every other byte is the same."""

    def mend(text: re.Match[str]) -> str:
        known = found.get(unescape(text[2]))
        return text[1] + (escape(known.text, RETURN) if known else text[2])

    return TEXT.sub(mend, part).encode()


def _placed(
    texts: Mapping[str, str], sheets: Mapping[str, str], items: list[str], found: Mapping[str, Repaired]
) -> Iterator[Placed]:
    """Give each cell with a text in which something was found."""
    for order, (part, name) in enumerate(sheets.items()):
        for step, cell in enumerate(CELL.finditer(texts[part])):
            address = ADDRESS.search(cell[1])
            for text in _texts(_content(cell, items)):
                if text in found:
                    yield Placed((order, step), f"{name}!{address[1] if address else '?'}", found[text])


def _content(cell: re.Match[str], items: list[str]) -> str:
    """Give the text parts of a cell, shared or its own."""
    if cell[2] is None:
        return str(cell[3])
    at = int(cell[2])
    return items[at] if SHARED.search(cell[1]) and at < len(items) else ""


def _packed(parts: Parts) -> bytes:
    """Give the parts as a workbook, in their order; the same parts give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, part in parts.items():
            book.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return file.getvalue()
