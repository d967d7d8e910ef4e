"""Spark gives what DuckDB and processes give; one file, so that Java starts once."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
import pytest
from pyspark.errors import PythonException
from tests.needs_cases import assert_same, mixed_case

from jiedui.errors import InputError, MissingPartError
from jiedui.needs.cube import headline, profile_cube
from jiedui.needs.spec import Missing
from jiedui.pairs.parts import local_spark, pair_by_part, pair_on_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Java"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    # Ibis brings what Spark computed through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java compiles simply: for some seconds of work the best code is not worth its making."""


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", QUICK_START)
        with local_spark(memory="512m") as session:
            yield session


@pytest.fixture(scope="module")
def households(spark: SparkSession) -> ibis.Table:
    _, table = mixed_case("drop")
    spark.createDataFrame(table).createOrReplaceTempView("households")
    return ibis.pyspark.connect(spark).table("households")


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


def candidates() -> pa.Table:
    """Give eight parts of six recipients with tied scores, two of which share a helper with the next part."""
    random = np.random.default_rng(8)
    rows = [
        (f"p{part}", f"r{part}-{row}", f"h{part + (column == 2 and part in {2, 3})}-{column}")
        for part, row, column in itertools.product(range(8), range(6), range(3))
    ]
    part, recipient, helper = (list(column) for column in zip(*rows, strict=True))
    return pa.table(
        {
            "part": [*part, "p9"],
            "recipient": [*recipient, "r9"],
            "helper": [*helper, None],
            "score": [*random.integers(0, 4, len(rows)) / 4, None],
            "places": [*(1 + int(name[-1]) for name in helper), None],
        }
    )


def test_spark_and_processes_give_the_same_table(spark: SparkSession) -> None:
    table = candidates()
    told = pair_on_spark(spark.createDataFrame(table)).orderBy("part", "recipient").toArrow()
    assert told.equals(pair_by_part(table))


def test_what_concerns_all_parts_is_refused_at_once(spark: SparkSession) -> None:
    table = candidates()
    moved = table.set_column(0, "part", pa.array(["p7", *table["part"].to_pylist()[1:]]))
    with pytest.raises(InputError) as refused:
        pair_on_spark(spark.createDataFrame(moved))
    assert [found.rule for found in refused.value.findings] == ["pairs.two_parts"]
    with pytest.raises(InputError, match="places"):
        pair_on_spark(spark.createDataFrame(table.drop_columns("places")))


def test_what_a_part_refuses_comes_back_with_its_findings(spark: SparkSession) -> None:
    table = candidates()
    wrong = table.set_column(3, "score", pa.array([7.0, *table["score"].to_pylist()[1:]]))
    with pytest.raises(PythonException, match=r"pairs\.score"):
        pair_on_spark(spark.createDataFrame(wrong)).toArrow()


def test_without_java_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPartError) as refused, local_spark():
        pass
    assert [found.rule for found in refused.value.findings] == ["pairs.no_java"]
