"""Pairing part by part on Spark, for what one machine cannot hold; and a small Spark of one's own machine.

Spark carries `pair_part` to the parts; the few things that concern all of them, which parts share helpers
and whether a recipient stands in two, are asked of Spark and settled here.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from jiedui.errors import InputError, MissingPartError
from jiedui.language import finding
from jiedui.pairs.parts.groups import part_groups
from jiedui.pairs.parts.part import TOLD, check_candidates, pair_part

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOOPBACK = "127.0.0.1"


def pair_on_spark(candidates: DataFrame) -> DataFrame:
    """Pair all parts on Spark; sorted by part and recipient it equals `pair_by_part`.

    Parameters
    ----------
    candidates
        As in `pair_part`, for many parts.

    Returns
    -------
    DataFrame
        As `pair_part` gives, in no order. Spark computes it when it is asked for; what a part then refuses
        comes back as Spark's error with the findings in its text.

    Raises
    ------
    InputError
        If a column is missing or of a wrong type, or a recipient stands in several parts.
    """
    from pyspark.sql.functions import broadcast, count_distinct

    check_candidates(candidates.limit(0).toArrow())
    counted = candidates.groupBy("recipient").agg(count_distinct("part").alias("count"))
    if twice := counted.where("count > 1").orderBy("recipient").collect():
        raise InputError([finding("pairs.two_parts", id=row[0], count=row[1]) for row in twice])
    groups = part_groups(candidates.select("part", "helper").distinct().toArrow())
    grouped = candidates.join(broadcast(candidates.sparkSession.createDataFrame(groups)), "part", "left")
    columns = ", ".join(f"{name} {kind}" for name, kind in TOLD.items())
    return grouped.groupBy("group").applyInArrow(pair_part, columns)


@contextmanager
def local_spark(*, cores: int = 2, memory: str = "1g") -> Iterator[SparkSession]:
    """Run Spark on this machine alone: no address but loopback, no page of its own, no word but errors.

    Parameters
    ----------
    memory
        Of the Java process, as Spark writes it.

    Raises
    ------
    MissingPartError
        If pyspark or Java is not installed.
    """
    _check_parts()
    from pyspark.sql import SparkSession

    options: dict[str, bool | float | int | str | None] = {
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.host": LOOPBACK,
        "spark.driver.memory": memory,
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": 2 * cores,
        "spark.ui.enabled": False,
        "spark.ui.showConsoleProgress": False,
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("jiedui")
    python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    with _environment(python | {"SPARK_LOCAL_IP": LOOPBACK}):
        with _silence():
            session = builder.config(map=options).getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def _check_parts() -> None:
    """Say what is not installed."""
    present = {
        "pairs.no_spark": find_spec("pyspark"),
        "pairs.no_java": os.environ.get("JAVA_HOME") or shutil.which("java"),
    }
    if missing := [finding(key) for key, found in present.items() if not found]:
        raise MissingPartError(missing)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables that Spark reads, and put them back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({} if value is None else {name: value})


@contextmanager
def _silence() -> Iterator[None]:
    """Let the processes started meanwhile write their remarks nowhere: Java keeps what it gets."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
