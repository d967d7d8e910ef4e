"""Delimited text: its encoding, its delimiter, its cells."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, TextIO

from jiedui.errors import InputError
from jiedui.registers.files.encoding import encoding_of
from jiedui.registers.files.raw import Raw, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.files.limits import Limits
    from jiedui.tables.grid import Place

DELIMITERS = (",", "\t", ";", "|")
USUAL = {".csv": ",", ".tsv": "\t"}
SAMPLE = 2**16
"""Signs in which the delimiter is looked for."""
BATCH = 2**15
LOOSE = 8
SPARE = 4_000_000
"""Rows times columns may be so many times the cells that are there, and so many more."""


def read_delimited(path: Path, place: Place, limits: Limits) -> Raw:
    """Give the cells of a .csv or .tsv file; each record is a row, blank lines count too.

    Raises
    ------
    InputError
        If its encoding, its quotation marks or its shape cannot be read.
    """
    encoding = encoding_of(path, place)
    with path.open(encoding=encoding.name, newline="") as file:
        sample = file.read(SAMPLE)
        delimiter = _delimiter(sample, path.suffix.lower())
        width = len(next(_sampled(sample.splitlines(), delimiter), []))
        columns = None
        if encoding.is_plain and 0 < width <= limits.columns:
            columns = _regular(path, encoding.name, delimiter, width)
        if columns is None:
            file.seek(0)
            columns = _columns(_records(file, delimiter, place), place, limits)
    notes: tuple[Finding, ...] = ()
    if delimiter != USUAL.get(path.suffix.lower(), ","):
        notes = (place.finding("reading.delimiter", found=NAMES[delimiter]),)
    return Raw(place, columns, None, notes=notes)


NAMES = {",": ",", "\t": "Tab", ";": ";", "|": "|"}


def _delimiter(sample: str, ending: str) -> str:
    """Give the delimiter by which most records have the same count of cells, more than one."""
    usual = USUAL.get(ending, ",")
    lines = sample.splitlines(keepends=True)
    whole = lines[:-1] if len(sample) == SAMPLE and len(lines) > 1 else lines

    def regular(delimiter: str) -> tuple[int, int, bool]:
        counts = Counter(map(len, _sampled(whole, delimiter)))
        (cells, records), *_ = counts.most_common(1) or [(0, 0)]
        return (records if cells > 1 else 0), cells, delimiter == usual

    best = max(DELIMITERS, key=regular)
    return best if regular(best)[0] else usual


def _sampled(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Give the records of a sample that are not blank, up to where it cannot be read."""
    try:
        yield from (cells for cells in csv.reader(lines, delimiter=delimiter) if cells)
    except csv.Error:
        return


def _regular(path: Path, encoding: str, delimiter: str, width: int) -> list[pa.ChunkedArray] | None:
    """Give the columns of a file without quotation marks, None where some line has another count of cells."""
    import pyarrow as pa
    from pyarrow import csv as lines

    names = [f"c{at}" for at in range(width)]
    kept = {"column_types": dict.fromkeys(names, pa.string()), "strings_can_be_null": False}
    named = "utf8" if encoding.startswith("utf-8") else encoding
    try:
        # Arrow cannot open a name that is no UTF-8.
        with path.open("rb") as file:
            table = lines.read_csv(
                file,
                lines.ReadOptions(column_names=names, encoding=named),
                lines.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
                lines.ConvertOptions(**kept),
            )
    except pa.ArrowInvalid:
        return None
    return [pa.chunked_array(map(trimmed, column.chunks), pa.string()) for column in table.columns]


def _records(file: TextIO, delimiter: str, place: Place) -> Iterator[list[str]]:
    """Give the records of a file."""
    records = csv.reader(file, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(records, start=1):  # noqa: B007 - told when reading fails
            yield cells
    except csv.Error:
        cell = place.cell(number + 1, 0)
        raise InputError([place.finding("reading.quotes", cell=cell, line=records.line_num)]) from None


def _columns(records: Iterator[list[str]], place: Place, limits: Limits) -> list[pa.ChunkedArray]:
    """Give the columns of some records; what a shorter record lacks is blank."""
    import pyarrow as pa

    columns: list[list[pa.Array]] = []
    height = cells = 0
    while batch := list(islice(records, BATCH)):
        width = max(map(len, batch))
        cells += sum(map(len, batch))
        _check_shape(batch, height, limits, place)
        if max(width, len(columns)) * (height + len(batch)) > LOOSE * cells + SPARE:
            raise InputError([place.finding("reading.ragged", cell=_widest(batch, height, place))])
        before = [pa.nulls(height, pa.string())] if height else []
        columns += [list(before) for _ in range(width - len(columns))]
        for at, texts in enumerate(zip_longest(*batch, fillvalue="")):
            columns[at].append(trimmed(pa.array(texts, pa.string())))
        for column in columns[width:]:
            column.append(pa.nulls(len(batch), pa.string()))
        height += len(batch)
    return [pa.chunked_array(column, pa.string()) for column in columns]


def _check_shape(batch: list[list[str]], height: int, limits: Limits, place: Place) -> None:
    width = max(map(len, batch))
    if width > limits.columns:
        cell = _widest(batch, height, place)
        raise InputError([place.finding("reading.columns", cell=cell, found=width, most=limits.columns)])


def _widest(batch: list[list[str]], height: int, place: Place) -> str:
    """Give the address of the first of the longest records."""
    return place.cell(height + 1 + max(range(len(batch)), key=lambda row: len(batch[row])), 0)
