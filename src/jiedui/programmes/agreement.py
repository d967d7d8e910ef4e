"""Whether the tables of a folder agree: every code known, decisions without contradiction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.programmes.composition import is_held
from jiedui.programmes.kinds import named
from jiedui.programmes.ruling import ALL, check_rules

if TYPE_CHECKING:
    from jiedui.errors import Finding
    from jiedui.schemes import Scheme
    from jiedui.tables import Reading

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Known:
    """The ids that tables may name."""

    helpers: set[str]
    units: set[str]
    recipients: Mapping[str, int]
    parties: set[str]


def check_agreement(readings: Mapping[str, Reading], *, scheme: Scheme, on: str) -> Iterator[Finding]:
    """Find what one table says and another does not know, with the exact cell.

    Parameters
    ----------
    on
        The date of the round: pairings that ended by then may name helpers that are no longer listed.
    """
    rows = {name: reading.table.to_pylist() for name, reading in readings.items()}
    known = _known(rows, has_parents=scheme.candidates == "parent")
    for name in ("helpers", "recipients"):
        yield from _bounds(readings[name], rows[name])
        yield from _kinds(readings[name], rows[name], scheme)
    if "pairings" in readings:
        yield from _pairings(readings["pairings"], rows["pairings"], known, on)
    if "decided" in readings:
        yield from _decided(readings["decided"], rows["decided"], known)
        yield from _contradictions(readings["decided"], rows["decided"], known)
        yield from _locked(readings["decided"], rows["decided"], rows.get("pairings", []), on)
    if "rules" in readings:
        yield from _decided(readings["rules"], rows["rules"], known, also=(ALL,))
        yield from check_rules(readings["rules"], rows["rules"])


def _known(rows: Mapping[str, Rows], *, has_parents: bool) -> _Known:
    """Gather ids; with each recipient how many helpers may be demanded for it."""
    recipients = {
        row["id"]: max(row.get("helpers") or 1, row.get("quantity") or 1) for row in rows["recipients"]
    }
    sides = (*rows["helpers"], *rows["recipients"]) if has_parents else ()
    units = {row["code"] for row in rows.get("units", [])} or set(recipients)
    parties = {row["party"] for row in sides if row.get("party")}
    return _Known({row["id"] for row in rows["helpers"]}, units, recipients, parties)


def _bounds(reading: Reading, rows: Rows) -> Iterator[Finding]:
    """Find helpers that must take more than they may."""
    for place, row in enumerate(rows):
        least, most = row.get("at_least"), row.get("at_most")
        if least is not None and most is not None and least > most:
            yield reading.finding("programme.bounds", place, "at_least", found=least, allowed=most)


def _kinds(reading: Reading, rows: Rows, scheme: Scheme) -> Iterator[Finding]:
    """Find kinds that the scheme does not have."""
    names = {name for kind in scheme.kinds.values() for name in kind.names}
    allowed = {lang: "、".join(kind.words[lang] for kind in scheme.kinds.values()) for lang in ("zh", "en")}
    for place, row in enumerate(rows):
        for name in named(row.get("kind")):
            if name not in names:
                yield reading.finding("programme.unknown_kind", place, "kind", found=name, allowed=allowed)


def _pairings(reading: Reading, rows: Rows, known: _Known, on: str) -> Iterator[Finding]:
    """Find present pairs of unknown helpers or units, and pairs that end before they begin."""
    sides = (("helper", known.helpers, "helpers"), ("recipient", known.units, "units | recipients"))
    for place, row in enumerate(rows):
        if row["valid_to"] and row["valid_to"] < row["valid_from"]:
            yield reading.finding(
                "programme.ends_early", place, "valid_to", found=row["valid_to"], start=row["valid_from"]
            )
        if not is_held(row, on):
            continue
        for column, ids, table in sides:
            if row[column] not in ids | known.parties:
                yield reading.finding("programme.unknown_code", place, column, found=row[column], table=table)


def _decided(reading: Reading, rows: Rows, known: _Known, also: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Find decisions and rules on unknown helpers or recipients."""
    recipients = known.units | set(known.recipients)
    for place, row in enumerate(rows):
        for column, ids, table in (
            ("helper", known.helpers, "helpers"),
            ("recipient", recipients, "units | recipients"),
        ):
            if row[column] not in ids | set(also):
                yield reading.finding("programme.unknown_code", place, column, found=row[column], table=table)


def _contradictions(reading: Reading, rows: Rows, known: _Known) -> Iterator[Finding]:
    """Find pairs both demanded and forbidden, and recipients with more demanded helpers than they want."""
    forbidden = {(row["recipient"], row["helper"]) for row in rows if row["kind"] == "forbidden"}
    demanded: dict[str, set[str]] = defaultdict(set)
    for place, row in enumerate(rows):
        if row["kind"] == "forbidden":
            continue
        if (row["recipient"], row["helper"]) in forbidden:
            yield reading.finding("programme.decided_both", place, "kind", found=row["kind"])
        demanded[row["recipient"]].add(row["helper"])
        if len(demanded[row["recipient"]]) > known.recipients.get(row["recipient"], len(rows)):
            yield reading.finding("programme.decided_two", place, "helper", found=row["helper"])


def _locked(reading: Reading, rows: Rows, pairings: Rows, on: str) -> Iterator[Finding]:
    """Find locked pairs of units that are not present."""
    present = {(row["recipient"], row["helper"]) for row in pairings if is_held(row, on)}
    areas = {recipient for recipient, _ in present}
    for place, row in enumerate(rows):
        pair = (row["recipient"], row["helper"])
        if row["kind"] == "locked" and row["recipient"] in areas and pair not in present:
            yield reading.finding("programme.locked_absent", place, "helper", found=row["helper"])
