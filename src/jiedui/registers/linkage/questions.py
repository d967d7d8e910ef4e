"""Links that are to be decided, as questions with their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jiedui.language import finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.registers.linkage.linked import Link
    from jiedui.registers.register import Register

LISTED = 500
"""So many questions are findings; all stand in the table of links."""
Row = dict[str, Any]
NUMBER = re.compile(r"[0-9]{11,}[0-9Xx]{4}")


def masked(text: str) -> str:
    """Give a text with all but the last four signs of each ID number covered.

    Examples
    --------
    >>> masked("persons|H1|王明|990101199001011234")
    'persons|H1|王明|**************1234'
    """
    return NUMBER.sub(lambda match: "*" * (len(match.group()) - 4) + match.group()[-4:], text)


def ask(register: Register, records: pa.Table, asked: Sequence[Link]) -> tuple[Finding, ...]:
    """Make a finding of each link to be decided, the first `LISTED` of them; `records` as in `settle`."""
    listed = asked[:LISTED]
    left = records.take([link.left for link in listed]).to_pylist() if listed else []
    right = records.take([link.right for link in listed]).to_pylist() if listed else []
    findings = [_question(register, *told) for told in zip(listed, left, right, strict=True)]
    if len(asked) > LISTED:
        findings.append(finding("linkage.more", listed=LISTED, more=len(asked) - LISTED))
    return tuple(findings)


def _question(register: Register, link: Link, left: Row, right: Row) -> Finding:
    file, sheet, cell = _place(register, left)
    other = " ".join(part for part in _place(register, right) if part)
    return finding(
        f"linkage.{link.why}", file=file, sheet=sheet, cell=cell, left=left["name"] or "",
        right=right["name"] or "", record=masked(left["record"]), second=masked(right["record"]), other=other,
        score=f"{link.score:.2f}",
    )  # fmt: skip


def _place(register: Register, row: Row) -> tuple[str, str, str]:
    """Give file, sheet and cell; empty where the row has no source."""
    if row["_source"] is None or not 0 <= row["_source"] < len(register.sources):
        return "", "", ""
    source = register.sources[row["_source"]]
    column = "head" if row["register"] == "households" else "name"
    return source.place.file, source.place.sheet, source.cell(row["register"], row["_row"], column)
