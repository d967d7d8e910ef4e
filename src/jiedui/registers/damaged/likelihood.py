"""Whether bytes read again are Chinese, or only happen to look so."""

from __future__ import annotations

import re

from jiedui.registers.damaged.characters import HAN, simplified_of

HAN_SIGN = re.compile(f"[{HAN}]")
STRANGE = re.compile(
    r"[^\n\r\t\x20-\x7e\xa0-ɏɑɡ\u0300-\u030c\u2000-\u2fff\u3000-\u33ff\u3400-\u9fff\ufe00-\uffef]"
)
"""What hardly stands in a Chinese text: bytes that decode to it were not written so."""
LEVEL_2 = 0xD8
"""Where the rarer characters of GB2312 begin."""
LEVEL_1_SHARE = 0.6
LEAST_SHARE = 0.25
"""How many characters are at least in GB2312, and how many of these are common: texts are sure beyond it,
European words that happen to be bytes of GBK stay far below."""
KNOWN_SHARE = 0.8
SHORT = 2
"""Fewer characters may be chance."""


def is_chinese(text: str) -> bool:
    """Tell whether a text holds Chinese and nothing strange."""
    return bool(HAN_SIGN.search(text)) and not STRANGE.search(text)


def is_common(text: str) -> bool:
    """Tell whether a text is Chinese of everyday characters, so that chance cannot have made it."""
    signs = HAN_SIGN.findall(text)
    codes = [code for sign in signs if (code := gb2312(sign))]
    known = len(codes) + sum(sign in simplified_of() for sign in signs)
    if len(codes) < max(SHORT, LEAST_SHARE * len(signs)) or known < KNOWN_SHARE * len(signs):
        return False
    return is_chinese(text) and sum(code[0] < LEVEL_2 for code in codes) >= LEVEL_1_SHARE * len(codes)


def gb2312(sign: str) -> bytes:
    """Give the code of a character in GB2312, whose first level is sorted by use; empty when it has none."""
    return sign.encode("gb2312", "ignore")
