"""The synthetic households of the example: the same from a seed, and tables that can be paired."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jiedui.pairs.parts import pair_by_part, part_groups

SCRIPT = Path(__file__).parents[2] / "examples" / "household" / "make_tables.py"
HOUSEHOLDS = 10_300
"""Two counties and the beginning of a third."""


def make_tables(folder: Path) -> Path:
    command = [sys.executable, str(SCRIPT), str(folder), f"--households={HOUSEHOLDS}", "--seed=1"]
    subprocess.run(command, check=True)  # noqa: S603 - our own script
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tables(tmp_path_factory.mktemp("household"))


def test_a_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    make_tables(tmp_path)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["cadres.parquet", "candidates.parquet", "households.parquet"]
    assert all((tmp_path / name).read_bytes() == (folder / name).read_bytes() for name in names)


def test_the_candidates_name_known_households_and_cadres(folder: Path) -> None:
    candidates = pq.read_table(folder / "candidates.parquet")
    for column, name in (("recipient", "households"), ("helper", "cadres")):
        known = set(pq.read_table(folder / f"{name}.parquet")["id"].to_pylist())
        assert set(candidates[column].to_pylist()) <= known
    assert pq.read_metadata(folder / "households.parquet").num_rows == HOUSEHOLDS


def test_counties_that_share_cadres_are_paired_together_and_nobody_gets_too_many(folder: Path) -> None:
    candidates = pq.read_table(folder / "candidates.parquet")
    assert part_groups(candidates)["group"].to_pylist() == ["C0000", "C0000", "C0002"]
    paired = pair_by_part(candidates)
    assert paired.num_rows == HOUSEHOLDS
    counts = paired.filter(paired["helper"].is_valid()).group_by("helper").aggregate([([], "count_all")])
    assert max(counts["count_all"].to_pylist()) == 5
