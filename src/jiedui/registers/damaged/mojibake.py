"""Texts whose bytes were read in the wrong encoding: turned back where no byte is lost."""

from __future__ import annotations

import re

from jiedui.registers.damaged.changes import Draft
from jiedui.registers.damaged.gbk import broken_gbk, mend_gbk
from jiedui.registers.damaged.latin import Part, mend_latin

LOST = re.compile("(?:锟斤拷)+锟?斤?|�+|(?<!.)[?？]{2,}(?!.)", re.DOTALL)


def mend_bytes(draft: Draft) -> None:
    """Turn back what was read in the wrong encoding, and ask for what is lost."""
    edits, broken = mend_latin(draft.text)
    for part in broken:
        _ask_for(draft, part, part.offer)
    draft.edit(edits)
    draft.edit(mend_gbk(draft.text))
    for run in broken_gbk(draft.text):
        _ask_for(draft, Part(*run.span()))
    for run in LOST.finditer(draft.text):
        if not draft.is_closed(run.start()):
            _ask_for(draft, Part(*run.span(), kind="lost"))


def _ask_for(draft: Draft, part: Part, *offers: str) -> None:
    draft.ask(part.start, draft.text[part.start : part.end], part.kind, *offers)
    draft.close(part.start, part.end)
