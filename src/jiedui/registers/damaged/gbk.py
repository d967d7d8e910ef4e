"""Bytes of UTF-8 that were read as GBK."""

from __future__ import annotations

import re
from functools import cache

from jiedui.registers.damaged.changes import Edit
from jiedui.registers.damaged.characters import simplified_of
from jiedui.registers.damaged.likelihood import HAN_SIGN, SHORT, gb2312, is_common

LINE = re.compile(r"[^\r\n]+")
WORD = re.compile(r"[^\x00-\x7f，。；：、（）“”《》\u3000]+")


def mend_gbk(text: str) -> list[Edit]:
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
    return read if len(HAN_SIGN.findall(read)) >= SHORT and is_common(read) else ""


def broken_gbk(text: str) -> list[re.Match[str]]:
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
    follow = [sign for sign in trail if sign not in usual and not gb2312(sign)]
    return "".join(lead), "".join(follow)


def _gbk(first: range, second: range) -> list[str]:
    pairs = (bytes([high, low]).decode("gbk", "ignore") for high in first for low in second)
    return [sign for sign in pairs if HAN_SIGN.fullmatch(sign)]
