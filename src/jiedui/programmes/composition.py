"""From the tables of a programme to its setting, by the rules of its scheme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.errors import InputError
from jiedui.geo import Adjacency, PlaceCodes, covers, distance_km, most_specific
from jiedui.language import finding
from jiedui.pairs import exact
from jiedui.programmes.kinds import in_common
from jiedui.programmes.setting import Rows, Setting

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.setting import Flags, Ints, Numbers
    from jiedui.schemes import Scheme


def make_setting(
    tables: Mapping[str, pa.Table], *, scheme: Scheme, on: str, weights: Mapping[str, Fraction] | None = None
) -> Setting:
    """Bring the tables of a programme together.

    Parameters
    ----------
    tables
        ``helpers``, ``recipients``, ``units``, ``pairings``, ``adjacency``, ``decided``, columns as declared
        in `jiedui.tables`; ``units`` may be empty.
    on
        The date of the round: pairs that ended by then are earlier ones, later ones do not count.
    weights
        Weights of the score parts, where the programme sets its own.

    Raises
    ------
    InputError
        If no recipient lies in any unit.
    """
    helpers = _sorted(tables["helpers"], "id")
    has_areas = tables["units"].num_rows > 0
    places, units, unit_of = (_in_scope if has_areas else _alone)(tables)
    pairings = _sorted(tables["pairings"], "helper")
    present = held_on(on, pairings=pairings, helpers=helpers, units=units, unit_of=unit_of)
    earlier = _earlier(on, pairings=pairings, helpers=helpers, places=places)
    km = distance_km(*_points(helpers, row=True), *_points(places, row=False))
    common = in_common(helpers, places, scheme)
    weight = {part.id: float((weights or {}).get(part.id, part.weight)) for part in scheme.parts}
    rules: dict[str, Callable[[], Numbers]] = {
        "nearness": lambda: np.clip(1 - km / scheme.values["reach_km"].on(on), 0, 1),
        "earlier_pair": lambda: _held(earlier, km.shape),
        "present_pair": lambda: present.astype(float),
        "kind_fit": lambda: common.fit,
    }
    parts = {part.id: rules[part.rule]() for part in scheme.parts}
    wanted = np.array([row["helpers"] != 0 for row in places], bool)
    need = _need(places, unit_of, present)
    is_whole = (np.bincount(unit_of)[unit_of] == 1) & (not has_areas)
    said = np.array([row["helpers"] or 1 for row in places], np.int64)
    return Setting(
        helpers=helpers,
        places=places,
        units=units,
        has_areas=has_areas,
        unit_of=unit_of,
        need=need,
        place_need=np.where(is_whole, need[unit_of], said),
        wanted=wanted,
        strength=tuple(exact(row["capacity"] or 1) for row in helpers),
        gross=tuple(exact(row["gross"] or row["capacity"] or 1) for row in helpers),
        duties=tuple(exact(row["other_duties"] or 0) for row in helpers),
        shared=np.array([row["mode"] == "shared" for row in helpers], bool),
        candidates=_candidates(helpers, places, pairings, scheme=scheme, on=on, has_common=common.fit > 0)
        & wanted[:, None],
        km=km,
        parts=parts,
        score=sum((weight[key] * part for key, part in parts.items()), np.zeros(km.shape)),
        fit=common.kinds,
        present=present,
        earlier=earlier,
        pairings=pairings,
        adjacency=Adjacency(tables["adjacency"]),
        border_codes=_newest_codes(places, PlaceCodes(tables["place_codes"])),
        weights=weight,
        unconfirmed=_unconfirmed(tables["pairings"]),
        decided=tuple(tables["decided"].to_pylist()),
        rules=tuple(tables["rules"].to_pylist()),
    )


def held_on(date: str, *, pairings: Rows, helpers: Rows, units: Rows, unit_of: Ints) -> Flags:
    """Mark the pairs [P, H] in force on a date."""
    column = {row["id"]: place for place, row in enumerate(helpers)}
    codes = {unit["code"]: place for place, unit in enumerate(units)}
    held = np.zeros((len(unit_of), len(helpers)), bool)
    for row in pairings:
        if is_held(row, date) and row["helper"] in column and row["recipient"] in codes:
            held[unit_of == codes[row["recipient"]], column[row["helper"]]] = True
    return held


def is_held(row: Mapping[str, Any], date: str) -> bool:
    """Whether a pairing is in force on a date."""
    return bool(row["valid_from"] <= date and not (row["valid_to"] and row["valid_to"] <= date))


def _earlier(date: str, *, pairings: Rows, helpers: Rows, places: Rows) -> tuple[tuple[int, Flags], ...]:
    """Give the pairs that had ended by a date, of helpers still on the list."""
    column = {row["id"]: place for place, row in enumerate(helpers)}
    ended = [
        row
        for row in pairings
        if row["helper"] in column
        and row["valid_from"] <= date
        and row["valid_to"]
        and not is_held(row, date)
    ]
    return tuple((column[row["helper"]], _covered(row["recipient"], places)) for row in ended)


def _covered(recipient: str, places: Rows) -> Flags:
    """Mark the places that are the recipient, or lie in its area."""
    return np.array(
        [place["recipient"] == recipient or covers(recipient, place["code"] or "") for place in places], bool
    )


def _in_scope(tables: Mapping[str, pa.Table]) -> tuple[Rows, Rows, Ints]:
    """Give the places that some unit covers, the units that cover any, and the unit of each place."""
    rows = _sorted(tables["units"], "code")
    areas = [unit["code"] for unit in rows]
    located = [(row, most_specific(areas, row["code"] or "")) for row in _places(tables["recipients"])]
    places = tuple(row for row, area in located if area)
    if not places:
        raise InputError([finding("programme.nothing_in_scope")])
    unit_of = np.array([areas.index(area) for _, area in located if area], np.int64)
    used = np.unique(unit_of)
    units = tuple(rows[unit] | {"priority": None} for unit in used)
    return places, units, np.searchsorted(used, unit_of).astype(np.int64)


def _alone(tables: Mapping[str, pa.Table]) -> tuple[Rows, Rows, Ints]:
    """Make every recipient its own unit, of as many places as it needs."""
    units = tuple(row | {"code": row["id"]} for row in _sorted(tables["recipients"], "id"))
    places = _places(tables["recipients"])
    order = {unit["id"]: place for place, unit in enumerate(units)}
    return places, units, np.array([order[row["recipient"]] for row in places], np.int64)


def _places(recipients: pa.Table) -> Rows:
    """Give the places one by one: a need of several is so many places, numbered."""
    return tuple(
        row | {"recipient": row["id"], "id": row["id"] if count == 1 else f"{row['id']}/{number}"}
        for row in _sorted(recipients, "id")
        for count in [row["quantity"] or 1]
        for number in range(1, count + 1)
    )


def _need(places: Rows, unit_of: Ints, present: Flags) -> Ints:
    """Give the helpers each unit wants: the most that a place of it says, else those it has, at least 1."""
    by_unit = np.zeros((unit_of.max() + 1, present.shape[1]), bool)
    np.logical_or.at(by_unit, unit_of, present)
    need: Ints = np.maximum(by_unit.sum(axis=1), 1)
    said = np.full(len(need), -1, np.int64)
    np.maximum.at(said, unit_of, [-1 if row["helpers"] is None else row["helpers"] for row in places])
    return np.where(said >= 0, np.maximum(said, 1), need)


def _candidates(
    helpers: Rows, places: Rows, pairings: Rows, *, scheme: Scheme, on: str, has_common: Flags
) -> Flags:
    """Mark the pairs [P, H] that the scheme's rule, the dates and the helpers' limits allow."""
    allowed: Flags = np.array(
        [[row["at_most"] != 0 and _in_time(row, place) for row in helpers] for place in places], bool
    )
    if scheme.candidates == "same_kind":
        allowed &= has_common
    elif scheme.candidates == "parent":
        held = {(row["helper"], row["recipient"]) for row in pairings if is_held(row, on)}
        parents = [place["party"] or place["recipient"] for place in places]
        allowed &= np.array([[(row["party"], parent) in held for row in helpers] for parent in parents], bool)
    return allowed


def _in_time(helper: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    """Whether a helper is available by the day it is needed, as far as both days are known."""
    free, due = helper["available_from"], place["needed_from"]
    return not (free and due and free > due)


def _unconfirmed(pairings: pa.Table) -> frozenset[tuple[str, str]]:
    """List the pairs (helper, recipient) that were found in no text."""
    rows = (row for row in pairings.to_pylist() if row["source_grade"] == "unconfirmed")
    return frozenset((row["helper"], row["recipient"]) for row in rows)


def _newest_codes(places: Rows, codes: PlaceCodes) -> tuple[str, ...]:
    """Give each place the newest code that its history knows, else its own code, else its id."""
    histories = (codes.history(place["recipient"]) for place in places)
    return tuple(
        history[-1].code if history else place["code"] or place["id"]
        for place, history in zip(places, histories, strict=True)
    )


def _sorted(table: pa.Table, key: str) -> Rows:
    return tuple(sorted(table.to_pylist(), key=lambda row: row[key]))


def _points(rows: Rows, *, row: bool) -> tuple[Numbers, Numbers]:
    """Give longitudes and latitudes as a row or a column."""
    points = np.array([(one["lon"], one["lat"]) for one in rows])
    longitude, latitude = points[:, 0], points[:, 1]
    return (longitude[None, :], latitude[None, :]) if row else (longitude[:, None], latitude[:, None])


def _held(earlier: tuple[tuple[int, Flags], ...], shape: tuple[int, ...]) -> Numbers:
    """Mark the pairs [P, H] that earlier pairings held."""
    held = np.zeros(shape)
    for helper, covered in earlier:
        held[covered, helper] = 1.0
    return held
