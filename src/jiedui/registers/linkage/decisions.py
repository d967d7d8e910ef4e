"""What persons decided in earlier months, brought to the records of this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.registers.linkage.questions import masked

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions by the positions of records, left before right; those that do not fit as findings."""

    same: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    findings: tuple[Finding, ...] = ()


def fit_decisions(decisions: pa.Table | None, records: pa.ChunkedArray) -> Decided:
    """Find the records of each decision among the ids of records.

    A decision whose record is gone, and two decisions that contradict each other, are findings and not
    applied.
    """
    import pyarrow.compute as pc

    if decisions is None:
        return Decided()
    told: dict[tuple[int, int], set[bool]] = {}
    names: dict[int, str] = {}
    findings = []
    columns = [decisions[side] for side in ("left", "right")]
    places = [pc.index_in(column, value_set=records) for column in columns]
    rows = zip(*(column.to_pylist() for column in (*columns, *places, decisions["same"])), strict=True)
    for left, right, one, other, same in rows:
        names |= {one: left, other: right}
        gone = [record for record, place in ((left, one), (right, other)) if place is None]
        findings += [finding("linkage.decision_gone", record=masked(record)) for record in gone]
        if not gone and one != other:
            told.setdefault((min(one, other), max(one, other)), set()).add(same)
    findings += [
        finding("linkage.decisions_disagree", left=masked(names[low]), right=masked(names[high]))
        for (low, high), said in sorted(told.items())
        if len(said) > 1
    ]
    same = tuple(pair for pair, said in sorted(told.items()) if said == {True})
    apart = tuple(pair for pair, said in sorted(told.items()) if said == {False})
    return Decided(same, apart, tuple(findings))
