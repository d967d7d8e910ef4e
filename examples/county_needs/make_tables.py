"""Synthetic registers of a county that does not exist, and a survey drawn from them. Nobody in them exists.

    python examples/county_needs/make_tables.py FOLDER --households 6000 --seed 7

writes what `jiedui run` reads: ``units.parquet`` (households), ``members.parquet`` (persons),
``survey.parquet`` and ``survey_members.parquet`` (two stages: villages by township, households in them),
``areas.csv`` (villages with what is known of each), ``helpers.csv`` (units that could send somebody),
``appraisal.parquet`` (votes in the villages).
"""  # noqa: INP001 - a script

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiedui.registers.synthetic import RATES, make_county

PERSON_COLUMNS = (
    "household",
    "born_on",
    "schooling",
    "student",
    "health",
    "work_months",
    "labour",
    "has_insurance",
)
VILLAGES_A_TOWNSHIP = 2
HOUSEHOLDS_A_VILLAGE = 20
UNITS = (
    ("水务局", "Water bureau", "饮水", 4),
    ("供水公司", "Water company", "饮水、产业", 3),
    ("水利工程站", "Waterworks station", "饮水、道路", 4),
    ("人力资源和社会保障局", "Labour bureau", "就业", 4),
    ("就业服务中心", "Job centre", "就业、产业", 5),
    ("总工会", "Trade unions", "就业", 3),
    ("工业园区", "Industrial park", "就业、产业", 4),
    ("住房和城乡建设局", "Housing bureau", "住房", 5),
    ("建筑公司", "Building company", "住房、就业", 4),
    ("自然资源局", "Land bureau", "住房、道路", 3),
    ("城市建设投资公司", "Construction company", "住房、饮水", 3),
    ("教育局", "Education bureau", "就学", 3),
    ("职业技术学校", "Vocational school", "就学、就业", 4),
    ("农业农村局", "Agriculture bureau", "产业、就业", 5),
    ("交通运输局", "Transport bureau", "道路、就业", 3),
    ("农村商业银行", "Rural bank", "产业、住房", 3),
)
"""Units that could send somebody: what each is called, what it knows, how many villages at most."""
MIDDLE = (106.0, 35.5)
"""The county lies nowhere: a place for drawing it."""
SIDE = 0.6


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--households", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    county = make_county(households=asked.households, seed=asked.seed, rates=dict.fromkeys(RATES, 0))
    households = describe(county.tables["households"], county.tables["persons"])
    persons = county.tables["persons"].select(PERSON_COLUMNS)
    rng = np.random.default_rng(asked.seed)
    survey = draw(households, rng)
    chosen = pc.is_in(persons["household"], survey["household"].combine_chunks())
    for name, rows in (
        ("units", households),
        ("members", persons),
        ("survey", survey),
        ("survey_members", persons.filter(chosen)),
        ("appraisal", appraise(households, np.random.default_rng(asked.seed + 1))),
    ):
        pq.write_table(rows, asked.folder / f"{name}.parquet", compression="zstd")
    write_areas(asked.folder / "areas.csv", county.tables["villages"], rng)
    write_helpers(asked.folder / "helpers.csv", rng)


def describe(households: pa.Table, persons: pa.Table) -> pa.Table:
    """Give households with income in yuan and what their members tell: workers, months of work, the ill."""
    db = duckdb.connect()
    db.register("households", households)
    db.register("persons", persons)
    counted = db.sql(
        """SELECT h.household, h.township, h.village, place_code, size, house_grade, h.has_safe_water,
            h.income_per_head / 100 AS income_per_head,
            count(*) FILTER (labour IN ('普通劳动力', '技能劳动力')) AS workers,
            CAST(coalesce(sum(work_months), 0) AS BIGINT) AS work_months,
            count(*) FILTER (health <> '健康') AS ill, ill > 0 AS with_ill, size = 1 AS lone
        FROM households AS h JOIN persons USING (household)
        GROUP BY ALL ORDER BY h.household"""
    )
    return counted.to_arrow_table()


def appraise(households: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Give the households that villages name, with the votes for each: they know income, but not exactly."""
    known = np.log(households["income_per_head"].to_numpy()) + rng.normal(0, 0.35, households.num_rows)
    votes = np.clip(np.round(30 / (1 + np.exp(2.5 * (known - np.log(7000))))), 0, 30).astype(int)
    named = votes >= 12  # noqa: PLR2004
    rows = households.select(["household", "place_code"]).append_column("votes", pa.array(votes))
    return rows.filter(pa.array(named))


def draw(households: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Draw villages in each township, then households in each village, with their weights."""
    rows = households.select(["township", "village"]).to_pylist()
    place: dict[str, dict[str, list[int]]] = {}
    for number, row in enumerate(rows):
        place.setdefault(row["township"], {}).setdefault(row["village"], []).append(number)
    chosen, weights = [], []
    for villages in (place[name] for name in sorted(place)):
        names = sorted(villages)
        first = min(VILLAGES_A_TOWNSHIP, len(names))
        for name in rng.choice(names, first, replace=False):
            inside = villages[str(name)]
            second = min(HOUSEHOLDS_A_VILLAGE, len(inside))
            chosen += sorted(rng.choice(inside, second, replace=False).tolist())
            weights += [len(names) / first * len(inside) / second] * second
    return households.take(pa.array(chosen)).append_column("weight", pa.array(weights))


def write_areas(path: Path, villages: pa.Table, rng: np.random.Generator) -> None:
    """Write the villages with a point each and what the village register says."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(
            ["code", "name", "name_en", "lon", "lat", "has_clinic", "has_road", "log_collective_income"]
        )
        for row in villages.to_pylist():
            lon, lat = np.round(np.array(MIDDLE) + SIDE * (rng.random(2) - 0.5), 4)
            income = round(float(np.log1p((row["collective_income"] or 0) / 100)), 4)
            known = (int(bool(row[name])) for name in ("has_clinic", "has_road"))
            label = f"Village {row['place_code'][-6:]}"
            out.writerow([row["place_code"], row["village"], label, lon, lat, *known, income])


def write_helpers(path: Path, rng: np.random.Generator) -> None:
    """Write the units of the county that could send somebody to a village."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "name", "name_en", "lon", "lat", "kind", "at_most", "source_grade"])
        for number, (name, english, kinds, most) in enumerate(UNITS, start=1):
            lon, lat = np.round(np.array(MIDDLE) + SIDE * (rng.random(2) - 0.5), 4)
            out.writerow([f"U{number:02}", name, english, lon, lat, kinds, most, "synthetic"])


if __name__ == "__main__":
    main()
