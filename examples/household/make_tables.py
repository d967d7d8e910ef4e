"""Synthetic households, villages, counties and cadres, with who could help whom. Nobody in them exists.

    python examples/household/make_tables.py FOLDER --households 1000000 --seed 1

writes `households.parquet`, `cadres.parquet` and `candidates.parquet`; the last is what `pair_by_part` takes.
With ``--programme`` it writes a folder for ``jiedui run`` instead: `candidates.parquet`, `parts.csv` and,
where there is none yet, the `programme.toml` beside this script.
"""  # noqa: INP001 - a script

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Sequence
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
KNOWN = 0.4
"""Part of the score for who already visits the household; the rest is nearness."""
VISITED = 0.9
"""Share of the households that somebody already visits."""
SHORT, SHORT_EVERY = 0.95, 10
"""Places for each household in every so many counties, the fourth among them."""
ORIGIN, STEP = (100.0, 30.0), (1.2, 1.0)
"""Longitude and latitude of the first county, which is no real one, and how far apart counties lie."""
NUMERALS = "一二三四五六七八九十"


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


def make_county(random: np.random.Generator, code: str, count: int, *, spare: float) -> County:
    """Draw a county of so many households and, for each of them, so many places of cadres."""
    villages = max(1, count // VILLAGE_HOUSEHOLDS)
    cadres = int(np.ceil(spare * count / PLACES))
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
    known = (np.arange(cadre.shape[1]) == 0) & (random.random((count, 1)) < VISITED)
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
            "present": known.ravel(),
        }
    )


def make_tables(
    folder: Path,
    *,
    households: int,
    seed: int,
    county_households: int = COUNTY_HOUSEHOLDS,
    is_programme: bool = False,
) -> None:
    """Write the tables of so many households."""
    random = np.random.default_rng(seed)
    counts = [county_households] * (households // county_households)
    counts += [rest] if (rest := households % county_households) else []
    counties = [
        make_county(random, f"C{place:04}", count, spare=SHORT if place % SHORT_EVERY == 3 else SPARE)  # noqa: PLR2004
        for place, count in enumerate(counts)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    if is_programme:
        _write_parts(folder, [county.code for county in counties])
    else:
        pq.write_table(pa.concat_tables(map(_homes, counties)), folder / "households.parquet")
        pq.write_table(pa.concat_tables(map(_cadres, counties)), folder / "cadres.parquet")
    _write_candidates(folder / "candidates.parquet", random, counties)


def _write_candidates(path: Path, random: np.random.Generator, counties: Sequence[County]) -> None:
    """Write who could visit whom, county by county."""
    following = [*counties[1:], None]
    writer = None
    for place, (county, after) in enumerate(zip(counties, following, strict=True)):
        table = make_candidates(random, county, after if place % BORDER == 0 else None)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


def _write_parts(folder: Path, codes: Sequence[str]) -> None:
    """Write the counties, on a grid that is plainly no map, and settings where there are none."""
    across = int(np.ceil(np.sqrt(len(codes))))
    with (folder / "parts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "name_en", "lon", "lat"])
        for place, code in enumerate(codes):
            down, right = divmod(place, across)
            numeral = NUMERALS[place] if place < len(NUMERALS) else place + 1
            lon = ORIGIN[0] + STEP[0] * (right + down % 2 / 2)
            lat = ORIGIN[1] - STEP[1] * down
            writer.writerow(
                [code, f"示例{numeral}县", f"Example County {place + 1}", round(lon, 2), round(lat, 2)]
            )
    if not (folder / "programme.toml").exists():
        shutil.copy(Path(__file__).with_name("programme.toml"), folder)


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
    words.add_argument("--county-households", type=int, default=COUNTY_HOUSEHOLDS)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--programme", action="store_true", help="a folder for jiedui run")
    asked = words.parse_args()
    make_tables(
        asked.folder,
        households=asked.households,
        seed=asked.seed,
        county_households=asked.county_households,
        is_programme=asked.programme,
    )
