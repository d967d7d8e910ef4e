"""Whether the tables of a folder agree: every code known, decisions without contradiction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jiedui.errors import Finding
    from jiedui.tables import Reading

Rows = list[dict[str, Any]]


def check_agreement(readings: Mapping[str, Reading], *, on: str) -> Iterator[Finding]:
    """Find what one table says and another does not know, with the exact cell.

    Parameters
    ----------
    on
        The date of the round: pairings that ended by then may name helpers that are no longer listed.
    """
    rows = {name: reading.table.to_pylist() for name, reading in readings.items()}
    helpers = {row["id"] for row in rows["helpers"]}
    units = {row["code"] for row in rows["units"]}
    places = {row["id"] for row in rows["recipients"]}
    if "pairings" in readings:
        yield from _pairings(readings["pairings"], rows["pairings"], helpers, units, on)
    if "decided" in readings:
        yield from _decided(readings["decided"], rows["decided"], helpers, units | places)
        yield from _contradictions(readings["decided"], rows["decided"], places)
        yield from _locked(readings["decided"], rows["decided"], rows.get("pairings", []), on)


def _is_present(row: Mapping[str, Any], on: str) -> bool:
    return row["valid_from"] <= on and not (row["valid_to"] and row["valid_to"] <= on)


def _pairings(reading: Reading, rows: Rows, helpers: set[str], units: set[str], on: str) -> Iterator[Finding]:
    """Find present pairs of unknown helpers or units, and pairs that end before they begin."""
    for place, row in enumerate(rows):
        if row["valid_to"] and row["valid_to"] < row["valid_from"]:
            yield reading.finding(
                "programme.ends_early", place, "valid_to", found=row["valid_to"], start=row["valid_from"]
            )
        if not _is_present(row, on):
            continue
        for column, known, table in (("helper", helpers, "helpers"), ("recipient", units, "units")):
            if row[column] not in known:
                yield reading.finding("programme.unknown_code", place, column, found=row[column], table=table)


def _decided(reading: Reading, rows: Rows, helpers: set[str], recipients: set[str]) -> Iterator[Finding]:
    """Find decisions on unknown helpers or recipients."""
    for place, row in enumerate(rows):
        for column, known, table in (
            ("helper", helpers, "helpers"),
            ("recipient", recipients, "units | recipients"),
        ):
            if row[column] not in known:
                yield reading.finding("programme.unknown_code", place, column, found=row[column], table=table)


def _contradictions(reading: Reading, rows: Rows, places: set[str]) -> Iterator[Finding]:
    """Find pairs both demanded and forbidden, and places with two demanded helpers."""
    forbidden = {(row["recipient"], row["helper"]) for row in rows if row["kind"] == "forbidden"}
    demanded: dict[str, set[str]] = defaultdict(set)
    for place, row in enumerate(rows):
        if row["kind"] == "forbidden":
            continue
        if (row["recipient"], row["helper"]) in forbidden:
            yield reading.finding("programme.decided_both", place, "kind", found=row["kind"])
        demanded[row["recipient"]].add(row["helper"])
        if row["recipient"] in places and len(demanded[row["recipient"]]) > 1:
            yield reading.finding("programme.decided_two", place, "helper", found=row["helper"])


def _locked(reading: Reading, rows: Rows, pairings: Rows, on: str) -> Iterator[Finding]:
    """Find locked pairs of units that are not present."""
    present = {(row["recipient"], row["helper"]) for row in pairings if _is_present(row, on)}
    areas = {recipient for recipient, _ in present}
    for place, row in enumerate(rows):
        pair = (row["recipient"], row["helper"])
        if row["kind"] == "locked" and row["recipient"] in areas and pair not in present:
            yield reading.finding("programme.locked_absent", place, "helper", found=row["helper"])
