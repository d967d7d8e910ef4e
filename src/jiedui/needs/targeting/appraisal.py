"""The score beside the village's democratic appraisal (民主评议): where they differ, somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import Lang, decimal, finding, text
from jiedui.needs.targeting.columns import ArrowTable, Rows, listed, rows_of
from jiedui.needs.targeting.ranks import count_unusual, rank_both
from jiedui.needs.targeting.tables import COMPARISON

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.targeting.columns import Floats, Ints


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
    visits: dict[str, list[bool]] = {}
    for row in both:
        visits.setdefault(row["village"], []).append(row["visit"])
    unusual, by_chance = count_unusual(visits.values())
    return Comparison(
        table=pa.Table.from_pylist(records, COMPARISON.schema()),
        compared=len(both),
        visits=sum(row["visit"] for row in records),
        villages=len(visits),
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

    def positions(self, units: list[str]) -> Ints:
        """Give the row of each unit, -1 where it has none."""
        import numpy as np

        place = {unit: at for at, unit in enumerate(self.rows.keys("unit").to_pylist())}
        return np.array([place.get(unit, -1) for unit in units])


def _opinion(rows: Rows) -> _Side:
    """Take ranks or votes, whichever the appraisal gives."""
    given = [name for name in ("rank", "votes") if name in rows.table.column_names]
    if len(given) != 1:
        raise rows.fault("rank_or_votes", found=listed(given or rows.table.column_names))
    return _Side(rows, given[0])


def _records(score: _Side, appraisal: _Side, *, apart: float, lang: Lang) -> list[dict[str, Any]]:
    """Give a row for each unit of either side."""
    units, villages = _places(score.rows, appraisal.rows)
    here, there = score.positions(units), appraisal.positions(units)
    values, both = score.values(), (here >= 0) & (there >= 0)
    opinions = (values[here[both]], appraisal.values()[there[both]])
    ranked = rank_both(*opinions, both, [villages[unit] for unit in units])
    made = []
    for unit, at, beside, ranks in zip(units, here.tolist(), there.tolist(), ranked, strict=True):
        gap = ranks.gap
        made.append({
            "village": villages[unit],
            "unit": unit,
            "score": float(values[at]) if at >= 0 else None,
            "score_rank": ranks.first,
            "appraisal_rank": ranks.second,
            "compared": ranks.size,
            "difference": gap,
            "side": _side(gap, is_scored=at >= 0),
            "visit": gap is None or abs(gap) > apart * ranks.size,
            "score_reason": _reason(score, at, ranks.first, ranks.size, lang),
            "appraisal_reason": _reason(appraisal, beside, ranks.second, ranks.size, lang),
        })  # fmt: skip
    return made


def _places(scores: Rows, appraisal: Rows) -> tuple[list[str], dict[str, str]]:
    """Give all units in order, each with its one village."""
    villages: dict[str, str] = {}
    moved = []
    for rows in (scores, appraisal):
        own = rows.texts("village").to_pylist()
        for unit, village in zip(rows.keys("unit").to_pylist(), own, strict=True):
            if villages.setdefault(unit, village) != village:
                moved.append(unit)
    if moved:
        raise appraisal.fault("two_villages", column="village", count=len(moved), found=listed(moved))
    return sorted(villages), villages


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
