"""Candidates of a programme composed by parts: millions of rows, read by column and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.parts import check_by_part
from jiedui.tables import Reading
from jiedui.tables.grid import Place
from jiedui.tables.shared import CANDIDATES

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from jiedui.errors import Finding

IDS = ["part", "recipient", "helper"]
LISTED = 100
"""Findings written out."""


def read_candidates(path: Path) -> Reading:
    """Read a Parquet file of candidates by column; what else stands in it is left alone.

    Raises
    ------
    InputError
        If it is no Parquet file, or distances or present pairs are of a wrong type.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = Place(path.name, lettered=False)
    try:
        with pq.ParquetFile(path, read_dictionary=IDS) as file:
            known = [column.name for column in CANDIDATES.columns]
            table = file.read(columns=[name for name in known if name in file.schema_arrow.names])
    except (pa.ArrowException, OSError):
        raise InputError([place.finding("table.not_parquet")]) from None
    if findings := [replace(one, file=path.name) for one in _wrong_types(table)]:
        raise InputError(findings)
    return Reading(table.unify_dictionaries(), (), range(table.num_rows), {}, place)


def _wrong_types(table: pa.Table) -> Iterator[Finding]:
    """Find optional columns of a wrong type; the others are checked with what stands in them."""
    import pyarrow as pa

    right = {
        "distance_km": (pa.types.is_floating, pa.types.is_integer),
        "present": (pa.types.is_boolean,),
    }
    allowed = {"distance_km": "double | int64", "present": "bool"}
    for field in table.schema:
        if field.name in right and not any(is_right(field.type) for is_right in right[field.name]):
            yield finding(
                "programme.column_type", cell=field.name, found=field.type, allowed=allowed[field.name]
            )


def check_candidates(candidates: Reading, parts: Reading) -> list[Finding]:
    """List what is wrong with candidates, or between them and the parts."""
    table, file = candidates.table, candidates.place.file
    findings = check_by_part(table) or [*_unknown_parts(table, parts), *_present(table)]
    told = [replace(one, file=one.file or file) for one in findings[:LISTED]]
    more = len(findings) - len(told)
    return [*told, *([finding("table.more", file=file, listed=LISTED, more=more)] if more else [])]


def empty_parts(candidates: Reading, parts: Reading) -> Iterator[Finding]:
    """Note parts without any candidate."""
    known = set(candidates.table["part"].unique().to_pylist())
    for row, code in enumerate(parts.table["code"].to_pylist()):
        if code not in known:
            yield parts.finding("programme.part_empty", row, "code", found=code)


def _unknown_parts(table: pa.Table, parts: Reading) -> Iterator[Finding]:
    """Find parts of candidates that the table of parts does not list."""
    known = set(parts.table["code"].to_pylist())
    for code in sorted(set(table["part"].unique().to_pylist()) - known):
        yield finding("programme.part_unknown", cell="part", found=code, file_parts=parts.place.file)


def _present(table: pa.Table) -> Iterator[Finding]:
    """Find present pairs without a helper, and recipients with several."""
    import pyarrow.compute as pc

    if "present" not in table.column_names:
        return
    held = table.filter(table["present"]).select(["recipient", "helper"])
    if count := held["helper"].null_count:
        yield finding("programme.present_nobody", cell="present", count=count)
    counts = pc.value_counts(held["recipient"])
    several = counts.filter(pc.greater(counts.field("counts"), 1))
    for row in several.to_pylist():
        yield finding("programme.present_twice", cell="present", found=row["values"], count=row["counts"])
