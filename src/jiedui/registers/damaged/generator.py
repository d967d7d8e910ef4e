"""Damage made on purpose, so that the repair can be measured."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from jiedui.registers.damaged.changes import Damaged, Draft, Edit
from jiedui.registers.damaged.characters import (
    CHOICES,
    HAN,
    PINYIN,
    is_reading,
    simplified_of,
    simplified_only,
)
from jiedui.registers.damaged.latin import WINDOWS
from jiedui.registers.damaged.script import SENTENCE, stands_alone
from jiedui.registers.damaged.signs import NARROW

DEFAULT_KINDS = ("pinyin", "traditional", "width", "invisible", "space", "mojibake")
WIDE = {chr(narrow): chr(wide) for wide, narrow in NARROW.items()}
NUMBER = re.compile(r"(?<![．0-9A-Za-z])[0-9A-Za-z]+(?:\.[0-9]+)*%?(?![．0-9A-Za-z])")
SYLLABLE = re.compile(f"[{PINYIN}]{{1,8}}")
HIDDEN = ("\u200b", "\ufeff", "\u00ad", "\u2060", "\u200e")
SHARE = 0.5
"""How many of the places that can be damaged are."""
BARE_SHARE = 0.5
"""How many of a sentence's characters that show it to be simplified are at most turned traditional."""
PINYIN_SHARE = 0.4
"""How many characters get pinyin where the whole text is turned traditional."""


def damage_text(clean: str, *, seed: int, kinds: Sequence[str] = DEFAULT_KINDS) -> Damaged:
    """Give a text damaged as published texts are, with each damage by its place in the clean text.

    Parameters
    ----------
    clean : str
        Simplified Chinese.
    kinds : sequence of str
        Of ``pinyin`` and ``traditional`` (some characters), ``converted`` (all characters, some with
        pinyin), ``one_to_many`` (characters right in other words), ``width``, ``invisible``, ``space`` and
        ``mojibake``; done in this order.

    Raises
    ------
    ValueError
        If a kind is unknown.

    Examples
    --------
    >>> damaged = damage_text("联系群众2016户", seed=3, kinds=("converted", "width"))
    >>> damaged.text == "联系群众2016户", len(damaged.changes) > 0
    (False, True)
    """
    if unknown := [kind for kind in kinds if kind not in MAKERS]:
        raise ValueError(f"{unknown} not in {sorted(MAKERS)}")
    draft, draw = Draft(clean), random.Random(seed)  # noqa: S311 - damage, no secret
    for kind, make in MAKERS.items():
        if kind in kinds:
            draft.edit(make(draft.text, draw))
    return Damaged(draft.text, tuple(draft.changes))


def _with_pinyin(text: str, draw: random.Random) -> list[Edit]:
    return [
        Edit(place, place + 1, f"{old}({syllable})", "pinyin")
        for place, old, syllable in _turnable(text, draw)
        if syllable and draw.random() < SHARE
    ]


def _bare(text: str, draw: random.Random) -> list[Edit]:
    """Turn characters without pinyin, so few in each sentence that it shows what it was."""
    edits: list[Edit] = []
    turnable = list(_turnable(text, draw))
    for sentence in SENTENCE.finditer(text):
        shown = len(simplified_only().findall(sentence[0]))
        inside = [turn for turn in turnable if sentence.start() <= turn[0] < sentence.end()]
        inside = [turn for turn in inside if not stands_alone(text, turn[0])]
        chosen = draw.sample(inside, min(len(inside), int(shown * BARE_SHARE * draw.random())))
        edits += [Edit(place, place + 1, old, "traditional") for place, old, _ in sorted(chosen)]
    return edits


def _converted(text: str, draw: random.Random) -> list[Edit]:
    edits = []
    for place, old, syllable in _turnable(text, draw):
        has_pinyin = syllable and draw.random() < PINYIN_SHARE
        kind = "pinyin" if has_pinyin else "traditional"
        edits.append(Edit(place, place + 1, f"{old}({syllable})" if has_pinyin else old, kind))
    return edits


def _one_to_many(text: str, draw: random.Random) -> list[Edit]:
    old = {choice.simplified: sign for sign, choice in CHOICES.items() if choice.kept != "@"}
    places = [found.start() for found in re.finditer(f"[{''.join(old)}]", text)]
    return [
        Edit(place, place + 1, old[text[place]], "one_to_many") for place in places if draw.random() < SHARE
    ]


def _turnable(text: str, draw: random.Random) -> list[tuple[int, str, str]]:
    """Give place, traditional form and fitting pinyin of each character that can be turned."""
    from pypinyin import Style, pinyin

    signs_apart: Any = list
    spoken = pinyin(text, style=Style.TONE, errors=signs_apart)
    turnable = []
    for place, sign in enumerate(text):
        if sign not in variants() or text[place + 1 : place + 2] == "(":
            continue
        old = draw.choice(variants()[sign])
        said = spoken[place][0]
        fits = SYLLABLE.fullmatch(said) and is_reading(said, old, sign)
        turnable.append((place, old, said if fits else ""))
    return turnable


@cache
def variants() -> Mapping[str, tuple[str, ...]]:
    """Give the common traditional forms of each simplified character."""
    forms: dict[str, tuple[str, ...]] = {}
    for old, new in simplified_of().items():
        try:
            is_common = old.encode("big5") < b"\xc9"
        except UnicodeEncodeError:
            continue
        if is_common:
            forms[new] = (*forms.get(new, ()), old)
    return forms


def _wide(text: str, draw: random.Random) -> list[Edit]:
    numbers = (number for number in NUMBER.finditer(text) if draw.random() < SHARE)
    return [Edit(*number.span(), "".join(WIDE[sign] for sign in number[0]), "width") for number in numbers]


def _hidden(text: str, draw: random.Random) -> list[Edit]:
    between = (place for place in range(len(text) + 1) if draw.random() < SHARE / 10)
    return [Edit(place, place, draw.choice(HIDDEN), "invisible") for place in between]


def _spaced(text: str, draw: random.Random) -> list[Edit]:
    """Make spaces hard; make a word of two signs wide."""
    if re.fullmatch(f"[{HAN}]{{2}}", text):
        return [Edit(1, 1, "\u3000", "space")]
    spaces = (place for place, sign in enumerate(text) if sign == " " and draw.random() < SHARE)
    return [Edit(place, place + 1, "\u00a0", "space") for place in spaces]


def _misread(text: str, draw: random.Random) -> list[Edit]:
    """Read lines in the wrong encoding, where no byte is lost by it."""
    edits = []
    for line in re.finditer("[^\n]*[^\x00-\x7f][^\n]*", text):
        kind, misread = draw.choice(READERS)
        now = misread(line[0]) if draw.random() < SHARE else ""
        if now:
            edits.append(Edit(*line.span(), now, kind))
    return edits


def _gbk_as_latin(line: str) -> str:
    return line.encode("gb18030").decode("latin-1")


def _utf8_as_latin(line: str) -> str:
    shown = {code: sign for sign, code in WINDOWS.items()}
    return "".join(shown.get(byte, chr(byte)) for byte in line.encode())


def _utf8_as_gbk(line: str) -> str:
    try:
        read = line.encode().decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return read if read.encode("gb18030") == line.encode() else ""


READERS = (
    ("gbk_as_latin", _gbk_as_latin),
    ("utf8_as_latin", _utf8_as_latin),
    ("utf8_as_gbk", _utf8_as_gbk),
)
Maker = Callable[[str, random.Random], list[Edit]]
MAKERS: Mapping[str, Maker] = {
    "pinyin": _with_pinyin,
    "traditional": _bare,
    "converted": _converted,
    "one_to_many": _one_to_many,
    "width": _wide,
    "invisible": _hidden,
    "space": _spaced,
    "mojibake": _misread,
}
