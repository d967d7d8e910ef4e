"""The setting of a pairing: places, helpers, and what ties them; scores are computed from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from jiedui.errors import InputError
from jiedui.geo import Adjacency, PlaceCodes, covers, distance_km, most_specific
from jiedui.language import finding
from jiedui.pairs import Problem, exact, make_problem

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.schemes import Scheme

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

Rows = tuple[dict[str, Any], ...]
Grain = Literal["units", "places"]
"""What is paired: whole recipient units, or their places one by one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Helpers (H), places in scope (P) and their units (U), each sorted by id.

    Attributes
    ----------
    helpers, places, units : tuple of dict
        The rows of the tables.
    unit_of : int64[P]
        The unit each place belongs to: the most specific one that covers its code.
    need : int64[U]
        Helpers each unit has at present, at least 1; they share its places equally.
    strength, gross, duties : tuple of Fraction
        Per helper: weight of capacity, the same with what others of the list account for, other duties.
    km : float64[P, H]
        Great-circle distance from the helper's seat to the place's point.
    parts : mapping of str to float64[P, H]
        Each part of the score before weighting, 0 to 1.
    score : float64[P, H]
        The sum of the parts times their `weights`.
    present : bool[P, H]
        Whether the helper helps the place at present.
    earlier : tuple of (int, bool[P])
        Ended pairs of helpers that are still on the list: the helper, and the places its area covered.
    border_codes : tuple of str
        The newest known code of each place: borders are those of today, codes may be older.
    unconfirmed : frozenset of (str, str)
        Pairs (helper, recipient) that were found in no text.
    decided : tuple of dict
        Decisions of people: kind, helper, recipient, who, why.
    """

    helpers: Rows
    places: Rows
    units: Rows
    unit_of: NDArray[np.int64]
    need: NDArray[np.int64]
    strength: tuple[Fraction, ...]
    gross: tuple[Fraction, ...]
    duties: tuple[Fraction, ...]
    km: Numbers
    parts: Mapping[str, Numbers]
    score: Numbers
    present: Flags
    earlier: tuple[tuple[int, Flags], ...]
    adjacency: Adjacency
    border_codes: tuple[str, ...]
    weights: Mapping[str, float]
    unconfirmed: frozenset[tuple[str, str]]
    decided: tuple[dict[str, str], ...]

    def recipients(self, grain: Grain) -> Rows:
        """Give the rows of what is paired."""
        return self.units if grain == "units" else self.places

    def ids(self, grain: Grain) -> list[str]:
        """Give the ids of what is paired, in order."""
        return [row["code"] if grain == "units" else row["id"] for row in self.recipients(grain)]

    def by(self, grain: Grain, values: Numbers) -> Numbers:
        """Give values of places [P, H] as means over each recipient of the grain."""
        if grain == "places":
            return values
        sums = np.zeros((len(self.units), values.shape[1]))
        np.add.at(sums, self.unit_of, values)
        return sums / np.bincount(self.unit_of, minlength=len(self.units))[:, None]

    def problem(self, grain: Grain, *, bound: bool = True) -> Problem:
        """Pose the pairing of whole units, or of single places; bound by the decisions, unless told not."""
        import pyarrow as pa

        ids, helper_ids = self.ids(grain), [row["id"] for row in self.helpers]
        whole = grain == "units"
        present = self.by(grain, self.present.astype(float)) > 0
        sizes = np.bincount(self.unit_of) if whole else np.ones(len(ids), np.int64)
        return make_problem(
            pa.table(
                {
                    "id": helper_ids,
                    "capacity": [row["capacity"] for row in self.helpers],
                    "duties": [row["other_duties"] for row in self.helpers],
                }
            ),
            pa.table({"id": ids, "places": sizes, "need": self.need if whole else np.ones_like(sizes)}),
            pa.table(
                {
                    "recipient": np.repeat(ids, len(helper_ids)).tolist(),
                    "helper": helper_ids * len(ids),
                    "score": self.by(grain, self.score).ravel(),
                }
            ),
            present=_pairs(ids, helper_ids, present),
            decided=self._decisions(grain) if bound else None,
        )

    def shares(self, grain: Grain, chosen: Numbers) -> Numbers:
        """Turn chosen pairs (1, else 0) [recipients, H] into shares of each place, [P, H]."""
        if grain == "places":
            return chosen
        return (chosen / self.need[:, None])[self.unit_of]

    def _decisions(self, grain: Grain) -> pa.Table | None:
        """Say decisions in terms of the grain.

        A decision on a unit binds its places; several helpers demanded for one unit leave each of its
        places to one of them. A decision on a place binds its whole unit where units stay whole.
        """
        import pyarrow as pa

        made: set[tuple[str, str, str]] = set()
        unit_ids = self.ids("units")
        members: dict[str, list[str]] = {code: [] for code in unit_ids}
        for place, unit in zip(self.ids("places"), self.unit_of, strict=True):
            members[unit_ids[unit]].append(place)
        demanded = {
            code: {
                row["helper"]
                for row in self.decided
                if row["recipient"] == code and row["kind"] != "forbidden"
            }
            for code in unit_ids
        }
        owner = {place: code for code, places in members.items() for place in places}
        for row in self.decided:
            recipient, helper, kind = row["recipient"], row["helper"], row["kind"]
            if grain == "units":
                made.add((owner.get(recipient, recipient), helper, kind))
            elif recipient not in members:
                made.add((recipient, helper, kind))
            elif kind == "forbidden" or len(demanded[recipient]) == 1:
                made |= {(place, helper, kind) for place in members[recipient]}
            else:
                others = {row["id"] for row in self.helpers} - demanded[recipient]
                made |= {(place, other, "forbidden") for place in members[recipient] for other in others}
        rows = [dict(zip(("recipient", "helper", "kind"), one, strict=True)) for one in sorted(made)]
        return pa.Table.from_pylist(rows) if rows else None


def make_setting(
    tables: Mapping[str, pa.Table], *, scheme: Scheme, on: str, weights: Mapping[str, Fraction] | None = None
) -> Setting:
    """Bring the tables of a programme together.

    Parameters
    ----------
    tables
        ``helpers``, ``recipients``, ``units``, ``pairings``, ``adjacency``, ``decided``, columns as declared
        in `jiedui.tables`.
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
    places, units, unit_of = _in_scope(tables["recipients"], tables["units"])
    present, earlier = _pairings(
        tables["pairings"], helpers=helpers, units=units, unit_of=unit_of, places=places, on=on
    )
    km = distance_km(*_points(helpers, row=True), *_points(places, row=False))
    weight = {part.id: float((weights or {}).get(part.id, part.weight)) for part in scheme.parts}
    rules: dict[str, Callable[[], Numbers]] = {
        "nearness": lambda: np.clip(1 - km / scheme.values["reach_km"].on(on), 0, 1),
        "earlier_pair": lambda: _held(earlier, km.shape),
        "present_pair": lambda: present.astype(float),
    }
    parts = {part.id: rules[part.rule]() for part in scheme.parts}
    return Setting(
        helpers=helpers,
        places=places,
        units=units,
        unit_of=unit_of,
        need=_need(unit_of, present),
        strength=tuple(exact(row["capacity"]) for row in helpers),
        gross=tuple(exact(row["gross"] or row["capacity"]) for row in helpers),
        duties=tuple(exact(row["other_duties"] or 0) for row in helpers),
        km=km,
        parts=parts,
        score=sum((weight[key] * part for key, part in parts.items()), np.zeros(km.shape)),
        present=present,
        earlier=earlier,
        adjacency=Adjacency(tables["adjacency"]),
        border_codes=_newest_codes(places, PlaceCodes(tables["place_codes"])),
        weights=weight,
        unconfirmed=_unconfirmed(tables["pairings"]),
        decided=tuple(tables["decided"].to_pylist()),
    )


def _in_scope(recipients: pa.Table, units: pa.Table) -> tuple[Rows, Rows, NDArray[np.int64]]:
    """Give the places that some unit covers, the units that cover any, and the unit of each place."""
    rows = _sorted(units, "code")
    areas = [unit["code"] for unit in rows]
    located = [(row, most_specific(areas, row["code"] or "")) for row in _sorted(recipients, "id")]
    places = tuple(row for row, area in located if area)
    if not places:
        raise InputError([finding("programme.nothing_in_scope")])
    unit_of = np.array([areas.index(area) for _, area in located if area], np.int64)
    used = np.unique(unit_of)
    return places, tuple(rows[unit] for unit in used), np.searchsorted(used, unit_of).astype(np.int64)


def _need(unit_of: NDArray[np.int64], present: Flags) -> NDArray[np.int64]:
    """Count the helpers of each unit, at least 1."""
    by_unit = np.zeros((unit_of.max() + 1, present.shape[1]), bool)
    np.logical_or.at(by_unit, unit_of, present)
    counts: NDArray[np.int64] = by_unit.sum(axis=1)
    return np.maximum(counts, 1)


def _unconfirmed(pairings: pa.Table) -> frozenset[tuple[str, str]]:
    """List the pairs (helper, recipient) that were found in no text."""
    rows = (row for row in pairings.to_pylist() if row["source_grade"] == "unconfirmed")
    return frozenset((row["helper"], row["recipient"]) for row in rows)


def _newest_codes(places: Rows, codes: PlaceCodes) -> tuple[str, ...]:
    """Give each place the newest code that its history knows, else its own code, else its id."""
    histories = (codes.history(place["id"]) for place in places)
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


def _pairings(
    pairings: pa.Table,
    *,
    helpers: Rows,
    units: Rows,
    unit_of: NDArray[np.int64],
    places: Rows,
    on: str,
) -> tuple[Flags, tuple[tuple[int, Flags], ...]]:
    """Sort pairings into present ones [P, H] and earlier ones of helpers still on the list."""
    column = {row["id"]: place for place, row in enumerate(helpers)}
    codes = [unit["code"] for unit in units]
    present = np.zeros((len(places), len(helpers)), bool)
    earlier = []
    for row in _sorted(pairings, "helper"):
        helper = column.get(row["helper"])
        if helper is None or row["valid_from"] > on:
            continue
        if row["valid_to"] and row["valid_to"] <= on:
            covered = np.array([covers(row["recipient"], place["code"] or "") for place in places])
            earlier.append((helper, covered))
        elif row["recipient"] in codes:
            present[unit_of == codes.index(row["recipient"]), helper] = True
    return present, tuple(earlier)


def _held(earlier: tuple[tuple[int, Flags], ...], shape: tuple[int, ...]) -> Numbers:
    """Mark the pairs [P, H] that earlier pairings held."""
    held = np.zeros(shape)
    for helper, covered in earlier:
        held[covered, helper] = 1.0
    return held


def _pairs(ids: list[str], helper_ids: list[str], flags: Flags) -> pa.Table:
    """List marked pairs as a table."""
    import pyarrow as pa

    rows, columns = np.nonzero(flags)
    return pa.table(
        {
            "recipient": pa.array([ids[row] for row in rows], pa.string()),
            "helper": pa.array([helper_ids[column] for column in columns], pa.string()),
        }
    )
