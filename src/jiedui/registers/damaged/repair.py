"""The repair of one text: bytes first, then signs, then characters."""

from __future__ import annotations

import re
from functools import cache

from jiedui.registers.damaged.changes import Draft, Repaired
from jiedui.registers.damaged.characters import CHOICES, traditional
from jiedui.registers.damaged.gbk import leads
from jiedui.registers.damaged.latin import HIGH
from jiedui.registers.damaged.mojibake import mend_bytes
from jiedui.registers.damaged.script import Evidence, mend_script, weigh
from jiedui.registers.damaged.signs import HARD_SPACES, INVISIBLE, WIDE, mend_signs


def repair_text(text: str, *, where: str = "") -> Repaired:
    """Give a text with its damage repaired where that is certain, each change and each question.

    Parameters
    ----------
    text : str
        Of any length. How it was written is judged by the whole of it: traditional characters are turned
        simplified only where it is simplified otherwise.
    where : str
        How changes and questions name the text, such as a cell.

    Examples
    --------
    >>> repaired = repair_text("１２户已联系，堅(jiān)戰(zhàn)仍在(2016年)")
    >>> repaired.text
    '12户已联系，坚战仍在(2016年)'
    >>> [(change.was, change.now, change.kind) for change in repaired.changes]
    [('１２', '12', 'width'), ('堅(jiān)', '坚', 'pinyin'), ('戰(zhàn)', '战', 'pinyin')]
    """
    if not suspicious().search(text):
        return Repaired(text, (), ())
    draft = mended_signs(text, where)
    mend_script(draft, weigh(draft.text))
    return draft.repaired()


def mended_signs(text: str, where: str = "") -> Draft:
    """Give a text whose bytes and signs are mended, its characters not yet."""
    draft = Draft(text, where)
    mend_bytes(draft)
    mend_signs(draft)
    return draft


def mended_script(draft: Draft, evidence: Evidence) -> Repaired:
    """Finish a text with the evidence of all the texts it belongs to."""
    mend_script(draft, evidence)
    return draft.repaired()


@cache
def suspicious() -> re.Pattern[str]:
    """Give the pattern of signs without which a text is surely whole."""
    lead = leads().pattern[1:-1]
    invisible = INVISIBLE.pattern[1:-2]
    signs = f"{traditional()}{''.join(CHOICES)}{WIDE}{invisible}{HARD_SPACES}{HIGH}{lead}�锟\u3000"
    return re.compile(rf"[{signs}]|\A[?？]{{2,}}\Z")
