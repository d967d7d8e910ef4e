"""The user's own workbook, returned with what is to be looked into."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding, words
from jiedui.registers.forms.book import Written, check_target
from jiedui.registers.forms.copies import read_values, write_copy
from jiedui.registers.forms.marks import place_findings
from jiedui.registers.forms.originals import open_original, sheet_names, write_original
from jiedui.tables.allowed import listed

if TYPE_CHECKING:
    import pyarrow as pa

WITH_FORMATS = (".xlsx", ".xlsm")
ENDINGS = (*WITH_FORMATS, ".xls", ".ods", ".csv", ".tsv")
LARGEST = 2**30
"""Bytes a workbook may unpack to."""
FORMATTED = 150 * 2**20
"""Bytes that are still returned with their formats, which takes some ten times as much memory."""
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
DAMAGED = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    OSError,
    zipfile.BadZipFile,
)
"""What a reader of workbooks raises when one is not as it expects."""


def return_workbook(
    original: Path,
    findings: pa.Table,
    target: Path,
    lang: Lang,
    *,
    headings: Mapping[str, int] | None = None,
) -> Written:
    r"""Return a workbook with a column of issues, marked cells and a sheet of findings.

    An .xlsx keeps its formats where the optional part ``office`` is installed; formulas become the values
    they last gave, macros are left out. Every other file comes back as .xlsx with its values at the same
    places. The original is not touched.

    Parameters
    ----------
    original : Path
        A file that the room ``files`` has read: it guards against hostile ones.
    findings : pyarrow.Table
        As ``FINDINGS``; those of other files are left aside.
    headings : mapping of str to int, optional
        By sheet, "" for that of a text file: the last row of its headings, `Sheet.bottom`. Guessed where it
        is not given.

    Raises
    ------
    InputError
        If the original cannot be opened or is too large, or the target cannot be written.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from jiedui.registers.tables import FINDINGS
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "a.csv").write_text("户编号,人口\n1001,-3\n", encoding="utf-8")
    >>> row = {"rule": "1_01_002", "severity": "error", "register": "households", "cell": "B2",
    ...        "zh": "家庭人口数为 -3，请核实。", "en": "There are -3 members."}
    >>> findings = FINDINGS.schema().empty_table().from_pylist([row], schema=FINDINGS.schema())
    >>> return_workbook(folder / "a.csv", findings, folder / "back.xlsx", "zh").files[0].name
    'back.xlsx'
    """
    check_target(target, ".xlsx", keep=(original,))
    ending = original.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(
            [finding("forms.not_workbook", file=original.name, ending=ending, endings=listed(ENDINGS))]
        )
    if not original.is_file():
        raise InputError([finding("forms.unreadable", file=original.name)])
    reason = _no_formats(original)
    notes = None if reason else _formatted(original, findings, target, lang, headings or {})
    if notes is None:
        sheets = read_values(original)
        found = place_findings(findings, file=original.name, sheets=list(sheets), lang=lang)
        write_copy(sheets, found, target, lang, headings=headings or {})
        notes = (words("form_word.values_only", why=reason or words("form_word.why_damaged")),)
    return Written((target,), (*notes, *_left_out(original)))


def _no_formats(original: Path) -> Words | None:
    """Say why a workbook comes back without its formats; none when it can keep them."""
    zipped = original.suffix.lower() in (*WITH_FORMATS, ".ods")
    size = sum(part.file_size for part in _parts(original)) if zipped else original.stat().st_size
    if size > LARGEST:
        raise InputError([finding("forms.large", file=original.name)])
    if original.suffix.lower() not in WITH_FORMATS:
        return words("form_word.why_kind", ending=original.suffix)
    if importlib.util.find_spec("openpyxl") is None:
        return words("form_word.why_part")
    return words("form_word.why_large") if size > FORMATTED else None


def _formatted(
    original: Path, findings: pa.Table, target: Path, lang: Lang, headings: Mapping[str, int]
) -> tuple[Words, ...] | None:
    """Return a workbook with its formats; none when they cannot be understood."""
    try:
        book, lost = open_original(original.read_bytes())
        found = place_findings(findings, file=original.name, sheets=sheet_names(book), lang=lang)
        write_original(book, found, target, lang, headings=headings, keep=original)
    except DAMAGED:
        return None
    drawn = any(part.filename.startswith(("xl/charts/", "xl/media/")) for part in _parts(original))
    return (words("form_word.drawings"),) if lost or drawn else ()


def _left_out(original: Path) -> Iterator[Words]:
    """Say what of the original is not returned whichever way it is written."""
    if original.suffix.lower() not in WITH_FORMATS:
        return
    with zipfile.ZipFile(original) as parts:
        names = parts.namelist()
        if "xl/vbaProject.bin" in names:
            yield words("form_word.macros")
        sheets = [name for name in names if name.startswith("xl/worksheets/")]
        if any(FORMULA.search(parts.read(name)) for name in sheets):
            yield words("form_word.formulas")


def _parts(original: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(original) as parts:
            return parts.infolist()
    except (OSError, zipfile.BadZipFile):
        raise InputError([finding("forms.unreadable", file=original.name)]) from None
