"""The score beside the village's democratic appraisal (民主评议): where they differ, somebody goes and looks.

Ties: units with the same score, or the same votes, share a range of ranks. Two ranks differ only as far as
their ranges lie apart: a disagreement is one however ties are broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import Lang, decimal, finding, text
from jiedui.needs.targeting.columns import ArrowTable, Rows, listed, rows_of
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.targeting.columns import Flags, Floats, Ints

UNUSUAL = 0.01
"""A village counts as unusual when chance alone gives so many visits with at most this probability."""
SIDES = ("alike", "score_needier", "appraisal_needier", "score_only", "appraisal_only")

COMPARISON = Table(
    "comparison",
    {"zh": "推算与评议对照", "en": "score beside appraisal"},
    (
        Column("village", "text", {"zh": "村", "en": "village"}),
        Column("unit", "text", {"zh": "户编号", "en": "unit"}),
        Column("score", "number", {"zh": "推算值", "en": "score"}, required=False),
        Column("score_rank", "number", {"zh": "推算位次", "en": "rank by score"}, required=False),
        Column("appraisal_rank", "number", {"zh": "评议位次", "en": "rank by appraisal"}, required=False),
        Column("compared", "integer", {"zh": "本村对照户数", "en": "units compared in the village"}),
        Column("difference", "number", {"zh": "位次差", "en": "difference of ranks"}, required=False),
        Column("side", "text", {"zh": "不一致的方向", "en": "which is needier"}, choices=SIDES),
        Column("visit", "boolean", {"zh": "入户核实", "en": "to be visited"}),
        Column("score_reason", "text", {"zh": "推算的依据", "en": "reason of the score"}, required=False),
        Column(
            "appraisal_reason", "text", {"zh": "评议的依据", "en": "reason of the appraisal"}, required=False
        ),
    ),
    key=("unit",),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the score and the appraisal say of the same units; it decides nothing.

    Attributes
    ----------
    table : pyarrow.Table
        As ``COMPARISON`` declares, by village and unit, with what is to be visited first in each village.
    compared, visits : int
        Units in both, and all units to be visited.
    villages : int
        Villages with units in both.
    unusual : int
        Villages where the two disagree more often than chance explains. A count: a village may know what no
        register knows, so none is named.
    by_chance : float
        How many would be expected if all villages were alike.
    """

    table: pa.Table
    compared: int
    visits: int
    villages: int
    unusual: int
    by_chance: float


def compare_appraisal(
    scores: ArrowTable,
    appraisal: ArrowTable,
    *,
    lang: Lang,
    apart: float = 0.5,
) -> Comparison:
    """Put the ranks of a score beside those of the village appraisal, and list disagreements for a visit.

    Parameters
    ----------
    scores : pyarrow.Table or data frame
        ``unit, village, score``, the lower the more in need; ``lower, upper`` and ``reason`` where known.
    appraisal : pyarrow.Table or data frame
        ``unit, village`` and either ``rank`` (1 is most in need) or ``votes`` (for helping the unit);
        ``reason`` where the minutes give one. Votes alone count, not who gave them.
    lang : str
        Of the reasons.
    apart : float
        A unit is visited when its ranks differ by more than this part of the units compared in its village.
        Units that stand on one side only are visited too.

    Raises
    ------
    InputError
        If a column is missing or empty, a unit stands twice or in two villages, or `apart` is no part.

    Examples
    --------
    >>> import pyarrow as pa
    >>> scores = pa.table({"unit": list("abcd"), "village": ["v"] * 4, "score": [1.0, 2.0, 3.0, 4.0]})
    >>> votes = pa.table({"unit": list("abcd"), "village": ["v"] * 4, "votes": [0, 9, 5, 30]})
    >>> found = compare_appraisal(scores, votes, lang="en")
    >>> [(row["unit"], row["difference"], row["side"]) for row in found.table.to_pylist() if row["visit"]]
    [('a', 3.0, 'score_needier'), ('d', -3.0, 'appraisal_needier')]
    """
    import pyarrow as pa

    if not 0 <= apart < 1:
        raise InputError([finding("targeting.apart", cell="apart", found=apart)])
    sides = _Side(rows_of(scores, "scores"), "score"), _opinion(rows_of(appraisal, "appraisal"))
    records = _records(*sides, apart=apart, lang=lang)
    records.sort(
        key=lambda row: (row["village"], not row["visit"], -abs(row["difference"] or 0), row["unit"])
    )
    both = [row for row in records if row["difference"] is not None]
    counts: dict[str, list[int]] = {}
    for row in both:
        counts.setdefault(row["village"], []).append(int(row["visit"]))
    unusual, by_chance = _unusual(counts)
    return Comparison(
        table=pa.Table.from_pylist(records, COMPARISON.schema()),
        compared=len(both),
        visits=sum(row["visit"] for row in records),
        villages=len(counts),
        unusual=unusual,
        by_chance=by_chance,
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two opinions: its rows, and the column that ranks them; more votes come first."""

    rows: Rows
    column: str

    def values(self) -> Floats:
        """Give what ranks, the neediest lowest."""
        values = self.rows.numbers(self.column)
        return -values if self.column == "votes" else values


def _opinion(rows: Rows) -> _Side:
    """Take ranks or votes, whichever the appraisal gives."""
    given = [name for name in ("rank", "votes") if name in rows.table.column_names]
    if len(given) != 1:
        raise rows.fault("rank_or_votes", found=listed(given or rows.table.column_names))
    return _Side(rows, given[0])


def _records(score: _Side, appraisal: _Side, *, apart: float, lang: Lang) -> list[dict[str, Any]]:
    """Give a row for each unit of either side."""
    import numpy as np

    units, villages = _places(score.rows, appraisal.rows)
    here, there = (
        np.array([place.get(unit, -1) for unit in units])
        for place in (
            {unit: at for at, unit in enumerate(side.rows.keys("unit"))} for side in (score, appraisal)
        )
    )
    both = (here >= 0) & (there >= 0)
    codes = np.unique(np.array([villages[unit] for unit in units]), return_inverse=True)[1]
    ranges = [
        _ranges(side.values()[at[both]], codes[both]) for side, at in ((score, here), (appraisal, there))
    ]
    (low, high), (first, last) = ranges
    gaps = np.where(first > high, first - high, np.where(last < low, last - low, 0.0))
    sizes = np.bincount(codes[both], minlength=codes.max() + 1)
    inside = np.cumsum(both) - 1
    values = score.values()
    made = []
    for at, unit in enumerate(units):
        size, known = int(sizes[codes[at]]), bool(both[at])
        gap = float(gaps[inside[at]]) if known else None
        ranks = [float(np.mean([one[inside[at]] for one in pair])) if known else None for pair in ranges]
        made.append({
            "village": villages[unit],
            "unit": unit,
            "score": float(values[here[at]]) if here[at] >= 0 else None,
            "score_rank": ranks[0],
            "appraisal_rank": ranks[1],
            "compared": size,
            "difference": gap,
            "side": _side(gap, is_scored=here[at] >= 0),
            "visit": gap is None or abs(gap) > apart * size,
            "score_reason": _reason(score, int(here[at]), ranks[0], size, lang),
            "appraisal_reason": _reason(appraisal, int(there[at]), ranks[1], size, lang),
        })  # fmt: skip
    return made


def _places(scores: Rows, appraisal: Rows) -> tuple[list[str], dict[str, str]]:
    """Give all units in order, each with its one village."""
    villages: dict[str, str] = {}
    moved = []
    for rows in (scores, appraisal):
        own = rows.texts("village").to_pylist()
        for unit, village in zip(rows.keys("unit"), own, strict=True):
            if villages.setdefault(unit, village) != village:
                moved.append(unit)
    if moved:
        raise appraisal.fault("two_villages", column="village", count=len(moved), found=listed(moved))
    return sorted(villages), villages


def _ranges(values: Floats, codes: Ints) -> tuple[Floats, Floats]:
    """Give the first and last rank of each value among those of the same code, ties sharing all of theirs."""
    import numpy as np

    order = np.lexsort((values, codes))
    ranked, own = values[order], codes[order]
    start = np.r_[True, own[1:] != own[:-1]][: len(own)]
    fresh: Flags = start | np.r_[True, ranked[1:] != ranked[:-1]][: len(own)]
    every = np.arange(len(own))
    opening = np.maximum.accumulate(np.where(start, every, 0))
    first = np.maximum.accumulate(np.where(fresh, every, 0)) - opening + 1
    run = np.cumsum(fresh) - 1
    last = first + np.bincount(run)[run] - 1 if len(run) else first
    low, high = np.empty(len(values)), np.empty(len(values))
    low[order], high[order] = first, last
    return low, high


def _side(gap: float | None, *, is_scored: bool) -> str:
    if gap is None:
        return "score_only" if is_scored else "appraisal_only"
    return "alike" if gap == 0 else "score_needier" if gap > 0 else "appraisal_needier"


def _reason(side: _Side, at: int, rank: float | None, size: int, lang: Lang) -> str | None:
    """Say what one side rests on: its rank and value, and what its table gives as reason."""
    if at < 0:
        return None
    given = {name: side.rows.table[name][at].as_py() for name in side.rows.table.column_names}
    parts = []
    if rank is not None:
        parts.append(text("targeting_word.rank", lang, rank=f"{rank:g}", size=size))
    if side.column == "score":
        ends = [given.get(name) for name in ("score", "lower", "upper")]
        kind = "interval" if None not in ends else "value"
        shown = dict(zip(("score", "lower", "upper"), map(decimal, ends), strict=True))
        parts.append(text(f"targeting_word.{kind}", lang, **shown))
    elif side.column == "votes":
        parts.append(text("targeting_word.votes", lang, votes=f"{given['votes']:g}"))
    parts += [str(given["reason"])] if given.get("reason") else []
    return text("targeting_word.mark", lang).join(parts)


def _unusual(counts: dict[str, list[int]]) -> tuple[int, float]:
    """Count villages with more visits than chance explains at the rate of all; how many chance would give."""
    from scipy.stats import binom

    if not counts:
        return 0, 0.0
    rate = sum(map(sum, counts.values())) / sum(map(len, counts.values()))
    sizes = [len(own) for own in counts.values()]
    limits = binom.isf(UNUSUAL, sizes, rate)
    beyond = sum(sum(own) > limit for own, limit in zip(counts.values(), limits, strict=True))
    return beyond, float(binom.sf(limits, sizes, rate).sum())
