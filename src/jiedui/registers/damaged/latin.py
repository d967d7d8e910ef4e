"""Bytes of UTF-8 or GBK that were read as a Western encoding."""

from __future__ import annotations

import re
from typing import NamedTuple

from jiedui.registers.damaged.changes import Edit
from jiedui.registers.damaged.likelihood import HAN_SIGN, gb2312, is_chinese, is_common

WINDOWS = {
    bytes([code]).decode("cp1252"): code for code in range(0x80, 0xA0) if code not in b"\x81\x8d\x8f\x90\x9d"
}
"""What Windows shows for the bytes that Latin-1 leaves to control characters."""
HIGH = "\x80-\xff" + "".join(WINDOWS)
LATIN_RUN = re.compile(f"[\t\x20-\x7e{HIGH}]*[{HIGH}]{{2}}[\t\x20-\x7e{HIGH}]*")
NARROW_RUN = re.compile("[\x20-\x7e\xa0-\xff]*[\xa0-\xff]{2}[\x20-\x7e\xa0-\xff]*")
UTF8_RUN = re.compile(f"(?:[\xe3-\xe9\xef][{''.join(WINDOWS)}\x80-\xbf]{{2}})+")
"""Characters of UTF-8 of three bytes each."""
BEYOND_GOOD = re.compile("[^\x00-\x7f\xa0“”‘’…–—•·×°±àáèéêìíòóùúü]|[à-ü]{2}")
"""What neither punctuation nor pinyin leaves beside them."""
LATIN_SHARE = 0.3
"""How many signs of a run are at least not ASCII where it lacks bytes."""
FEW = 3
"""So few characters may be either encoding."""


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


def mend_latin(text: str) -> tuple[list[Edit], list[Part]]:
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
    """Give what of a run is to be read again: all, or what stands among good punctuation and pinyin."""
    if not _read_again(run[0]):
        for pattern in (NARROW_RUN, UTF8_RUN):
            inner = [*pattern.finditer(run.string, *run.span())]
            is_good = not BEYOND_GOOD.search(pattern.sub(" ", run[0]))
            if inner and is_good and all(_read_again(part[0]) for part in inner):
                return inner
    return [run]


def _bytes(run: str) -> bytes:
    return bytes(WINDOWS.get(sign, ord(sign)) for sign in run)


def _read_again(run: str) -> Reading | None:
    """Give what a run of Latin signs says as UTF-8 or GBK, where it surely says it."""
    data = _bytes(run)
    for encoding, kind, is_sure in (
        ("utf-8", "utf8_as_latin", is_chinese),
        ("gb18030", "gbk_as_latin", is_common),
    ):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_short = len(HAN_SIGN.findall(text)) <= FEW
        if is_sure(text) and not (encoding == "gb18030" and is_short and UTF8_RUN.search(run)):
            return Reading(text, kind)
    return None


def _partly(run: str) -> str:
    """Give what can still be read of bytes some of which are lost; nothing where it may be no damage."""
    if sum(sign > "\x7f" for sign in run) < LATIN_SHARE * len(run):
        return ""
    for encoding, least, is_sure in (("utf-8", 1, is_chinese), ("gb18030", FEW, is_common)):
        text = _bytes(run).decode(encoding, "replace")
        kept = text.replace("�", "")
        if len(HAN_SIGN.findall(kept)) >= max(text.count("�"), least) and is_sure(kept):
            return text
    return ""


def _perhaps(cell: str) -> str:
    """Give what a whole cell may say in GBK where it is too short to be sure."""
    text = _bytes(cell).decode("gb18030", "replace")
    is_chinese = len(HAN_SIGN.findall(text)) == len(text) and any(map(gb2312, text))
    return text if is_chinese and any(map(str.isalpha, cell)) else ""
