"""Synthetic households, villages, counties and cadres, with who could help whom. Nobody in them exists.

    python examples/household/make_tables.py FOLDER --households 1000000 --seed 1

writes `households.parquet`, `cadres.parquet` and `candidates.parquet`; the last is what `pair_by_part` takes.
"""  # noqa: INP001 - a script

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]

COUNTY_HOUSEHOLDS = 5000
VILLAGE_HOUSEHOLDS = 100
SIDE_KM = 60.0
"""A county is a square of this side."""
PLACES = 5
"""At most five households for one cadre, a common local limit."""
SPARE = 1.25
"""Places for each household."""
CANDIDATES = 10
NEAR = 6 * CANDIDATES
"""Candidates are drawn among this many cadres nearest to the village."""
BORDER = 20
"""Every so many counties share a village's cadres with the next."""
KNOWN = 0.2
"""Part of the score for who already visits the household; the rest is nearness."""


@dataclass(frozen=True, slots=True)
class County:
    """One county: where its villages lie, and in which village each household and cadre lives."""

    code: str
    village_km: Numbers
    household_village: Ints
    cadre_village: Ints

    @property
    def households(self) -> list[str]:
        """Give ids of households."""
        return [f"{self.code}-F{one:05}" for one in range(len(self.household_village))]

    @property
    def cadres(self) -> list[str]:
        """Give ids of cadres."""
        return [f"{self.code}-K{one:05}" for one in range(len(self.cadre_village))]

    def villages(self, places: Ints) -> list[str]:
        """Give codes of villages."""
        return [f"{self.code}-V{one:03}" for one in places]


def make_county(random: np.random.Generator, code: str, count: int) -> County:
    """Draw a county of so many households."""
    villages = max(1, count // VILLAGE_HOUSEHOLDS)
    cadres = int(np.ceil(SPARE * count / PLACES))
    return County(
        code,
        random.uniform(0, SIDE_KM, (villages, 2)),
        np.sort(random.integers(villages, size=count)),
        np.sort(random.integers(villages, size=cadres)),
    )


def make_candidates(random: np.random.Generator, county: County, guests: County | None) -> pa.Table:
    """Draw candidates among the nearest cadres; in the first village also one of the next county."""
    km = np.hypot(*(county.village_km[:, None] - county.village_km[county.cadre_village]).transpose(2, 0, 1))
    near = np.argsort(km, axis=1, kind="stable")[:, :NEAR]
    count = len(county.household_village)
    drawn = random.random((count, near.shape[1])).argsort(axis=1)[:, :CANDIDATES]
    cadre = np.take_along_axis(near[county.household_village], drawn, axis=1)
    distance = km[county.household_village[:, None], cadre]
    known = np.arange(cadre.shape[1]) == 0
    score = (1 - KNOWN) * (1 - distance / (SIDE_KM * np.sqrt(2))) + KNOWN * known
    helper = np.array(county.cadres)[cadre]
    if guests:
        first = county.household_village == county.household_village[0]
        helper[first, -1] = random.choice(guests.cadres, int(first.sum()))
    return pa.table(
        {
            "part": np.full(helper.size, county.code),
            "recipient": np.repeat(county.households, cadre.shape[1]),
            "helper": helper.ravel(),
            "distance_km": distance.ravel().round(2),
            "score": score.ravel().round(3),
            "places": np.full(helper.size, PLACES),
        }
    )


def make_tables(folder: Path, *, households: int, seed: int) -> None:
    """Write the three tables of so many households."""
    random = np.random.default_rng(seed)
    counts = [COUNTY_HOUSEHOLDS] * (households // COUNTY_HOUSEHOLDS)
    counts += [rest] if (rest := households % COUNTY_HOUSEHOLDS) else []
    counties = [make_county(random, f"C{place:04}", count) for place, count in enumerate(counts)]
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.concat_tables(map(_homes, counties)), folder / "households.parquet")
    pq.write_table(pa.concat_tables(map(_cadres, counties)), folder / "cadres.parquet")
    following = [*counties[1:], None]
    writer = None
    for place, (county, after) in enumerate(zip(counties, following, strict=True)):
        table = make_candidates(random, county, after if place % BORDER == 0 else None)
        writer = writer or pq.ParquetWriter(folder / "candidates.parquet", table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _homes(county: County) -> pa.Table:
    villages = county.villages(county.household_village)
    return pa.table({"id": county.households, "county": [county.code] * len(villages), "village": villages})


def _cadres(county: County) -> pa.Table:
    villages = county.villages(county.cadre_village)
    return pa.table({"id": county.cadres, "village": villages, "places": np.full(len(villages), PLACES)})


if __name__ == "__main__":
    words = argparse.ArgumentParser(description="Write synthetic tables for pairing households and cadres.")
    words.add_argument("folder", type=Path)
    words.add_argument("--households", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    make_tables(asked.folder, households=asked.households, seed=asked.seed)
