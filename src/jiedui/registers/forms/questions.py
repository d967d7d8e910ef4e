"""Findings as a form sees them: by household, in one language, masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.language import Lang
from jiedui.registers.forms.form import QUESTIONS
from jiedui.registers.forms.masking import masked

if TYPE_CHECKING:
    import pyarrow as pa

OF_HOUSEHOLDS = ("households", "persons")
"""Tables whose row key begins with the household."""


def questions_of(findings: pa.Table | None, *, lang: Lang) -> pa.Table:
    """Give the questions with the household they are about, in the order of the findings."""
    import pyarrow as pa

    rows = [] if findings is None else findings.to_pylist()
    schema = pa.schema([*QUESTIONS.schema(), ("_source", pa.int64()), ("_row", pa.int64())])
    questions = [
        {
            **{name: row[name] for name in ("township", "village", "rule", "severity")},
            "found": masked(row["found"] or ""),
            "household": _household(row["register"], row["row_key"]),
            "text": masked(row[lang]),
            "_source": 0,
            "_row": number,
        }
        for number, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(questions, schema=schema)


def _household(register: str, row_key: str | None) -> str | None:
    return row_key.split("|")[0] if row_key and register in OF_HOUSEHOLDS else None
