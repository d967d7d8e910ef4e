"""The parts of the benchmark, each a program: ``python -m benchmarks.needs.parts PART FOLDER ROWS``."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jiedui.needs import Indicator, Spec
from jiedui.needs.cube import headline, make_households, profile_cube, read_cube

if TYPE_CHECKING:
    import ibis

Figures = dict[str, float]
THREADS = 2
RUNS = 3
FEW = 20_000
"""Rows to warm up on."""
WORDS = {"zh": "", "en": ""}
PLACES = {"health": (0, 1), "living": (2, 3, 4, 5, 6, 7), "education": (8, 9)}
INDICATORS = tuple(
    Indicator(f"d{place}", name, WORDS, Fraction(1, 3 * len(members)))
    for name, members in PLACES.items()
    for place in members
)
SPEC = Spec("global", WORDS, dict.fromkeys(PLACES, WORDS), INDICATORS, (Fraction(1, 3),))
NAMES = [one.id for one in INDICATORS]
COLUMNS = ["county", "size", "weight", *NAMES]
LEAST = 6
"""A third of 18."""
SCORE = [int(one.weight * 18) for one in INDICATORS]


def make(folder: Path, rows: int) -> Figures:
    """Write the households that all others read, and a few to warm up on."""
    start = time.perf_counter()
    file = make_households(folder / "households.parquet", rows)
    seconds = time.perf_counter() - start
    make_households(folder / "few.parquet", FEW)
    return {"wall_s": seconds, "file_mib": file.stat().st_size / 2**20}


def scan(file: Path) -> None:
    """Sum each of the 13 columns."""
    _sql(f"SELECT {', '.join(f'sum({name})' for name in COLUMNS)} FROM '{file}'")  # noqa: S608


def ours(file: Path) -> float:
    """Compute headline figures by county."""
    return _checked(headline(_households(file), SPEC, "county", weight="weight", size="size").to_pyarrow())


def build(file: Path) -> None:
    """Count the cube and save it."""
    cube = profile_cube(_households(file), SPEC, ["county"], weight="weight", size="size")
    cube.save(file.with_suffix(".cube"))


def query(file: Path) -> float:
    """Read the cube and compute all measures."""
    import pyarrow.compute as pc

    table = read_cube(file.with_suffix(".cube"), SPEC).estimates().table
    counties = table.filter(pc.field("group") != "")
    found = [counties.filter(pc.field("measure") == name)["b"] for name in ("M0", "hd", "hdk")]
    return float(sum(pc.sum(one).as_py() for one in found))


def products(file: Path) -> float:
    """Compute the same in plain SQL, censored sums as products."""
    censored = [f"sum(v * poor * {name}) / sum(v) AS hdk_{name}" for name in NAMES]
    return _plain(file, censored)


def filters(file: Path) -> float:
    """Compute the same in plain SQL, censored sums by FILTER."""
    censored = [f"sum(v * {name}) FILTER (poor = 1) / sum(v) AS hdk_{name}" for name in NAMES]
    return _plain(file, censored)


def _plain(file: Path, censored: list[str]) -> float:
    """Compute figures in one pass of SQL."""
    score = " + ".join(f"{part} * {name}::INTEGER" for part, name in zip(SCORE, NAMES, strict=True))
    uncensored = [f"sum(v * {name}) / sum(v) AS hd_{name}" for name in NAMES]
    query = f"""
        SELECT county, sum(v * poor * score) / (18 * sum(v)) AS M0_1_3, {", ".join(uncensored + censored)}
        FROM (SELECT *, (score >= {LEAST})::INTEGER AS poor FROM (
            SELECT county, weight::DOUBLE * size AS v, {", ".join(NAMES)}, {score} AS score FROM '{file}'))
        GROUP BY county"""  # noqa: S608
    return _checked(_sql(query))


def polars(file: Path) -> float:
    """Compute the same by Polars, streaming."""
    import polars as pl

    score = sum(part * pl.col(name).cast(pl.Int32) for part, name in zip(SCORE, NAMES, strict=True))
    v, censored = pl.col("v"), pl.col("v") * pl.col("poor")
    frame = pl.scan_parquet(file).with_columns(
        v=pl.col("weight").cast(pl.Float64) * pl.col("size"), score=score
    )
    frame = frame.with_columns(poor=(pl.col("score") >= LEAST).cast(pl.Int32))
    told = frame.group_by("county").agg(
        ((censored * pl.col("score")).sum() / (18 * v.sum())).alias("M0_1_3"),
        *[((v * pl.col(name)).sum() / v.sum()).alias(f"hd_{name}") for name in NAMES],
        *[((censored * pl.col(name)).sum() / v.sum()).alias(f"hdk_{name}") for name in NAMES],
    )
    return _checked(told.collect(engine="streaming").to_arrow())


def pandas(file: Path) -> float:
    """Compute the same by pandas, a column at a time so that it fits."""
    import pandas as pd

    frame = pd.read_parquet(file)
    v = frame["weight"].astype(float) * frame["size"]
    score = sum(part * frame[name].astype("int32") for part, name in zip(SCORE, NAMES, strict=True))
    poor = v * (score >= LEAST)
    groups = frame["county"]
    whole = v.groupby(groups).sum()
    told = {"M0_1_3": (poor * score).groupby(groups).sum() / (18 * whole)}
    for name in NAMES:
        told[f"hd_{name}"] = (v * frame[name]).groupby(groups).sum() / whole
        told[f"hdk_{name}"] = (poor * frame[name]).groupby(groups).sum() / whole
    return float(sum(one.sum() for one in told.values()))


OURS: dict[str, Callable[[Path], float | None]] = {
    "scan": scan,
    "headline": ours,
    "cube, counted and saved": build,
    "cube query": query,
}
OTHERS: dict[str, Callable[[Path], float | None]] = {
    "DuckDB SQL, products": products,
    "DuckDB SQL, FILTER": filters,
    "polars": polars,
    "pandas": pandas,
}


def survey() -> Figures:
    """Compute standard errors for two rounds by area and region: 15,000 units."""
    import numpy as np

    from jiedui.needs import Design, poverty

    random = np.random.default_rng(1)
    units = 15_000
    psu = random.integers(0, 600, units)
    table = pa.table(
        {
            "round": psu % 2,
            "area": psu // 2 % 2,
            "region": psu // 4 % 31,
            "stratum": psu // 4 % 50,
            "psu": psu,
            "weight": random.random(units) + 0.5,
            **{name: random.integers(0, 2, units) for name in NAMES},
        }
    )
    design = Design(strata="stratum", psu="psu", weight="weight")
    start = _cpu()
    found = [poverty(table, SPEC, ["round", name], design).table for name in ("area", "region")]
    return {"cpu_s": _cpu() - start, "rows": sum(one.num_rows for one in found)}


def _households(file: Path) -> ibis.Table:
    """Give the households as a table of DuckDB."""
    import ibis

    return ibis.duckdb.connect(threads=THREADS).read_parquet(file)


def _sql(query: str) -> pa.Table:
    """Ask a DuckDB of our own."""
    import duckdb

    with duckdb.connect(config={"threads": THREADS}) as connection:
        return connection.execute(query).to_arrow_table()


def _checked(table: pa.Table) -> float:
    """Sum the figures that every way computes."""
    import pyarrow.compute as pc

    names = ["M0_1_3"]
    names += [name for name in table.column_names if name.startswith(("hd_", "hdk_"))]
    return float(sum(pc.sum(table[name]).as_py() for name in names))


def _cpu() -> float:
    """Give the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _measured(part: Callable[[Path], Any], folder: Path) -> Figures:
    """Warm up, run a few times, and give the least CPU and the peak."""
    part(folder / "few.parquet")
    seconds = []
    check = None
    for _ in range(RUNS):
        start = _cpu()
        check = part(folder / "households.parquet")
        seconds.append(_cpu() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu_s": min(seconds), "peak_mib": peak} | ({} if check is None else {"check": check})


def main() -> None:
    """Run the part named and print what it measured as JSON."""
    name, folder, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if name == "make":
        told = make(folder, rows)
    elif name == "survey":
        told = survey()
    elif name in {"polars", "pandas"} and not find_spec(name):
        told = {}
    else:
        told = _measured((OURS | OTHERS)[name], folder)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
