"""Texts whose bytes were read in the wrong encoding: turned back where no byte is lost."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from jiedui.registers.damaged.changes import Draft, Edit
from jiedui.registers.damaged.characters import HAN, simplified_of

WINDOWS = {
    bytes([code]).decode("cp1252"): code for code in range(0x80, 0xA0) if code not in b"\x81\x8d\x8f\x90\x9d"
}
"""What Windows shows for the bytes that Latin-1 leaves to control characters."""
HIGH = "\x80-\xff" + "".join(WINDOWS)
LATIN_RUN = re.compile(f"[\t\x20-\x7e{HIGH}]*[{HIGH}]{{2}}[\t\x20-\x7e{HIGH}]*")
NARROW_RUN = re.compile("[\x20-\x7e\xa0-\xff]*[\xa0-\xff]{2}[\x20-\x7e\xa0-\xff]*")
BEYOND_PUNCTUATION = re.compile("[^\x00-\x7f“”‘’…–—•]")
LINE = re.compile(r"[^\r\n]+")
WORD = re.compile(r"[^\x00-\x7f，。；：、（）“”《》\u3000]+")
HAN_SIGN = re.compile(f"[{HAN}]")
STRANGE = re.compile(
    r"[^\n\r\t\x20-\x7e\xa0-ɏɑɡ\u0300-\u030c\u2000-\u2fff\u3000-\u33ff\u3400-\u9fff\ufe00-\uffef]"
)
"""What hardly stands in a Chinese text: bytes that decode to it were not written so."""
LOST = re.compile("(?:锟斤拷)+锟?斤?|�+|(?<!.)[?？]{2,}(?!.)", re.DOTALL)
LEVEL_2 = 0xD8
"""Where the rarer characters of GB2312 begin."""
LEVEL_1_SHARE = 0.6
LEAST_SHARE = 0.25
"""How many characters are at least in GB2312, and how many of these are common: texts are sure beyond it,
European words that happen to be bytes of GBK stay far below."""
KNOWN_SHARE = 0.8
LATIN_SHARE = 0.3
"""How many signs of a run are at least not ASCII where it lacks bytes."""
SHORT = 2
"""Fewer characters may be chance."""


class Reading(NamedTuple):
    """What bytes say when they are read again."""

    text: str
    kind: str


class Part(NamedTuple):
    """A part of a text that lacks bytes, and what can still be read of it."""

    start: int
    end: int
    offer: str = ""
    kind: str = "broken"


def mend_bytes(draft: Draft) -> None:
    """Turn back what was read in the wrong encoding, and ask for what is lost."""
    edits, broken = _latin(draft.text)
    for part in broken:
        _ask_for(draft, part, part.offer)
    draft.edit(edits)
    draft.edit(_from_gbk(draft.text))
    for run in _broken_gbk(draft.text):
        _ask_for(draft, Part(*run.span()))
    for run in LOST.finditer(draft.text):
        if not draft.is_closed(run.start()):
            _ask_for(draft, Part(*run.span(), kind="lost"))


def _ask_for(draft: Draft, part: Part, *offers: str) -> None:
    draft.ask(part.start, draft.text[part.start : part.end], part.kind, *offers)
    draft.close(part.start, part.end)


def _latin(text: str) -> tuple[list[Edit], list[Part]]:
    """Give the runs of Latin signs to turn back, and those that lack bytes."""
    edits: list[Edit] = []
    broken: list[Part] = []
    for run in LATIN_RUN.finditer(text):
        parts = [(part, _read_again(part[0])) for part in _parts(run)]
        if all(read for _, read in parts):
            edits += [Edit(*part.span(), read.text, read.kind) for part, read in parts if read]
        elif offer := _partly(run[0]):
            broken.append(Part(*run.span(), offer))
        elif run[0] == text and (offer := _perhaps(text)):
            broken.append(Part(*run.span(), offer, "misread"))
    return edits, broken


def _parts(run: re.Match[str]) -> list[re.Match[str]]:
    """Give what of a run is to be read again: all, or what stands between good punctuation."""
    inner = [*NARROW_RUN.finditer(run.string, *run.span())]
    rest = NARROW_RUN.sub("", run[0])
    is_between = inner and rest and not BEYOND_PUNCTUATION.search(rest)
    return inner if is_between and not _read_again(run[0]) else [run]


def _bytes(run: str) -> bytes:
    return bytes(WINDOWS.get(sign, ord(sign)) for sign in run)


def _read_again(run: str) -> Reading | None:
    """Give what a run of Latin signs says as UTF-8 or GBK, where it surely says it."""
    data = _bytes(run)
    for encoding, kind, is_sure in (
        ("utf-8", "utf8_as_latin", _is_chinese),
        ("gb18030", "gbk_as_latin", _is_common),
    ):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_sure(text):
            return Reading(text, kind)
    return None


def _partly(run: str) -> str:
    """Give what can still be read of bytes some of which are lost; nothing where it may be no damage."""
    if sum(sign > "\x7f" for sign in run) < LATIN_SHARE * len(run):
        return ""
    for encoding, is_sure in (("utf-8", _is_chinese), ("gb18030", _is_common)):
        text = _bytes(run).decode(encoding, "replace")
        kept = text.replace("�", "")
        if len(HAN_SIGN.findall(kept)) > max(text.count("�"), SHORT) and is_sure(kept):
            return text
    return ""


def _perhaps(cell: str) -> str:
    """Give what a whole cell may say in GBK where it is too short to be sure."""
    text = _bytes(cell).decode("gb18030", "replace")
    is_chinese = len(HAN_SIGN.findall(text)) == len(text) and any(map(_gb2312, text))
    return text if is_chinese and any(map(str.isalpha, cell)) else ""


def _is_chinese(text: str) -> bool:
    """Tell whether a text holds Chinese and nothing strange."""
    return bool(HAN_SIGN.search(text)) and not STRANGE.search(text)


def _is_common(text: str) -> bool:
    """Tell whether a text is Chinese of everyday characters, so that chance cannot have made it."""
    signs = HAN_SIGN.findall(text)
    codes = [code for sign in signs if (code := _gb2312(sign))]
    known = len(codes) + sum(sign in simplified_of() for sign in signs)
    if len(codes) < max(SHORT, LEAST_SHARE * len(signs)) or known < KNOWN_SHARE * len(signs):
        return False
    return _is_chinese(text) and sum(code[0] < LEVEL_2 for code in codes) >= LEVEL_1_SHARE * len(codes)


def _gb2312(sign: str) -> bytes:
    """Give the code of a character in GB2312, whose first level is sorted by use; empty when it has none."""
    return sign.encode("gb2312", "ignore")


def _from_gbk(text: str) -> list[Edit]:
    """Turn back lines and words that are UTF-8 read as GBK."""
    if not leads().search(text):
        return []
    edits: list[Edit] = []
    for line in LINE.finditer(text):
        parts = [line] if _as_utf8(line[0]) else WORD.finditer(text, *line.span())
        edits += [Edit(*part.span(), now, "utf8_as_gbk") for part in parts if (now := _as_utf8(part[0]))]
    return edits


def _as_utf8(text: str) -> str:
    """Give what a text says when its GBK bytes are read as UTF-8; nothing when they are not."""
    if not leads().search(text):
        return ""
    try:
        read = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return ""
    return read if len(HAN_SIGN.findall(read)) >= SHORT and _is_common(read) else ""


def _broken_gbk(text: str) -> list[re.Match[str]]:
    """Find words that look like UTF-8 read as GBK but lack bytes."""
    lead, follow = _strange_pairs()
    pair = re.compile(f"[{lead}](?:[{follow}]|[�\ue000-\uf8ff])")
    return [run for run in WORD.finditer(text) if pair.search(run[0])] if leads().search(text) else []


@cache
def leads() -> re.Pattern[str]:
    """Give the pattern of characters whose GBK code begins a character of UTF-8."""
    return re.compile(f"[{''.join(_gbk(range(0xE3, 0xF0), range(0x80, 0xC0)))}]")


@cache
def _strange_pairs() -> tuple[str, str]:
    """Give such characters, and those that go on, as no Chinese text has them side by side."""
    usual = simplified_of()
    lead = [sign for sign in _gbk(range(0xE3, 0xEA), range(0x80, 0xC0)) if sign not in usual]
    trail = _gbk(range(0x80, 0xC0), range(0x80, 0xC0))
    follow = [sign for sign in trail if sign not in usual and not _gb2312(sign)]
    return "".join(lead), "".join(follow)


def _gbk(first: range, second: range) -> list[str]:
    pairs = (bytes([high, low]).decode("gbk", "ignore") for high in first for low in second)
    return [sign for sign in pairs if HAN_SIGN.fullmatch(sign)]
