"""The parts of a packed workbook, held to bounds before any of them is trusted."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, BinaryIO

from jiedui.registers.files.child import Refused

if TYPE_CHECKING:
    from jiedui.registers.files.limits import Limits

SMALL = 16 * 2**20
"""Below this, how well parts are packed is no matter."""
CHUNK = 2**20
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1
DECLARED = (b"<!DOCTYPE", b"<!ENTITY")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
"""How XML in another encoding than UTF-8 begins: a declaration could hide in it."""
LOCKED = b"encryption-data"


def check_package(file: BinaryIO, limits: Limits) -> tuple[str, int]:
    """Give what a package is, ``xlsx`` or ``ods``, and the bytes that it unpacks to.

    Raises
    ------
    Refused
        If it is something else, is protected or damaged, or asks for more than it may.
    """
    try:
        with zipfile.ZipFile(file) as parts:
            found = parts.infolist()
            unpacked = _check_sizes(found, limits)
            kind = _kind({part.filename.replace("\\", "/").lower() for part in found})
            for part in found:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(parts, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, UnicodeError) as error:
        raise Refused("reading.broken") from error
    return kind, unpacked


def _check_sizes(found: list[zipfile.ZipInfo], limits: Limits) -> int:
    """Hold the list of parts to its bounds; nothing is unpacked."""
    unpacked, packed = sum(part.file_size for part in found), sum(part.compress_size for part in found)
    if len(found) > limits.parts:
        raise Refused("reading.parts", found=len(found), most=limits.parts)
    if unpacked > limits.unpacked or (unpacked > SMALL and unpacked > limits.ratio * packed):
        raise Refused("reading.bomb", found=unpacked // 2**20)
    if any(part.flag_bits & ENCRYPTED for part in found):
        raise Refused("reading.protected")
    names = [part.filename.lower() for part in found]
    if len(set(names)) < len(names) or any(part.compress_type not in METHODS for part in found):
        raise Refused("reading.broken")
    return unpacked


def _kind(names: set[str]) -> str:
    """Tell a workbook from other things that are packed alike."""
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if any(name.startswith(("word/", "ppt/", "visio/")) for name in names):
        raise Refused("reading.is_document")
    if "xl/workbook.bin" in names:
        raise Refused("reading.is_binary")
    if "[content_types].xml" in names or any(name.startswith("xl/") for name in names):
        raise Refused("reading.broken")
    raise Refused("reading.is_archive")


def _check_xml(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part that declares entities, or says that the others are encrypted."""
    before = b""
    with parts.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if not before and chunk.startswith(WIDE):
                raise Refused("reading.broken")
            seen = before + chunk
            if any(mark in seen for mark in DECLARED):
                raise Refused("reading.declared", part=part.filename)
            if part.filename == "META-INF/manifest.xml" and LOCKED in seen:
                raise Refused("reading.protected")
            before = chunk[-16:]
