"""Makes files that no office should be able to hurt us with, and measures what reading each costs.

``python -m tests.hostile_files`` takes paths on standard input, one a line, their bytes in hexadecimal. It
reads each file in a process of its own and prints a line of JSON: name, outcome, CPU seconds, peak MiB.
"""

from __future__ import annotations

import io
import json
import os
import random
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

import pyarrow as pa
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from pyarrow import parquet

from jiedui.errors import InputError
from jiedui.registers.files import read_sheets

HEADINGS = ("户编号", "姓名", "人口数", "收入")
ROWS = [(f"H{number:03}", f"甲{number}", number % 6 + 1, 1000.5 * number) for number in range(1, 21)]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BRANCHES = 2
"""Processes that measure at the same time."""
Parts = dict[str, bytes]


def xlsx() -> bytes:
    """Give a good workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("农户")
        for number, row in enumerate((HEADINGS, *ROWS)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def xls() -> bytes:
    """Give a good workbook of the old format."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("农户")
    for number, row in enumerate((HEADINGS, *ROWS)):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods() -> bytes:
    """Give a good OpenDocument workbook."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="农户")
    for row in (HEADINGS, *ROWS):
        line = TableRow()
        for cell in row:
            if isinstance(cell, str):
                one = TableCell(valuetype="string")
                one.addElement(P(text=cell))
            else:
                one = TableCell(valuetype="float", value=cell)
            line.addElement(one)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def parquet_bytes(table: pa.Table | None = None) -> bytes:
    """Give a Parquet file, a good one when no table is named."""
    out = io.BytesIO()
    good = pa.table({name: [row[place] for row in ROWS] for place, name in enumerate(HEADINGS)})
    parquet.write_table(good if table is None else table, out)
    return out.getvalue()


def text() -> str:
    """Give a good table as text."""
    return "\n".join(",".join(map(str, row)) for row in (HEADINGS, *ROWS)) + "\n"


GOOD: dict[str, Callable[[], bytes]] = {
    ".xlsx": xlsx,
    ".xls": xls,
    ".ods": ods,
    ".parquet": parquet_bytes,
    ".csv": lambda: text().encode(),
}


def unpack(content: bytes) -> Parts:
    """Give the parts of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def pack(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Give a package of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def sheet_of(rows: str, *, before: str = "", after: str = "", **changed: bytes) -> bytes:
    """Give the good workbook with other rows on its sheet."""
    body = f'<?xml version="1.0"?><worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    named = {name.replace("__", "/") + ".xml": content for name, content in changed.items()}
    return pack({**unpack(xlsx()), SHEET: body.encode("utf-8", "surrogatepass"), **named})


def inline(address: str, words: str) -> str:
    """Give a cell of text."""
    return f'<c r="{address}" t="inlineStr"><is><t>{words}</t></is></c>'


HEAD = f'<row r="1">{inline("A1", "姓名")}{inline("B1", "收入")}</row>'


def damaged() -> Iterator[tuple[str, bytes]]:
    """Give good files cut short, or with bytes changed."""
    for ending, make in GOOD.items():
        good = make()
        cuts = 8 if ending in {".xlsx", ".xls", ".ods"} else 4
        for part in range(cuts):
            yield f"cut {part}{ending}", good[: len(good) * part // cuts + 1]
        for seed in range(4):
            chance, changed = random.Random(seed), bytearray(good)  # noqa: S311 - no secret
            for _ in range(1 + 4 * seed):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            yield f"flipped {seed}{ending}", bytes(changed)


def packages() -> Iterator[tuple[str, bytes]]:
    """Give packages that are wrong as packages."""
    good = unpack(xlsx())
    for number, name in enumerate(good):
        yield f"without part {number}.xlsx", pack({key: part for key, part in good.items() if key != name})
    declared = b'<?xml version="1.0"?><!DOCTYPE x [%s]><worksheet/>'
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
    )
    for name, entity in {
        "xxe": b'<!ENTITY x SYSTEM "file:///etc/passwd">',
        "xxe by http": b'<!ENTITY x SYSTEM "http://127.0.0.1:9/">',
        "xxe by parameter": b'<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;',
        "billion laughs": laughs,
        "quadratic blowup": b'<!ENTITY x "%s">' % (b"x" * 100_000),
    }.items():
        yield f"{name}.xlsx", pack({**good, SHEET: declared % entity})
    yield "xxe in shared strings.xlsx", pack({**good, "xl/sharedStrings.xml": declared % b""})
    yield "xxe in content.ods", pack({**unpack(ods()), "content.xml": declared % b""})
    hidden = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><worksheet/>'.encode("utf-16")
    yield "doctype in utf-16.xlsx", pack({**good, SHEET: hidden})
    yield "bomb.xlsx", pack({**good, SHEET: bytes(60_000_000)})
    yield "bomb beside.xlsx", pack({**good, "xl/media/image1.bin": bytes(60_000_000)})
    yield "bomb.ods", pack({**unpack(ods()), "content.xml": b" " * 60_000_000})
    yield "nested bomb.xlsx", pack({**good, "inner.zip": pack({"a": pack({"b": bytes(10_000_000)})})})
    yield "20,000 parts.xlsx", pack({**good, **{f"p{n}": b"" for n in range(20_000)}})
    yield "lying size.xlsx", _lying(pack({**good, SHEET: b"<worksheet>" + b" " * 60_000_000}))
    yield "empty.xlsx", pack({})
    yield "only a part.xlsx", pack({"a.txt": b"x"})
    yield "only a table.xlsx", pack({"table.csv": b"a,b\n1,2\n"})
    yield "a document.xlsx", pack({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    yield "a binary workbook.xlsx", pack({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"})
    yield "bzip2.xlsx", pack(good, zipfile.ZIP_BZIP2)
    yield "lzma.xlsx", pack(good, zipfile.ZIP_LZMA)
    yield "stored.xlsx", pack(good, zipfile.ZIP_STORED)
    yield "path upwards.xlsx", pack({**good, "../../evil.xml": b"<x/>", "/etc/evil.xml": b"<x/>"})
    yield "twice.xlsx", pack(good).replace(b"docProps/core.xml", b"docProps/CORE.xml") + b""
    double = {**good, "xl/worksheets/SHEET1.xml": b"<worksheet/>"}
    yield "two parts of one name.xlsx", pack(double)
    yield "encrypted flag.xlsx", _flagged(xlsx())
    yield "with rubbish before.xlsx", b"rubbish" * 100 + xlsx()
    yield "with rubbish behind.xlsx", xlsx() + b"rubbish" * 100
    yield "backslashes.xlsx", pack({name.replace("/", "\\"): part for name, part in good.items()})


def _lying(content: bytes) -> bytes:
    """Say in the list of parts that the largest is small."""
    changed, at = bytearray(content), 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        if struct.unpack_from("<I", content, at + 24)[0] > 10_000_000:
            struct.pack_into("<I", changed, at + 24, 100)
        at += 4
    return bytes(changed)


def _flagged(content: bytes) -> bytes:
    """Say of every part that it is encrypted."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = 0
        while (at := content.find(mark, at)) >= 0:
            changed[at + offset] |= 1
            at += 4
    return bytes(changed)


def cells() -> Iterator[tuple[str, bytes]]:
    """Give workbooks with cells that are wrong."""
    cell = '<row r="2"><c r="A2" t="s"><v>{}</v></c></row>'
    for name, index in {"negative": -1, "far": 10**9, "huge": 10**30, "in words": "x", "none": ""}.items():
        yield f"shared string {name}.xlsx", sheet_of(HEAD + cell.format(index))
    for number, address in enumerate(
        ("XFE2", "ZZZZZZZ2", "A0", "2", "A", "A99999999999", "A-1", "", "甲2", "$A$2")
    ):
        yield f"address {number}.xlsx", sheet_of(f'{HEAD}<row r="2"><c r="{address}"><v>1</v></c></row>')
    for number, address in enumerate(("XFD1048576", "XFD2", "A1048576", "ZZ90000")):
        yield f"stray cell {number}.xlsx", sheet_of(f'{HEAD}<row><c r="{address}"><v>1</v></c></row>')
    for number, value in enumerate(
        ("nan", "inf", "-inf", "1e999", "1e-999", "--1", "0x10", "１", "1,5", "9" * 400)
    ):
        yield f"value {number}.xlsx", sheet_of(f'{HEAD}<row r="2"><c r="A2"><v>{value}</v></c></row>')
    for number, kind in enumerate(("b", "e", "d", "n", "str", "z", "inlineStr")):
        yield f"kind {number}.xlsx", sheet_of(f'{HEAD}<row r="2"><c r="A2" t="{kind}"><v>7x</v></c></row>')
    dates = unpack(xlsx())["xl/styles.xml"].replace(b'numFmtId="0"', b'numFmtId="14"')
    for number, day in enumerate((-1, 0, 60, 2_958_466, 10**9, 10**300, 0.999999999)):
        row = f'<row r="2"><c r="A2" s="0"><v>{day}</v></c></row>'
        yield f"wrong date {number}.xlsx", sheet_of(HEAD + row, xl__styles=dates)


def worksheets() -> Iterator[tuple[str, bytes]]:
    """Give workbooks whose sheet is wrong."""
    cell = '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    merges = ("A1:XFD1048576", "B2:A1", "A0:A1", "A1", "", "ZZZZZ1:A9", "A1:A99999999999", "A-1:B2")
    for number, reference in enumerate(merges):
        merge = f'<mergeCells count="1"><mergeCell ref="{reference}"/></mergeCells>'
        yield f"merge {number}.xlsx", sheet_of(HEAD + cell, after=merge)
    many = "".join(f'<mergeCell ref="A{row}:A{row + 9}"/>' for row in range(1, 20_000))
    yield "20,000 merges.xlsx", sheet_of(HEAD + cell, after=f"<mergeCells>{many}</mergeCells>")
    for number, area in enumerate(("A1:XFD1048576", "A1:A1", "", "X", "B2:A1")):
        yield f"dimension {number}.xlsx", sheet_of(HEAD, before=f'<dimension ref="{area}"/>')
    yield "1e6 columns.xlsx", sheet_of(HEAD + f'<row r="2">{"<c><v>1</v></c>" * 1_000_000}</row>')
    yield "16,385 columns.xlsx", sheet_of(HEAD + f'<row r="2">{"<c><v>1</v></c>" * 16_385}</row>')
    yield "giant cell.xlsx", sheet_of(HEAD + f'<row r="2">{inline("A2", "字" * 3_000_000)}</row>')
    yield "deep nesting.xlsx", sheet_of(HEAD + "<a>" * 200_000 + "</a>" * 200_000)
    yield "not closed.xlsx", sheet_of(HEAD + "<row><c><v>1")
    yield "control signs.xlsx", sheet_of(HEAD + f'<row r="2">{inline("A2", "a&#1;&#0;&#xFFFF;b")}</row>')
    yield "surrogates by number.xlsx", sheet_of(HEAD + f'<row r="2">{inline("A2", "&#xD800;")}</row>')
    yield "lone surrogate.xlsx", sheet_of(HEAD + f'<row r="2">{inline("A2", chr(0xD800))}</row>')
    yield "right to left.xlsx", sheet_of(HEAD + f'<row r="2">{inline("A2", chr(0x202E) + "abc")}</row>')
    yield "unknown entity.xlsx", sheet_of(HEAD + f'<row r="2">{inline("A2", "&x;")}</row>')
    formula = '<row r="2"><c r="A2"><f>{}</f>{}</c><c r="B2"><v>1</v></c></row>'
    yield "formula not computed.xlsx", sheet_of(HEAD + formula.format("A1+1", ""))
    yield "formula that calls.xlsx", sheet_of(HEAD + formula.format("cmd|' /C calc'!A0", "<v>1</v>"))
    yield "formula of itself.xlsx", sheet_of(HEAD + formula.format("A2", "<v></v>"))
    yield "giant formula.xlsx", sheet_of(HEAD + formula.format("A1+" * 500_000, "<v>1</v>"))
    yield "style far.xlsx", sheet_of(HEAD + '<row r="2"><c r="A2" s="4294967295"><v>1</v></c></row>')
    yield (
        "million empty rows.xlsx",
        sheet_of(HEAD + cell + "".join(f'<row r="{row}" s="1" ht="15"/>' for row in range(3, 1_000_001))),
    )


def workbooks() -> Iterator[tuple[str, bytes]]:
    """Give workbooks that are wrong as a whole."""
    good = unpack(xlsx())
    book, rels = good["xl/workbook.xml"], good["xl/_rels/workbook.xml.rels"]
    for number, target in enumerate(
        (
            b"",
            b"../../etc/passwd",
            b"http://127.0.0.1:9/x",
            b"worksheets/none.xml",
            b"workbook.xml",
            b"\xff",
            b"/",
        )
    ):
        changed = rels.replace(b"worksheets/sheet1.xml", target)
        yield f"target {number}.xlsx", pack({**good, "xl/_rels/workbook.xml.rels": changed})
    for number, name in enumerate(("", "a&#0;", "x" * 10_000, chr(0x202E) + "x", "a/b:c", "&lt;script&gt;")):
        yield (
            f"sheet name {number}.xlsx",
            pack({**good, "xl/workbook.xml": book.replace("农户".encode(), name.encode())}),
        )
    start, end = book.index(b"<sheets>") + 8, book.index(b"</sheets>")
    one = book[start:end]
    yield "no sheets.xlsx", pack({**good, "xl/workbook.xml": book[:start] + book[end:]})
    many = {**good, "xl/workbook.xml": book[:start] + one * 300 + book[end:]}
    yield "300 sheets of one.xlsx", pack(many)
    hidden = one.replace(b"<sheet ", b'<sheet state="veryHidden" ')
    yield "only a hidden sheet.xlsx", pack({**good, "xl/workbook.xml": book[:start] + hidden + book[end:]})
    yield "wrong root.xlsx", pack({**good, "xl/workbook.xml": b"<html/>"})
    yield "broken bytes.xlsx", pack({**good, "xl/sharedStrings.xml": b'<?xml version="1.0"?>\xff\xfe\xfd'})
    looped = f'<sst {MAIN} count="1" uniqueCount="4294967295"><si><t>a</t></si></sst>'
    yield "count of strings.xlsx", pack({**good, "xl/sharedStrings.xml": looped.encode()})
    outside = b'<externalLink><externalBook r:id="rId1"/></externalLink>'
    yield "link outside.xlsx", pack({**good, "xl/externalLinks/externalLink1.xml": outside})
    yield "with macros.xlsm", pack({**good, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 50})
    repeats = 'table:number-{}-repeated="{}"'
    spread = unpack(ods())
    for number, (what, times) in enumerate(
        (("columns", 10**9), ("rows", 10**9), ("columns", -1), ("rows", "x"), ("columns", 10**30))
    ):
        element = "table-cell" if what == "columns" else "table-row"
        mark = f"<table:{element}".encode()
        changed = spread["content.xml"].replace(mark, mark + b" " + repeats.format(what, times).encode(), 1)
        yield f"repeated {number}.ods", pack({**spread, "content.xml": changed})
    wide = spread["content.xml"].replace(
        b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="1200"'
    )
    yield "all repeated.ods", pack({**spread, "content.xml": wide})
    yield "no content.ods", pack({"mimetype": spread["mimetype"]})
    locked = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    yield "password.ods", pack({**spread, "META-INF/manifest.xml": locked})
    yield from _old_books()


def _old_books() -> Iterator[tuple[str, bytes]]:
    """Give wrong workbooks of the old format, and protected ones."""
    good = xls()
    for number, (offset, size) in enumerate(
        ((44, 4), (48, 4), (60, 4), (68, 4), (76, 4), (30, 2), (32, 2), (512, 8))
    ):
        for fill in (0, 255):
            yield (
                f"container {number} {fill}.xls",
                good[:offset] + bytes([fill]) * size + good[offset + size :],
            )
    at = good.find(b"\x09\x08\x10\x00")
    yield "record of password.xls", good[: at + 20] + b"\x2f\x00\x36\x00" + good[at + 24 :]
    yield "ole and nothing.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)
    yield "ole and noise.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(1).randbytes(50_000)  # noqa: S311
    yield "a word document.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 99
    yield "old record.xls", b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(100)
    out = io.BytesIO()
    from msoffcrypto.format.ooxml import OOXMLFile

    OOXMLFile(io.BytesIO(xlsx())).encrypt("secret", out)
    yield "password.xlsx", out.getvalue()
    yield "password of xlsx.xls", out.getvalue()


def texts() -> Iterator[tuple[str, bytes]]:
    """Give text files that are wrong, or seem so."""
    good = text()
    for name, encoding in {
        "utf-8": "utf-8", "mark": "utf-8-sig", "gb18030": "gb18030", "utf-16": "utf-16",
    }.items():  # fmt: skip
        yield f"good in {name}.csv", good.encode(encoding)
    yield "utf-16 be.csv", b"\xfe\xff" + good.encode("utf-16-be")
    yield "utf-16 without mark.csv", good.encode("utf-16-le")
    yield "utf-16 odd.csv", good.encode("utf-16") + b"x"
    yield "utf-16 lone surrogate.csv", "甲,乙\n".encode("utf-16") + b"\x00\xd8\x0a\x00"
    yield "utf-8 lone surrogate.csv", b"a,b\n\xed\xa0\x80,1\n"
    yield "utf-32.csv", good.encode("utf-32")
    yield "big5.csv", "國語,測試\n戶號,說明\n".encode("big5") + b"\xff"
    yield "latin-1.csv", "prénom,âge\nélodie,3\n".encode("latin-1")
    yield "mixed.csv", good.encode("gb18030") + "姓名,某某镇某某村组户,1,2\n".encode()
    yield "mixed other way.csv", good.encode() + good.encode("gb18030")
    yield "nul.csv", good.encode().replace(b"H007", b"H\x0007")
    yield "only nul.csv", bytes(100_000)
    yield "only mark.csv", b"\xef\xbb\xbf"
    yield "only utf-16 mark.csv", b"\xff\xfe"
    yield "only lines.csv", b"\n" * 100_000
    yield "only spaces.csv", " \t　\n".encode() * 1000
    yield "only delimiters.csv", b",,,,\n" * 1000
    yield "10 MB line.csv", b"x" * 10_000_000
    yield "10 MB line of cells.csv", b"1," * 5_000_000
    yield "1e6 columns.csv", b",".join([b"a"] * 1_000_000) + b"\n"
    yield "16,385 columns.csv", b",".join([b"a"] * 16_385) + b"\n"
    yield "one long record.csv", b"a,b\n" * 200_000 + b"1," * 16_000 + b"\n"
    yield "long record first.csv", b"a," * 16_000 + b"\n" + b"1\n" * 200_000
    yield "quote not closed.csv", good.encode() + b'"H,1,2,3\n' + good.encode() * 2000
    yield "quote in cell.csv", b'a,b\nx"y",2\n"x"y,2\n'
    yield "only quotes.csv", b'"' * 100_001
    yield "giant cell.csv", b'a,b\n"' + b"x" * 5_000_000 + b'",1\n'
    yield "line breaks in cells.csv", b'a,b\n"x\r\ny",1\r\n"p\n\n\nq",2\r'
    yield "carriage returns.csv", good.replace("\n", "\r").encode()
    yield "noise.csv", random.Random(2).randbytes(100_000)  # noqa: S311
    yield "noise.xlsx", random.Random(3).randbytes(100_000)  # noqa: S311
    yield "formulas.csv", "名称,说明\n=cmd|' /C calc'!A0,+1\n@SUM(A1),-1\n".encode()
    yield "right to left.csv", f"姓名,说明\n{chr(0x202E)}abc,x\n".encode()
    yield "escapes.csv", "姓名,说明\n\x1b[31m红\x1b[0m,\x07\n".encode()
    yield "other order.csv", "收入,姓名,户编号\n5,甲,H1\n".encode()
    yield "wrong dates.csv", "姓名,出生日期\n甲,2024-02-30\n乙,45000\n".encode()
    yield "only numbers.csv", b"1,2,3\n4,5,6\n"
    yield "only headings.csv", "户编号,姓名\n".encode()
    yield "one column.csv", "姓名\n甲\n乙\n".encode()
    yield "tabs.tsv", good.replace(",", "\t").encode()
    yield "tabs in.csv", good.replace(",", "\t").encode("gb18030")
    page = "<html><table><tr><td>姓名</td></tr></table></html>".encode()
    for name, content in {
        "a page.xls": page, "a page with mark.xls": b"\xef\xbb\xbf\r\n" + page, "a page.csv": page,
        "xml of 2003.xls": b'<?xml version="1.0"?><Workbook/>', "text.xlsx": good.encode(),
        "text.parquet": good.encode(), "tabs.xls": good.replace(",", "\t").encode("gb18030"),
        "xlsx.csv": xlsx(), "xls.xlsx": xls(), "ods.xls": ods(), "xlsx.ods": xlsx(), "xlsx.xls": xlsx(),
        "wps.et": xls(), "parquet.csv": parquet_bytes(), "pdf.xlsx": b"%PDF-1.7\n",
        "picture.xlsx": b"\x89PNG\r\n",
        "archive.csv": b"\x1f\x8b\x08" + bytes(99), "archive.xlsx": b"Rar!\x1a\x07\x01\x00",
        "rtf.xls": b"{\\rtf1 x}",
    }.items():  # fmt: skip
        yield name, content


def columnar() -> Iterator[tuple[str, bytes]]:
    """Give Parquet files that are no tables of cells, or ask for much."""
    yield "no columns.parquet", parquet_bytes(pa.table({}))
    yield "no rows.parquet", parquet_bytes(pa.table({"a": pa.array([], pa.string())}))
    yield "lists.parquet", parquet_bytes(pa.table({"a": [[1, 2], []]}))
    yield "records.parquet", parquet_bytes(pa.table({"a": [{"x": 1}]}))
    yield "bytes.parquet", parquet_bytes(pa.table({"a": [b"\xff\xfe"]}))
    wrong = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(struct.pack("<ii", 0, 2)), pa.py_buffer(b"\xff\xfe")]
    )
    yield "wrong utf-8.parquet", parquet_bytes(pa.table({"a": wrong}))
    yield "far dates.parquet", parquet_bytes(pa.table({"a": pa.array([2**62], pa.timestamp("ms"))}))
    yield "same name twice.parquet", parquet_bytes(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]))
    yield (
        "20,000 columns.parquet",
        parquet_bytes(pa.table({f"c{n}": pa.nulls(1, pa.int8()) for n in range(20_000)})),
    )
    yield "many repeats.parquet", parquet_bytes(pa.table({"a": pa.repeat(pa.scalar("x"), 30_000_000)}))
    yield "magic and nothing.parquet", b"PAR1" + bytes(100) + b"PAR1"
    yield "length of footer.parquet", parquet_bytes()[:-8] + b"\xff\xff\xff\x7fPAR1"


def names(folder: Path) -> Iterator[Path]:
    """Make what is wrong already as a path."""
    (folder / "a folder.xlsx").mkdir()
    (folder / "loop.xlsx").symlink_to(folder / "loop.xlsx")
    (folder / "broken link.csv").symlink_to(folder / "nowhere.csv")
    os.mkfifo(folder / "pipe.csv")
    yield from (
        folder / name
        for name in ("a folder.xlsx", "loop.xlsx", "broken link.csv", "pipe.csv", "missing.xlsx")
    )
    yield from (folder / "nul\0.csv", folder / ("x" * 5000 + ".csv"), folder)
    for name in ("CON.csv", "NUL.csv", "no ending", ".csv", "a.exe", "UPPER.CSV", "a.csv.", " .csv",
                 f"{chr(0x202E)}vsc.csv", "line\nbreak.csv", "a;b&c|d$(e).csv", "农户’“”.csv",
                 "-rf.csv"):  # fmt: skip
        yield _write(folder / name, text().encode())
    yield _write(Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.csv")), text().encode())
    for ending in (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".parquet"):
        yield _write(folder / f"zero{ending}", b"")


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def make_hostile(folder: Path) -> list[Path]:
    """Write every file into a folder."""
    made = [*damaged(), *packages(), *cells(), *worksheets(), *workbooks(), *texts(), *columnar()]
    paths = [_write(folder / name, content) for name, content in made]
    assert len({path.name for path in paths}) == len(paths)
    return [*paths, *names(folder)]


def outcome(path: Path) -> dict[str, object]:
    """Read a file; give its findings, or the shape of what was read."""
    try:
        sheets = read_sheets(path)
    except InputError as error:
        return {"findings": [[found.rule, found.zh, found.en] for found in error.findings]}
    for sheet in sheets:
        sheet.cells.validate(full=True)
        assert len(sheet.headings) == len(sheet.positions) == sheet.cells.num_columns
        assert len(sheet.rows) == sheet.cells.num_rows or not sheet.headings
        assert sheet.kinds is None or sheet.kinds.shape == sheet.cells.shape
        for note in sheet.notes:
            assert note.zh
            assert note.en
    return {
        "shapes": [list(sheet.cells.shape) for sheet in sheets],
        "headings": list(sheets[0].headings[:4]),
        "notes": [note.rule for note in sheets[0].notes],
    }


def measure(paths: list[Path], out: TextIO) -> None:
    """Read each file in a process of its own; print what came of it and what it cost."""
    running: dict[int, tuple[Path, int]] = {}
    waiting = list(reversed(paths))
    while waiting or running:
        while waiting and len(running) < BRANCHES:
            path = waiting.pop()
            reader, writer = os.pipe()
            if (child := os.fork()) == 0:
                _tell(path, writer)
            os.close(writer)
            running[child] = path, reader
        child, status, used = os.wait4(-1, 0)
        path, reader = running.pop(child)
        with open(reader, "rb") as said:  # noqa: PTH123 - a pipe
            told = json.loads(said.read() or b"{}")
        told |= {"name": path.name, "status": status, "cpu_s": used.ru_utime + used.ru_stime}
        print(json.dumps({**told, "peak_mib": used.ru_maxrss / 1024}), file=out, flush=True)


def _tell(path: Path, writer: int) -> None:
    """Read in a branch of this process, and end it."""
    status = 1
    try:
        told = json.dumps(outcome(path)).encode()
        status = 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        told = json.dumps({"error": repr(error)}).encode()
    os.write(writer, told[:60_000])
    os._exit(status)


if __name__ == "__main__":
    chosen = [Path(os.fsdecode(bytes.fromhex(line.strip()))) for line in sys.stdin]
    # Loads what is loaded on first use, texts and libraries, so that each branch is measured alone.
    pa.array([""])
    with TemporaryDirectory() as warm:
        for ending, make in GOOD.items():
            outcome(_write(Path(warm) / f"good{ending}", make()))
        outcome(Path(warm) / "missing.csv")
    measure(chosen, sys.stdout)
