"""Pairing instances like those of real programmes, and harder ones, from a seed.

Counties of about 30 helpers and 300 recipients lie on a grid; each recipient has 20 candidates, most of
them in its own county, some in a partner county far away, some next door. Costs are 1000 minus a score of
fit, distance, strength (heavy tail) and last year's pair, in steps of 5; an outside option costs 5000.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CANDIDATES = 20
COUNTY_HELPERS = 30
HELPER_SHARE = 10
"""Recipients per helper."""
OUTSIDE = 5
"""The outside option costs this many times the largest cost."""


@dataclass(frozen=True, slots=True)
class Question:
    """Recipients by rows: candidates ``start[i]:start[i + 1]``, sorted by helper, each once."""

    name: str
    start: NDArray[np.int64]
    helper: NDArray[np.int32]
    cost: NDArray[np.int32]
    capacity: NDArray[np.int32]
    penalty: int

    @property
    def recipients(self) -> int:
        """How many recipients there are."""
        return len(self.start) - 1

    @property
    def row(self) -> NDArray[np.int32]:
        """The recipient of each candidate pair."""
        return np.repeat(np.arange(self.recipients, dtype=np.int32), np.diff(self.start))


def make_question(name: str, recipients: int, *, seed: int = 1) -> Question:
    """Make one instance: base, fine, tight, short, ties, geographic, worst or worst_short (one ranking)."""
    random = np.random.default_rng([seed, recipients])
    helpers = max(2 * COUNTY_HELPERS, recipients // HELPER_SHARE)
    if name == "geographic":
        row, column, cost = _by_distance(random, recipients, helpers)
        capacity = _capacities(random, recipients, helpers, name)
    else:
        last_year = _last_year(random, recipients, helpers)
        row, column = _candidates(random, last_year, helpers)
        cost = _costs(random, row, column, last_year, name)
        tight = np.bincount(last_year, minlength=helpers).astype(np.int32)
        capacity = tight if name == "tight" else _capacities(random, recipients, helpers, name)
    order = np.lexsort((column, row))
    start = np.searchsorted(row[order], np.arange(recipients + 1))
    penalty = OUTSIDE * max(1000, int(cost.max()))
    return Question(
        f"{name} {recipients:.0e}".replace("e+0", "e"),
        start,
        column[order].astype(np.int32),
        cost[order].astype(np.int32),
        capacity,
        penalty,
    )


def last_year(recipients: int, *, seed: int = 1) -> NDArray[np.int64]:
    """Give last year's helper of each recipient; not of the geographic instance."""
    helpers = max(2 * COUNTY_HELPERS, recipients // HELPER_SHARE)
    return _last_year(np.random.default_rng([seed, recipients]), recipients, helpers)


def _last_year(random: np.random.Generator, recipients: int, helpers: int) -> NDArray[np.int64]:
    """Pair each recipient with a helper of its county, each helper with about as many."""
    counties = helpers // COUNTY_HELPERS
    home = np.arange(recipients) * counties // recipients
    pairs = np.empty(recipients, np.int64)
    for county in range(counties):
        members = np.flatnonzero(home == county)
        first, last = county * helpers // counties, (county + 1) * helpers // counties
        pairs[random.permutation(members)] = first + np.arange(len(members)) % (last - first)
    return pairs


def _candidates(
    random: np.random.Generator, last_year: NDArray[np.int64], helpers: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw candidates: last year's helper, 15 more in the own county, 2 in a partner county, 2 next door."""
    recipients = len(last_year)
    counties = helpers // COUNTY_HELPERS
    width = max(1, int(np.sqrt(counties)))
    home = np.arange(recipients) * counties // recipients
    beside = home + random.choice([-1, 1, -width, width], recipients)
    partner = random.permutation(counties)[home]
    chosen = [(home, 15), (np.where(partner == home, beside % counties, partner), 2), (beside % counties, 2)]
    columns = [_some_of(random, county * helpers // counties, count) for county, count in chosen]
    everybody = np.hstack([last_year[:, None], *columns])
    keys = np.unique((np.arange(recipients)[:, None] * helpers + everybody).ravel())
    return keys // helpers, keys % helpers


def _some_of(random: np.random.Generator, first: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Draw so many different helpers of each county, [N, count]."""
    order = np.argpartition(random.random((len(first), COUNTY_HELPERS), np.float32), count - 1, axis=1)
    return first[:, None] + order[:, :count]


def _costs(
    random: np.random.Generator,
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    last_year: NDArray[np.int64],
    name: str,
) -> Any:  # noqa: ANN401 - whole numbers
    """Score each candidate and turn scores into costs."""
    recipients, helpers = len(last_year), int(column.max()) + 1
    if name.startswith("worst"):
        return random.integers(1, 1001, helpers)[column].astype(np.int64)
    strength = np.minimum(random.pareto(1.5, helpers), 10) / 10
    needs, resources = random.random((recipients, 3)), random.random((helpers, 3))
    fit = (needs[row] * resources[column]).sum(axis=1) / 3
    counties = helpers // COUNTY_HELPERS
    near = column * counties // helpers == row * counties // recipients
    score = 400 * fit + 250 * near + 250 * strength[column] + 100 * (column == last_year[row])
    score += random.normal(0, 60, len(row))
    if name == "fine":
        return (1000 * (1000 - np.clip(score, 0, 995))).astype(np.int64)
    cost = 1000 - 5 * (np.clip(score, 0, 995) / 5).astype(np.int64)
    return np.ceil(cost / 100).astype(np.int64) if name == "ties" else cost.astype(np.int64)


def _by_distance(
    random: np.random.Generator, recipients: int, helpers: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Offer each recipient its 20 nearest helpers; both crowd around towns, not the same ones."""
    from scipy.spatial import cKDTree

    towns = random.random((max(2, helpers // 300), 2))
    spread = 0.5 / np.sqrt(len(towns))
    where = towns[random.integers(0, len(towns), recipients)] + random.normal(0, spread, (recipients, 2))
    seats = towns[random.integers(0, len(towns), helpers)] + random.normal(0, 1.5 * spread, (helpers, 2))
    where = where[np.lexsort((where[:, 1], (where[:, 0] * np.sqrt(recipients) / 17).astype(int)))]
    distance, column = cKDTree(seats).query(where, CANDIDATES)
    row = np.repeat(np.arange(recipients), CANDIDATES)
    scale = 1000 / np.quantile(distance, 0.999)
    return row, column.ravel(), np.minimum(1000, np.rint(distance.ravel() * scale)).astype(np.int64)


def _capacities(random: np.random.Generator, recipients: int, helpers: int, name: str) -> Any:  # noqa: ANN401 - whole numbers
    """Give each helper 10 to 15 places, 1.25 for each recipient, 0.95 when short."""
    capacity = random.integers(10, 16, helpers)
    total = (0.95 if name.endswith("short") else 1.25) * recipients
    capacity = np.maximum(1, (capacity * total / capacity.sum()).astype(np.int64))
    missing = int(total) - int(capacity.sum())
    capacity[random.choice(helpers, abs(missing), replace=abs(missing) > helpers)] += np.sign(missing)
    return np.maximum(capacity, 0).astype(np.int32)
