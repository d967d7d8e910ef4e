"""What persons decided in earlier months, brought to the records of this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.registers.linkage.questions import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from jiedui.errors import Finding


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions by the positions of records, left before right; those that do not fit as findings."""

    same: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    findings: tuple[Finding, ...] = ()


def fit_decisions(decisions: pa.Table | None, positions: Mapping[str, int]) -> Decided:
    """Find the records of each decision.

    A decision whose record is gone, and two decisions that contradict each other, are findings and not
    applied.
    """
    if decisions is None:
        return Decided()
    told: dict[tuple[int, int], set[bool]] = {}
    findings = []
    columns = (decisions[name].to_pylist() for name in ("left", "right", "same"))
    for left, right, same in zip(*columns, strict=True):
        missing = [record for record in (left, right) if record not in positions]
        findings += [finding("linkage.decision_gone", record=masked(record)) for record in missing]
        if not missing and left != right:
            low, high = sorted((positions[left], positions[right]))
            told.setdefault((low, high), set()).add(bool(same))
    names = {position: record for record, position in positions.items()} if told else {}
    findings += [
        finding("linkage.decisions_disagree", left=masked(names[low]), right=masked(names[high]))
        for (low, high), said in sorted(told.items())
        if len(said) > 1
    ]
    same = tuple(pair for pair, said in sorted(told.items()) if said == {True})
    apart = tuple(pair for pair, said in sorted(told.items()) if said == {False})
    return Decided(same, apart, tuple(findings))
