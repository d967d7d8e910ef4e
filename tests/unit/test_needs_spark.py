"""Spark gives the figures that DuckDB gives."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import ibis
import pytest
from tests.needs_cases import assert_same, mixed_case

from jiedui.needs.cube import headline, profile_cube
from jiedui.needs.spec import Missing
from jiedui.pairs.parts import local_spark

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Java"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    # Ibis brings what Spark computed through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@pytest.fixture(scope="module")
def households() -> Iterator[ibis.Table]:
    _, table = mixed_case("drop")
    with local_spark(memory="512m") as session:
        session.createDataFrame(table).createOrReplaceTempView("households")
        yield ibis.pyspark.connect(session).table("households")


@pytest.mark.parametrize("rule", ["drop", "spread", "bounds"])
def test_spark_and_duckdb_give_the_same_headline(households: ibis.Table, rule: Missing) -> None:
    spec, table = mixed_case(rule)
    found, wanted = (
        headline(one, spec, ["area"], weight="weight", size="size").to_pyarrow()
        for one in (households, ibis.memtable(table))
    )
    assert found.num_rows == 7
    assert_same(found, wanted)


def test_spark_and_duckdb_count_the_same_cube(households: ibis.Table) -> None:
    spec, table = mixed_case("spread")
    found, wanted = (
        profile_cube(one, spec, ["area"], weight="weight", size="size")
        for one in (households, ibis.memtable(table))
    )
    assert_same(found.table, wanted.table)
    assert_same(found.estimates().table, wanted.estimates().table)
