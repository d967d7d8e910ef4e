"""Links that are to be decided, as questions with their place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiedui.errors import Finding
    from jiedui.registers.register import Register

LISTED = 500
"""So many questions are findings; all stand in the table of links."""
NUMBER = re.compile(r"[0-9]{11,}[0-9Xx]{4}")


@dataclass(frozen=True, slots=True)
class Row:
    """Where a record stands, and the name it carries."""

    record: str
    table: str
    source: int
    row: int
    name: str


def masked(text: str) -> str:
    """Give a text with all but the last four signs of each ID number covered.

    Examples
    --------
    >>> masked("persons|H1|王明|990101199001011234")
    'persons|H1|王明|**************1234'
    """
    return NUMBER.sub(lambda match: "*" * (len(match.group()) - 4) + match.group()[-4:], text)


def ask(register: Register, asked: Sequence[tuple[str, Row, Row, float]]) -> tuple[Finding, ...]:
    """Make a finding of each link to be decided: why, left, right, score; the first `LISTED` of them."""
    findings = [_question(register, why, left, right, score) for why, left, right, score in asked[:LISTED]]
    if len(asked) > LISTED:
        findings.append(finding("linkage.more", listed=LISTED, more=len(asked) - LISTED))
    return tuple(findings)


def _question(register: Register, why: str, left: Row, right: Row, score: float) -> Finding:
    file, sheet, cell = _place(register, left)
    other = " ".join(part for part in _place(register, right) if part)
    return finding(
        f"linkage.{why}", file=file, sheet=sheet, cell=cell, left=left.name, right=right.name,
        record=masked(left.record), second=masked(right.record), other=other, score=f"{score:.2f}",
    )  # fmt: skip


def _place(register: Register, row: Row) -> tuple[str, str, str]:
    if not 0 <= row.source < len(register.sources):
        return "", "", ""
    source = register.sources[row.source]
    column = "head" if row.table == "households" else "name"
    return source.place.file, source.place.sheet, source.cell(row.table, row.row, column)
