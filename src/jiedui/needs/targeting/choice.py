"""A threshold as named people choose it, with what it does beside what the others would have done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.targeting.columns import listed, rows_of
from jiedui.needs.targeting.tables import CONSEQUENCES
from jiedui.schemes import Scheme

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Choice:
    """A threshold that was chosen.

    Attributes
    ----------
    rule : str
        ``threshold``, ``exclusion_at_most`` or ``share``.
    by, why : str
        Who chose it, and for which reason.
    consequences : pyarrow.Table
        What it does, as a whole and by group.
    others : pyarrow.Table
        What the thresholds not chosen would have done, as a whole.
    """

    threshold: float
    rule: str
    by: str
    on: dt.date
    why: str
    consequences: pa.Table
    others: pa.Table


def choose_threshold(
    table: pa.Table,
    *,
    scheme: Scheme,
    by: str,
    on: dt.date,
    why: str,
    threshold: float | None = None,
    exclusion_at_most: float | None = None,
    share: float | None = None,
) -> Choice:
    """Choose one of the thresholds whose consequences were shown.

    Parameters
    ----------
    table : pyarrow.Table
        As `threshold_table` gives it.
    scheme : Scheme
        Its ``fixed_share`` says whether a fixed share of units may be selected. No scheme that comes with the
        package allows it: whoever qualifies is helped (应纳尽纳).
    threshold, exclusion_at_most, share : float, optional
        One of them: a threshold of the table; the lowest threshold that leaves out at most so large a part of
        the units in need; a share asked for in the table.

    Raises
    ------
    InputError
        If none or several rules are given, the scheme allows no fixed share, the table does not show such a
        threshold, or nobody is named.

    Examples
    --------
    >>> import datetime, pyarrow as pa
    >>> from jiedui.needs.targeting import threshold_table
    >>> from jiedui.schemes import load_scheme
    >>> units = pa.table({"needy": [1, 1, 0, 0], "score": [1.0, 3.0, 2.0, 4.0]})
    >>> shown = threshold_table(units, truth="needy", score="score", thresholds=[1, 2, 3])
    >>> choose_threshold(
    ...     shown, scheme=load_scheme("household"), exclusion_at_most=0.1,
    ...     by="county office", on=datetime.date(2026, 3, 2), why="nobody in need shall be left out",
    ... ).threshold
    3.0
    """
    import pyarrow.compute as pc

    rules = {"threshold": threshold, "exclusion_at_most": exclusion_at_most, "share": share}
    given = {rule: value for rule, value in rules.items() if value is not None}
    _check(given, scheme=scheme, by=by, why=why)
    ((rule, value),) = given.items()
    rows = rows_of(table, "consequences")
    for one in CONSEQUENCES.columns:
        rows.column(one.name)
    whole = table.filter(pc.equal(table["group"], ""))
    limit = _limit(whole, rule, value)
    chosen, passed = pc.equal(table["threshold"], limit), pc.not_equal(whole["threshold"], limit)
    return Choice(limit, rule, by, on, why, table.filter(chosen), whole.filter(passed))


def _check(given: dict[str, float], *, scheme: Scheme, by: str, why: str) -> None:
    """Refuse a choice that may not be made, or that nobody makes."""
    faults = []
    if len(given) != 1:
        faults.append(finding("targeting.one_rule", found=listed(given)))
    if "share" in given and not scheme.fixed_share:
        faults.append(finding("targeting.no_quota", cell="share", scheme=scheme.name, found=given["share"]))
    if not by.strip() or not why.strip():
        faults.append(finding("targeting.nobody"))
    if faults:
        raise InputError(faults)


def _limit(whole: pa.Table, rule: str, value: float) -> float:
    """Find the threshold that a rule means."""
    rows = whole.select(["threshold", "asked", "exclusion"]).to_pylist()
    if rule == "exclusion_at_most":
        fits = [row for row in rows if row["exclusion"] is not None and row["exclusion"] <= value]
    else:
        fits = [row for row in rows if row["asked" if rule == "share" else "threshold"] == value]
    if not fits:
        shown = listed(sorted({row["threshold"] for row in rows}))
        raise InputError([finding("targeting.not_shown", cell=rule, found=value, allowed=shown)])
    return float(min(row["threshold"] for row in fits))
