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
STRINGS = "xl/sharedStrings.xml"
Parts = Mapping[str, bytes]


def repair_workbook(data: bytes, file: str) -> tuple[bytes, list[Placed]]:
    """Give an .xlsx file with the texts of its cells repaired, and what was found in each cell.

    Raises
    ------
    InputError
        If the file is no workbook or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if sum(part.file_size for part in book.infolist()) > LARGEST:
                raise InputError([finding("table.file_large", file=file)])
            infos = book.infolist()
            parts = {info.filename: book.read(info) for info in infos}
        sheets = _sheets(parts)
        texts = {name: parts[name].decode() for name in (STRINGS, *sheets) if name in parts}
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        ValueError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ):
        raise InputError([finding("table.not_xlsx", file=file)]) from None
    found = mend_all(dict.fromkeys(text for part in texts.values() for text in _texts(part)))
    placed = [*_placed(texts, sheets, found)]
    mended = {name: _mended(part, found) for name, part in texts.items()} if found else {}
    return _packed(infos, {**parts, **mended}), placed


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
        return text[1] + (escape(known.text) if known else text[2])

    return TEXT.sub(mend, part).encode()


def _placed(
    texts: Mapping[str, str], sheets: Mapping[str, str], found: Mapping[str, Repaired]
) -> Iterator[Placed]:
    """Give each cell with a text in which something was found."""
    items = ITEM.findall(texts.get(STRINGS, "")) if found else []
    for order, (part, name) in enumerate(sheets.items()):
        for step, cell in enumerate(CELL.finditer(texts[part]) if found else ()):
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


def _packed(infos: list[zipfile.ZipInfo], parts: Parts) -> bytes:
    """Give the parts as a workbook, in their order and with their dates."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for info in infos:
            book.writestr(info, parts[info.filename], zipfile.ZIP_DEFLATED)
    return file.getvalue()
