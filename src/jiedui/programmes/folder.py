"""A programme folder: ``programme.toml``, tables, decisions; read whole and checked before anything runs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import Finding, InputError
from jiedui.language import LANGUAGES, finding
from jiedui.programmes.agreement import check_agreement
from jiedui.programmes.candidates import check_candidates, empty_parts, read_candidates
from jiedui.programmes.programme import Programme, read_programme
from jiedui.tables import Reading, Table, read_table, sheet_name
from jiedui.tables.shared import (
    ADJACENCY,
    CANDIDATES,
    DECIDED,
    HELPERS,
    PAIRINGS,
    PARTS,
    PLACE_CODES,
    PLACES,
    RECIPIENTS,
    RULES,
    UNITS,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.schemes import Scheme

WORKBOOK = "tables.xlsx"
ENDINGS = (".csv", ".xlsx", ".parquet")
REQUIRED = (HELPERS, RECIPIENTS)
OPTIONAL = (UNITS, PAIRINGS, ADJACENCY, PLACES, PLACE_CODES, DECIDED, RULES)
LARGE = f"{CANDIDATES.name}.parquet"
"""Read by column, not cell by cell."""
BY_PART = (CANDIDATES, PARTS)
"""The tables of a scheme composed by parts; both must be there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A checked programme folder.

    Attributes
    ----------
    tables : mapping of str to pyarrow.Table
        Every table of the programme, sorted by its key; empty where the folder has none.
    notes : tuple of Finding
        What was found and does not keep the programme from running.
    digests : mapping of str to str
        The SHA-256 of the file of each table that is too large to be hashed row by row.
    """

    programme: Programme
    tables: Mapping[str, pa.Table]
    notes: tuple[Finding, ...]
    digests: Mapping[str, str] = field(default_factory=dict)

    def fingerprints(self) -> dict[str, str]:
        """Give the SHA-256 of each table's content, whatever its file format and the order of its rows."""
        return {
            name: self.digests.get(name) or fingerprint(table) for name, table in sorted(self.tables.items())
        }


def read_folder(folder: Path) -> Folder:
    """Read and check a programme folder.

    Raises
    ------
    InputError
        With the findings of all its files together.
    """
    if not folder.is_dir():
        raise InputError([finding("programme.no_folder", found=folder.name)])
    programme = read_programme(folder)
    if programme.scheme.form == "parts":
        return _by_part(folder, programme)
    return make_folder(programme, read_tables(folder, programme.scheme))


def read_tables(folder: Path, scheme: Scheme, *, made: Collection[str] = ()) -> dict[str, Reading]:
    """Read the tables of a scheme that is composed in one go, but for those that an earlier stage makes.

    Raises
    ------
    InputError
        With the findings of all its files together.
    """
    tables = tuple(table for table in (*REQUIRED, *OPTIONAL) if table.name not in made)
    readings, findings = _read_all(folder, scheme, tables)
    if findings:
        raise InputError(findings)
    return readings


def make_folder(programme: Programme, readings: Mapping[str, Reading]) -> Folder:
    """Bring tables together, wherever they come from.

    Raises
    ------
    InputError
        If they do not agree.
    """
    if findings := list(check_agreement(readings, scheme=programme.scheme, on=programme.round)):
        raise InputError(findings)
    tables = {table.name: _table(table, readings.get(table.name)) for table in (*REQUIRED, *OPTIONAL)}
    notes = tuple(note for reading in readings.values() for note in reading.notes)
    return Folder(programme, tables, notes)


def _by_part(folder: Path, programme: Programme) -> Folder:
    """Read the candidates and parts of a scheme that is composed part by part."""
    readings, findings = _read_all(folder, programme.scheme, BY_PART)
    if findings := [*_not_by_part(folder), *findings]:
        raise InputError(findings)
    candidates, parts = (readings[table.name] for table in BY_PART)
    if findings := check_candidates(candidates, parts):
        raise InputError(findings)
    is_large = candidates.place.file == LARGE
    tables = {
        "candidates": candidates.table if is_large else _table(CANDIDATES, candidates),
        "parts": _table(PARTS, parts),
    }
    notes = (*candidates.notes, *parts.notes, *empty_parts(candidates, parts))
    digests = {"candidates": _digest(folder / LARGE)} if is_large else {}
    return Folder(programme, tables, notes, digests)


def _digest(path: Path) -> str:
    """Hash a file as it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _not_by_part(folder: Path) -> Iterator[Finding]:
    """Find tables, such as quotas, that a scheme composed by parts must not have."""
    for table in (*REQUIRED, *OPTIONAL):
        for path in (folder / f"{table.name}{ending}" for ending in ENDINGS):
            if path.exists():
                yield finding("programme.not_by_part", file=path.name, table=table.words)


def _read_all(
    folder: Path, scheme: Scheme, tables: tuple[Table, ...]
) -> tuple[dict[str, Reading], list[Finding]]:
    """Read each table, keeping the findings of all of them."""
    readings: dict[str, Reading] = {}
    findings: list[Finding] = []
    for table in tables:
        try:
            if reading := _read(folder, table, scheme.table(table)):
                readings[table.name] = reading
        except InputError as error:
            findings += error.findings
    return readings, findings


def _read(folder: Path, table: Table, own: Table) -> Reading | None:
    """Read the file, or the sheet of the workbook, of a table as its scheme declares it.

    None where an optional one is absent.
    """
    files = [folder / f"{table.name}{ending}" for ending in ENDINGS]
    found = [path for path in files if path.exists()]
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise InputError([finding("programme.table_twice", file=found[0].name, found=names)])
    if found:
        return read_candidates(found[0]) if found[0].name == LARGE else _read_file(found[0], table, own)
    if (folder / WORKBOOK).exists():
        return _read_sheet(folder / WORKBOOK, table, own)
    if table in (*REQUIRED, *BY_PART):
        names = " | ".join(path.name for path in files)
        raise InputError(
            [finding("programme.table_missing", file=files[0].name, table=table.words, allowed=names)]
        )
    return None


def _read_file(path: Path, table: Table, own: Table) -> Reading | None:
    """Read the file of a table; an optional one may be empty."""
    try:
        return read_table(path, own)
    except InputError as error:
        if table in OPTIONAL and {found.rule for found in error.findings} == {"table.no_rows"}:
            return None
        raise


def _read_sheet(workbook: Path, table: Table, own: Table) -> Reading | None:
    """Read a sheet, named in either language; an optional one may be missing or empty."""
    missing: InputError | None = None
    for lang in LANGUAGES:
        try:
            return read_table(workbook, own, sheet=sheet_name(table, lang))
        except InputError as error:
            rules = {found.rule for found in error.findings}
            if rules == {"table.no_rows"} and table in OPTIONAL:
                return None
            if rules != {"table.sheet_missing"}:
                raise
            missing = missing or error
    if table in (*REQUIRED, *BY_PART) and missing:
        raise missing
    return None


def _table(table: Table, reading: Reading | None) -> pa.Table:
    """Give a table sorted by its key; columns that the scheme does not use are empty."""
    import pyarrow as pa

    schema = table.schema()
    if reading is None:
        return schema.empty_table()
    rows = reading.table.sort_by([(column, "ascending") for column in table.key])
    columns = [
        rows[field.name] if field.name in rows.column_names else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def fingerprint(table: pa.Table) -> str:
    """Hash the rows of a sorted table as text (SHA-256)."""
    text = "\n".join(
        "\x1f".join("" if value is None else str(value) for value in row.values())
        for row in table.to_pylist()
    )
    return hashlib.sha256("\x1f".join(table.column_names).encode() + b"\n" + text.encode()).hexdigest()
