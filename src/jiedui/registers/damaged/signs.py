"""Signs that nobody sees or that are too wide: digits and letters, invisible characters, spaces."""

from __future__ import annotations

import re
from functools import cache

from jiedui.registers.damaged.changes import Draft, Edit
from jiedui.registers.damaged.characters import HAN
from jiedui.registers.damaged.latin import UTF8_RUN
from jiedui.registers.tables import REGISTERS

WIDE = "０-９Ａ-Ｚａ-ｚ"
WIDE_RUN = re.compile(rf"[{WIDE}]+(?:[．－／][{WIDE}]+)*％?")
"""Full-width digits and letters, with what stands between them; Chinese punctuation is none of it."""
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

NEVER_SEEN = "\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff"
DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
JOINERS = "\u200c\u200d"
INVISIBLE = re.compile(f"[{NEVER_SEEN}{DIRECTION}{JOINERS}]+")
VISIBLY_ORDERED = re.compile(f"[{NEVER_SEEN}{JOINERS}]+")
"""Where a text runs from right to left, marks of direction have their meaning."""
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")
JOINED = re.compile(f"[^\x00-\x7f{HAN}\u2010-\u2026\u3000-\u303f\uff00-\uffef]")
"""Next to signs of other scripts, and pictures, a joiner has its meaning."""

HARD_SPACES = "\u00a0\u2000-\u200a\u202f\u205f"
HARD_SPACE = re.compile(f"[{HARD_SPACES}]")
ANY_SPACE = re.compile(rf"[ \u3000{HARD_SPACES}]+")
LONGEST = 8
"""Signs of a known word on either side of a space in it."""
PAIR = 2
"""Two signs apart may be a choice: 是　否."""
PADDED = re.compile(rf"[{HAN}](?:[ {HARD_SPACES}\u3000]*[{HAN}])+")
TWO_SIGNS = re.compile(rf"([{HAN}])[\u3000{HARD_SPACES}]+([{HAN}])")
NOT_PADDED = re.compile("[年月日时分秒省市县区乡镇村组户号元]|是否|有无|男女|甲乙|上下|左右|东西|南北")
"""Choices and places to fill in, not words made wide."""


def mend_signs(draft: Draft) -> None:
    """Take invisible signs out and make spaces, digits and letters ordinary ones."""
    draft.edit(_invisible(draft.text))
    draft.edit(_spaces(draft.text))
    draft.edit(
        [Edit(*run.span(), run[0].translate(NARROW), "width") for run in WIDE_RUN.finditer(draft.text)]
    )


def _invisible(text: str) -> list[Edit]:
    pattern = VISIBLY_ORDERED if RIGHT_TO_LEFT.search(text) else INVISIBLE
    return [
        Edit(*run.span(), "", "invisible")
        for run in pattern.finditer(text)
        if not _joins(text, run) and not _is_byte(text, run)
    ]


def _joins(text: str, run: re.Match[str]) -> bool:
    """Tell whether invisible signs have a meaning where they stand."""
    beside = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return any(sign in run[0] for sign in JOINERS) and bool(JOINED.search(beside))


def _is_byte(text: str, run: re.Match[str]) -> bool:
    """Tell whether a sign may be a byte of misread text that could not be turned back."""
    return bool(UTF8_RUN.search(text, max(run.start() - 2, 0), run.end() + 2))


def _spaces(text: str) -> list[Edit]:
    if _is_padded(text):
        return [Edit(*run.span(), "", "space") for run in ANY_SPACE.finditer(text)]
    edits = []
    for run in ANY_SPACE.finditer(text):
        if _is_inside_word(text, run):
            edits.append(Edit(*run.span(), "", "space"))
        elif HARD_SPACE.search(run[0]) and not _is_byte(text, run):
            edits.append(Edit(*run.span(), HARD_SPACE.sub(" ", run[0]), "space"))
    return edits


def _is_inside_word(text: str, run: re.Match[str]) -> bool:
    """Tell whether a wide space breaks a known word into parts that are no words."""
    if run[0].isascii():
        return False
    before, after = text[max(run.start() - LONGEST, 0) : run.start()], text[run.end() : run.end() + LONGEST]
    pairs = (
        (before[-left:], after[:right])
        for left in range(1, len(before) + 1)
        for right in range(1, len(after) + 1)
    )
    words = known_words()
    return any(
        first + second in words and len(first + second) > PAIR and not {first, second} & words
        for first, second in pairs
    )


def _is_padded(text: str) -> bool:
    """Tell whether a whole text is one word made wide: ``张　三``, ``姓　名``."""
    wide = "\u3000" in text or HARD_SPACE.search(text)
    if not wide or not PADDED.fullmatch(text):
        return False
    word = re.sub(rf"[ \u3000{HARD_SPACES}]", "", text)
    return word in known_words() or bool(TWO_SIGNS.fullmatch(text) and not NOT_PADDED.search(word))


@cache
def known_words() -> frozenset[str]:
    """Give the headings and choices that registers know."""
    columns = [column for table in REGISTERS for column in table.columns]
    return frozenset(
        word for column in columns for word in (column.words["zh"], *column.aliases, *column.choices)
    )
