"""The setting of a pairing: places, helpers, and what ties them; problems are posed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from jiedui.geo import Adjacency
from jiedui.pairs import Problem, make_problem

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

Rows = tuple[dict[str, Any], ...]
Grain = Literal["units", "places"]
"""What is paired: whole recipient units, or their places one by one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Helpers (H), places in scope (P) and their units (U), each sorted by id.

    A need of more than one (`quantity`) is a unit of so many places. Without a table of units every
    recipient is its own.

    Attributes
    ----------
    helpers, places, units : tuple of dict
        The rows of the tables; ``recipient`` in the row of a place is the id of the recipient it is of.
    has_areas : bool
        Whether units come from a table of their own.
    unit_of : int64[P]
        The unit each place belongs to: the most specific one that covers its code.
    need, place_need : int64[U], int64[P]
        Helpers wanted, at least 1: as the table says, else as many as there are at present; they share
        the places equally.
    wanted : bool[P]
        False where no helper is wanted any more: such a place stands in the present only.
    strength, gross, duties : tuple of Fraction
        Per helper: weight of capacity, the same with what others of the list account for, other duties.
    shared : bool[H]
        Helpers whose offer any number of recipients may use.
    candidates : bool[P, H]
        Who may help whom.
    km : float64[P, H]
        Great-circle distance from the helper's seat to the place's point.
    parts : mapping of str to float64[P, H]
        Each part of the score before weighting, 0 to 1.
    score : float64[P, H]
        The sum of the parts times their `weights`.
    fit : mapping of (str, str) to frozenset of str
        Kinds that a helper and a recipient have in common, by their ids, where they have any.
    present : bool[P, H]
        Whether the helper helps the place at present.
    earlier : tuple of (int, bool[P])
        Ended pairs of helpers that are still on the list: the helper, and the places its area covered.
    pairings : tuple of dict
        The rows of the table, for comparison with another date.
    border_codes : tuple of str
        The newest known code of each place: borders are those of today, codes may be older.
    unconfirmed : frozenset of (str, str)
        Pairs (helper, recipient) that were found in no text.
    decided : tuple of dict
        Decisions of people: kind, helper, recipient, who, why.
    rules : tuple of dict
        The rows of the table (see `jiedui.programmes.ruling`).
    """

    helpers: Rows
    places: Rows
    units: Rows
    has_areas: bool
    unit_of: Ints
    need: Ints
    place_need: Ints
    wanted: Flags
    strength: tuple[Fraction, ...]
    gross: tuple[Fraction, ...]
    duties: tuple[Fraction, ...]
    shared: Flags
    candidates: Flags
    km: Numbers
    parts: Mapping[str, Numbers]
    score: Numbers
    fit: Mapping[tuple[str, str], frozenset[str]]
    present: Flags
    earlier: tuple[tuple[int, Flags], ...]
    pairings: Rows
    adjacency: Adjacency
    border_codes: tuple[str, ...]
    weights: Mapping[str, float]
    unconfirmed: frozenset[tuple[str, str]]
    decided: tuple[dict[str, str], ...]
    rules: Rows = ()

    @property
    def active(self) -> Flags:
        """The helpers that take part in this round, bool[H]."""
        return np.array([row["at_most"] != 0 for row in self.helpers], bool)

    def recipients(self, grain: Grain) -> Rows:
        """Give the rows of what is paired."""
        return self.units if grain == "units" else self.places

    def ids(self, grain: Grain) -> list[str]:
        """Give the ids of what is paired, in order."""
        return [row["code"] if grain == "units" else row["id"] for row in self.recipients(grain)]

    def needs(self, grain: Grain) -> Ints:
        """Give how many helpers each recipient of the grain shall have."""
        return self.need if grain == "units" else self.place_need

    def by(self, grain: Grain, values: Numbers) -> Numbers:
        """Give values of places [P, H] as means over each recipient of the grain."""
        if grain == "places":
            return values
        sums = np.zeros((len(self.units), values.shape[1]))
        np.add.at(sums, self.unit_of, values)
        return sums / np.bincount(self.unit_of, minlength=len(self.units))[:, None]

    def problem(self, grain: Grain, *, decided: pa.Table | None = None, also: Flags | None = None) -> Problem:
        """Pose the pairing of whole units, or of single places.

        Parameters
        ----------
        decided
            Decisions in terms of the grain (see `jiedui.programmes.decisions`).
        also : bool[P, H]
            Pairs that exist though they are no candidates: the present, or another list, as it is.
        """
        import pyarrow as pa

        ids, helper_ids = self.ids(grain), [row["id"] for row in self.helpers]
        allowed = self.by(grain, self.candidates.astype(float)) == 1
        if also is not None:
            allowed |= self.by(grain, also.astype(float)) > 0
        rows, columns = np.nonzero(allowed)
        present = self.by(grain, self.present.astype(float)) > 0
        sizes = np.bincount(self.unit_of) if grain == "units" else np.ones(len(ids), np.int64)
        wanted = self.by(grain, np.repeat(self.wanted[:, None], 1, axis=1).astype(float))[:, 0] > 0
        need = self.needs(grain)
        return make_problem(
            pa.table(
                {
                    "id": helper_ids,
                    "capacity": [float(weight) for weight in self.strength],
                    "duties": [row["other_duties"] for row in self.helpers],
                    "shared": self.shared,
                }
            ),
            pa.table(
                {
                    "id": ids,
                    "places": sizes,
                    "need": need,
                    "need_min": np.where(wanted, need, 0),
                    "priority": pa.array([row["priority"] for row in self.recipients(grain)], pa.int64()),
                }
            ),
            pa.table(
                {
                    "recipient": [ids[row] for row in rows],
                    "helper": [helper_ids[column] for column in columns],
                    "score": self.by(grain, self.score)[rows, columns],
                }
            ),
            present=_pairs(ids, helper_ids, present),
            decided=decided,
        )

    def neighbours(self) -> pa.Table:
        """List the places that share a border, as ``code_a``, ``code_b``, by their ids."""
        import pyarrow as pa

        place = {code: row["id"] for code, row in zip(self.border_codes, self.places, strict=True)}
        pairs = [(place[a], place[b]) for a, b in self.adjacency.among(place)]
        return pa.table(
            {
                "code_a": pa.array([a for a, _ in pairs], pa.string()),
                "code_b": pa.array([b for _, b in pairs], pa.string()),
            }
        )

    def shares(self, grain: Grain, chosen: Numbers) -> Numbers:
        """Turn chosen pairs (1, else 0) [recipients, H] into shares of each place, [P, H]."""
        each = chosen / self.needs(grain)[:, None]
        return each if grain == "places" else each[self.unit_of]


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
