"""Income in a run that finds needs: how many stand below the line, how far, and how unequal incomes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.needs import Design, Estimates
from jiedui.needs.money import fgt, gini, lorenz

if TYPE_CHECKING:
    from jiedui.programmes.needs.folder import NeedsFolder

POINTS = 20
"""Of the Lorenz curve."""


def measure_income(content: NeedsFolder) -> Estimates | None:
    """Estimate from the survey the measures below the line and the Gini coefficient by domain, and the curve.

    None where the programme says nothing of income.

    Raises
    ------
    InputError
        If columns are missing, or an income is negative.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    inquiry = content.inquiry
    if inquiry.income is None:
        return None
    column, line = inquiry.income.column, inquiry.income.line
    survey, design = pq.read_table(content.tables["survey"]), Design(**inquiry.design)
    by = (inquiry.domain,)
    found = (
        fgt(survey, column, line, by=by, design=design, size=inquiry.size),
        gini(survey, column, by=by, design=design, size=inquiry.size),
        lorenz(survey, column, points=POINTS, design=design, size=inquiry.size),
    )
    return Estimates(pa.concat_tables([one.table for one in found]).combine_chunks(), found[0].origin)
