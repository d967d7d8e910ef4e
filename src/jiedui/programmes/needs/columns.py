"""The columns that tables of a programme that finds needs must have, looked up before all computing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from jiedui.errors import Finding
from jiedui.language import finding
from jiedui.programmes.inquiry import Inquiry

KEY = "household"
"""Names a household in every table."""


def find_missing_columns(tables: Mapping[str, Path], inquiry: Inquiry) -> Iterator[Finding]:
    """Find tables that cannot be read, and columns that the settings name and a table lacks."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, columns in _wanted(inquiry).items():
        if name not in tables:
            continue
        file = tables[name].name
        try:
            known = pq.read_schema(tables[name]).names
        except (pa.ArrowException, OSError):
            yield finding("table.not_parquet", file=file)
            continue
        for column in dict.fromkeys(columns):
            if column and column not in known:
                found = ", ".join(known)
                yield finding("areas.column_missing", file=file, cell=column, column=column, found=found)


def _wanted(inquiry: Inquiry) -> dict[str, list[str]]:
    """Name the columns of each table."""
    both = [inquiry.domain, inquiry.area, inquiry.size]
    wanted = {"units": both, "survey": [*both, *inquiry.design.values()]}
    if inquiry.income:
        wanted["survey"].append(inquiry.income.column)
    if inquiry.targeting:
        covariates = inquiry.targeting.covariates
        wanted["units"] = [*both, KEY, *covariates]
        wanted["survey"] += [*covariates, *inquiry.targeting.groups]
        wanted["appraisal"] = [KEY, inquiry.area]
    return wanted
