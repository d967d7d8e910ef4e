"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".et": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
}
"""What a file is by its ending; .et is what WPS calls its own .xls."""
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = {
    b"%PDF": "reading.is_pdf",
    b"Rar!": "reading.is_archive",
    b"7z\xbc\xaf": "reading.is_archive",
    b"\x1f\x8b": "reading.is_archive",
    b"\x89PNG": "reading.is_picture",
    b"\xff\xd8\xff": "reading.is_picture",
    b"GIF8": "reading.is_picture",
    b"{\\rtf": "reading.is_document",
}
PAGES = (b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<style", b"<div", b"<?xml", b"<workbook")
LOOKED_AT = 1024
CONTROLS = bytes((*range(9), *range(14, 32)))


def contents(path: Path) -> str:
    """Give ``workbook``, ``parquet`` or ``text``, or the rule by which a file is refused."""
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    if start.startswith(ZIP) or start.startswith(OLE):
        return "workbook"
    if start.startswith(b"PAR1"):
        return "parquet"
    for mark, rule in OTHERS.items():
        if start.startswith(mark):
            return rule
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if bare.startswith(PAGES):
        return "reading.is_page"
    return "text" if start else "reading.empty"


def has_controls(path: Path) -> bool:
    """Tell whether a file begins with bytes that no text has."""
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    return len(start.translate(None, CONTROLS)) < len(start)
