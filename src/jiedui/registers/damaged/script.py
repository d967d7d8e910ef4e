"""Traditional characters in a simplified text, with or without their pinyin in brackets after them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jiedui.registers.damaged.changes import Draft, Edit
from jiedui.registers.damaged.characters import (
    BRACKET,
    CHOICES,
    is_reading,
    simplified_of,
    simplified_only,
    traditional,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

BRACKET_WEIGHT = 4
"""A bracket that fits shows damage as surely as this many characters: whole texts were turned
traditional, and only some characters got their pinyin."""
FEW = 5
"""A traditional text may hold one simplified character to this many traditional ones."""
LONG_PASSAGE = 6
"""Traditional characters, without one simplified, that make a passage a quotation."""
SENTENCE = re.compile(r"[^。！？；\n]+")
OPENING, CLOSING = "“‘「『（(《〈【[\"'", "”’」』）)》〉】]\"'"
CORNERS = re.compile("[「『]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows how a text was written: how many characters only simplified or traditional texts have.

    Attributes
    ----------
    bare : int
        Traditional characters without pinyin.
    brackets : int
        Traditional characters with their pinyin after them.
    corners : int
        Quotation marks of traditional texts.
    """

    simplified: int
    bare: int
    brackets: int
    corners: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.simplified + other.simplified,
            self.bare + other.bare,
            self.brackets + other.brackets,
            self.corners + other.corners,
        )

    @property
    def is_simplified(self) -> bool:
        """Whether the text is simplified but for the damage."""
        weight = 0 if self.corners and not self.simplified else BRACKET_WEIGHT
        return self.simplified + weight * self.brackets >= self.bare

    @property
    def is_converted(self) -> bool:
        """Whether brackets alone show the damage: whole sentences may have been turned traditional."""
        return self.brackets > 0 and self.simplified < self.bare

    @property
    def is_traditional(self) -> bool:
        """Whether the text was written in traditional characters."""
        return not self.is_simplified and (self.simplified + self.brackets) * FEW <= self.bare


def weigh(text: str) -> Evidence:
    """Count the evidence of a text."""
    bare = brackets = 0
    for found in _damage().finditer(text):
        if found[2] and _fits(found):
            brackets += 1
        elif choice := CHOICES.get(found[1]):
            bare += bool(choice.alone and re.search(choice.alone, _context(text, found)))
        else:
            bare += 1
    return Evidence(len(simplified_only().findall(text)), bare, brackets, len(CORNERS.findall(text)))


def total(evidence: Iterable[Evidence]) -> Evidence:
    """Give the evidence of several texts that belong together."""
    return sum(evidence, Evidence(0, 0, 0))


def mend_script(draft: Draft, evidence: Evidence) -> None:
    """Turn traditional characters simplified and take their pinyin away, where the text is simplified."""
    if not evidence.bare + evidence.brackets:
        return
    if not evidence.is_simplified:
        _ask_once(draft, evidence)
        return
    edits: list[Edit] = []
    for sentence in SENTENCE.finditer(draft.text):
        if not evidence.is_converted and _is_quoted_passage(sentence[0]):
            draft.ask(sentence.start(), sentence[0], "passage")
            continue
        for found in _damage().finditer(draft.text, *sentence.span()):
            edits += [] if draft.is_closed(found.start()) else _mend_one(draft, found)
    draft.edit(edits)


def _ask_once(draft: Draft, evidence: Evidence) -> None:
    """Say that a text is traditional, or neither one nor the other."""
    if found := _damage().search(draft.text):
        kind = "traditional_text" if evidence.is_traditional else "mixed_text"
        draft.ask(found.start(), found[1], kind)


def _is_quoted_passage(sentence: str) -> bool:
    found = weigh(sentence)
    return found.bare >= LONG_PASSAGE and not found.simplified


def _mend_one(draft: Draft, found: re.Match[str]) -> list[Edit]:
    """Give the edit of one character, or ask."""
    sign, bracket = found[1], found[2]
    if bracket:
        if _fits(found):
            return [Edit(*found.span(), _simplified(sign), "pinyin")]
        draft.ask(found.start(), found[0], "reading", _simplified(sign), found[0])
        return []
    if sign in CHOICES:
        return _mend_choice(draft, found)
    if stands_alone(draft.text, found.start()):
        draft.ask(found.start(), sign, "quoted", _simplified(sign), sign)
        return []
    return [Edit(*found.span(), _simplified(sign), "traditional")]


def _mend_choice(draft: Draft, found: re.Match[str]) -> list[Edit]:
    """Decide by the word a character stands in, or ask."""
    sign, choice = found[1], CHOICES[found[1]]
    context = _context(draft.text, found)
    keeps = bool(choice.kept) and bool(re.search(choice.kept, context))
    if choice.changed and re.search(choice.changed, context):
        if not keeps or choice.kept == "@":
            return [Edit(*found.span(), choice.simplified, "traditional")]
    elif keeps:
        return []
    draft.ask(found.start(), sign, "one_to_many", choice.simplified, sign)
    return []


def _context(text: str, found: re.Match[str]) -> str:
    """Give the signs beside a character, itself as ``@``, without pinyin in brackets before it."""
    start, end = found.span()
    before = re.sub(BRACKET, "", text[max(start - 9, 0) : start])
    return f"{before[-1:]}@{text[end : end + 2]}"


def _simplified(sign: str) -> str:
    return CHOICES[sign].simplified if sign in CHOICES else simplified_of()[sign]


def stands_alone(text: str, place: int) -> bool:
    """Tell whether a character is spoken about: “聯” between quotation marks or brackets."""
    before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    return bool(before and after and before in OPENING and after in CLOSING)


def _fits(found: re.Match[str]) -> bool:
    return is_reading(found[2][1:-1], found[1], _simplified(found[1]))


@cache
def _damage() -> re.Pattern[str]:
    """Give the pattern of a traditional character and what may be its pinyin."""
    return re.compile(f"([{traditional()}{''.join(CHOICES)}])({BRACKET})?")
