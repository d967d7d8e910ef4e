"""Reading one file of an office, whatever its format."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.files.books import read_book
from jiedui.registers.files.columnar import read_columnar
from jiedui.registers.files.contents import ENDINGS, contents, has_controls
from jiedui.registers.files.delimited import read_delimited
from jiedui.registers.files.heading import Head
from jiedui.registers.files.layout import arrange, understand
from jiedui.registers.files.limits import DEFAULT, Limits
from jiedui.tables.grid import Place

if TYPE_CHECKING:
    from pathlib import Path

    from jiedui.errors import Finding
    from jiedui.registers.files.raw import Raw
    from jiedui.registers.files.sheet import Sheet


KINDS = {"xlsx": "Excel (.xlsx)", "xls": "Excel 97-2003 (.xls)", "ods": "OpenDocument (.ods)"}
NONE: tuple[Finding, ...] = ()


def read_sheets(path: Path, *, limits: Limits = DEFAULT) -> tuple[Sheet, ...]:
    r"""Give the sheets of a file as its office made it, the layout of each understood.

    The content decides how a file is read, not its ending. Titles, lines of units, headings on several
    rows, totals and signatures are found and kept apart from the data; notes tell of each. Hidden rows
    and columns are read and told; hidden sheets, empty sheets and those without headings are left out.

    Parameters
    ----------
    path : Path
        A .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .et, .ods or .parquet file. Text may be UTF-8, UTF-16 with its
        mark, or GB18030. Workbooks are parsed in a process of their own that is bound in memory and time
        (on Windows in time only); macros, links to other files and embedded files are never opened.

    Raises
    ------
    InputError
        If the file is damaged, hostile, protected or no table.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "a.csv"
    >>> _ = path.write_text("某镇农户表,,\n序号,姓名,人口\n1,甲,3\n合计,,3\n", encoding="gb18030")
    >>> (sheet,) = read_sheets(path)
    >>> sheet.title, sheet.headings, sheet.cells.to_pylist(), sheet.cell(0, 2)
    ('某镇农户表', ('序号', '姓名', '人口'), [{'c0': '1', 'c1': '甲', 'c2': '3'}], 'C3')
    """
    name = _shown(path.name)
    try:
        if rule := _unusable(path, limits):
            raise _refusal(rule, name, path)
        what, notes = contents(path), NONE
        sha256 = _sha256(path)
        if what == "parquet":
            return (_columnar(path, name, limits, sha256),)
        if what == "text":
            raws = _text(path, name, limits)
        elif what == "workbook":
            book = read_book(path, name, limits)
            raws, notes = book.sheets, book.notes + _other_kind(path, name, book.kind)
        else:
            raise _refusal(what, name, path)
    except OSError:
        raise _refusal("table.file_unreadable", name, path) from None
    return _understood(raws, notes, name, sha256)


def _understood(
    raws: tuple[Raw, ...], notes: tuple[Finding, ...], name: str, sha256: str
) -> tuple[Sheet, ...]:
    """Understand the sheets; what concerns the whole file is told with the first."""
    sheets = []
    for raw in raws:
        sheet = understand(raw, sha256)
        if sheet is None:
            rule = "reading.no_headings" if raw.place.sheet else "reading.no_headings_at_all"
            notes += (raw.place.finding(rule),)
        else:
            sheets.append(sheet)
    if not sheets:
        raise InputError(notes or [finding("reading.empty", file=name)])
    return (replace(sheets[0], notes=notes + sheets[0].notes), *sheets[1:])


def _text(path: Path, name: str, limits: Limits) -> tuple[Raw, ...]:
    """Read a text file, if that is what it should be."""
    expected = ENDINGS[path.suffix.lower()]
    if expected != "text":
        raise _refusal("reading.broken" if has_controls(path) else "reading.is_text", name, path)
    raw = read_delimited(path, Place(name), limits)
    return (raw,) if any(len(column) > column.null_count for column in raw.columns) else ()


def _columnar(path: Path, name: str, limits: Limits, sha256: str) -> Sheet:
    """Read a Parquet file: its columns have names, its rows are counted from 1."""
    headings, raw = read_columnar(path, Place(name, lettered=False), limits)
    return arrange(raw, Head("", headings, -1, ()), sha256)


def _other_kind(path: Path, name: str, kind: str) -> tuple[Finding, ...]:
    """Tell when a workbook is not what its ending says."""
    if ENDINGS[path.suffix.lower()] == kind:
        return ()
    return (finding("reading.other_kind", file=name, ending=path.suffix, found=KINDS[kind]),)


def _unusable(path: Path, limits: Limits) -> str:
    """Give the rule that a path breaks before it is opened."""
    if path.is_dir():
        return "table.file_is_folder"
    if path.suffix.lower() not in ENDINGS:
        return "reading.ending"
    if not path.is_file():
        return "table.not_a_file" if path.exists() else "table.file_missing"
    size = path.stat().st_size
    if not size:
        return "table.file_empty"
    return "reading.large" if size > limits.size else ""


def _refusal(rule: str, name: str, path: Path) -> InputError:
    return InputError([finding(rule, file=name, ending=_shown(path.suffix))])


def _shown(name: str) -> str:
    """Give a name with nothing in it that is invisible or turns the line around."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
