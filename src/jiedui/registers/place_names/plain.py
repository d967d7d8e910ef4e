"""A name as it is compared: simplified, half-width, without spaces and brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

MARKS = re.compile(r"[/\\>|,;、。—–-]+")
"""What offices write between the levels of a path."""
DROPPED = frozenset("()[]{}〔〕【】「」『』\"'“”‘’")
ORDINALS = "零一二三四五六七八九"
TEN = 10


class _Signs(dict[int, str]):
    """What becomes of each sign; looked up once."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in DROPPED or sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf", "Cs"):
            plain = ""
        else:
            plain = sign if sign.isascii() else _simplify(sign)
        self[code] = plain
        return plain


def _simplify(sign: str) -> str:
    """Sign by sign, so that a name is compared in the same way whatever stands around it."""
    return _converter()(sign)


@cache
def _converter() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


SIGNS = _Signs()


@lru_cache(maxsize=1 << 16)
def plain_parts(text: str) -> tuple[str, ...]:
    """Give the parts of a path, each plain; a text without marks is one part.

    Examples
    --------
    >>> plain_parts("陝西省／銅川市 耀州區"), plain_parts("麻 子 村（１組）")
    (('陕西省', '铜川市耀州区'), ('麻子村1组',))
    """
    parts = (part.translate(SIGNS) for part in MARKS.split(unicodedata.normalize("NFKC", text)))
    return tuple(part for part in parts if part)


def plain(text: str) -> str:
    """Give a name plain, marks left out."""
    return "".join(plain_parts(text))


def in_words(number: int) -> str:
    """Write a number below a hundred as villagers' groups are counted.

    Examples
    --------
    >>> in_words(3), in_words(10), in_words(12), in_words(20)
    ('三', '十', '十二', '二十')
    """
    tens, ones = divmod(number, TEN)
    left = "" if not tens else ("" if tens == 1 else ORDINALS[tens]) + "十"
    return left + (ORDINALS[ones] if ones else "")
