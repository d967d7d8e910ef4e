"""Estimates: one long table, a row for each measure, indicator, group and cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ESTIMATES = Table(
    "estimates",
    {"zh": "估计结果", "en": "estimates"},
    (
        Column("measure", "text", {"zh": "指标", "en": "measure"}),
        Column("indicator", "text", {"zh": "剥夺指标", "en": "indicator"}, required=False),
        Column("group", "text", {"zh": "组别", "en": "group"}, required=False),
        Column("k", "number", {"zh": "贫困临界值", "en": "poverty cut-off"}, required=False),
        Column("b", "number", {"zh": "估计值", "en": "estimate"}, required=False),
        Column("se", "number", {"zh": "标准误", "en": "standard error"}, required=False),
        Column("ll", "number", {"zh": "置信下限", "en": "lower limit"}, required=False),
        Column("ul", "number", {"zh": "置信上限", "en": "upper limit"}, required=False),
        Column("n", "integer", {"zh": "样本量", "en": "units observed"}, required=False),
        Column("psu", "integer", {"zh": "初级抽样单元数", "en": "primary sampling units"}, required=False),
        Column("df", "integer", {"zh": "自由度", "en": "degrees of freedom"}, required=False),
    ),
    key=("measure", "indicator", "group", "k"),
)


@dataclass(frozen=True, slots=True)
class Design:
    """How a sample was drawn: names of columns; empty where there is none.

    Attributes
    ----------
    strata, psu : str
        Strata and primary sampling units; units are drawn one by one where ``psu`` is empty.
    weight : str
        Sampling weight; 1 for each unit where empty.
    single : str
        What is done with a stratum of one sampling unit: ``refuse``, ``centre`` on the mean of all, or
        ``certain`` (adds nothing to the variance).
    """

    strata: str = ""
    psu: str = ""
    weight: str = ""
    single: str = "refuse"


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates with what they were computed from.

    Attributes
    ----------
    table : pyarrow.Table
        As `ESTIMATES` declares, with exactly its columns; ``group`` is empty for the whole, values of several
        grouping columns are joined by ``|``.
    origin : mapping of str to str
        SHA-256 of the specification and of the data, the rule for what is missing, counts of what was left
        out.
    """

    table: pa.Table
    origin: Mapping[str, str] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Give the table as a pandas data frame; pandas must be installed."""
        return self.table.to_pandas()

    def save(self, folder: Path) -> tuple[Path, ...]:
        """Write ``estimates.csv``, ``estimates.parquet`` and ``origin.json`` into an existing folder."""
        import json

        import pyarrow.csv as pa_csv
        import pyarrow.parquet as pq

        paths = tuple(folder / name for name in ("estimates.csv", "estimates.parquet", "origin.json"))
        pa_csv.write_csv(self.table, paths[0])
        pq.write_table(self.table, paths[1])
        paths[2].write_text(json.dumps(dict(self.origin), indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return paths
