"""What must stand on no public page: ID numbers, mobile numbers, bank cards, in any way of writing digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

RUN = re.compile(r"\d(?:[ \u3000\-·.]?\d){9,18}(?:[ \u3000\-·.]?[xX])?")
"""Digits that belong together, parted by single spaces, hyphens or points at most."""
MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
"""Check characters of an ID number (GB 11643-1999)."""
CARD = range(16, 20)
"""Lengths of bank card numbers."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something found: its kind (``id_number``, ``mobile``, ``bank_card``) and where its digits begin."""

    kind: str
    position: int


def leaks(text: str) -> tuple[Leak, ...]:
    """Find what must not be published, in the order in which it stands.

    Examples
    --------
    >>> leaks("咨询电话 0951-1234567；手机 139 0000 0000")
    (Leak(kind='mobile', position=21),)
    >>> leaks("共 12345678901 元")
    ()
    """
    return tuple(_found(_plain(text)))


def _plain(text: str) -> str:
    """Write full-width digits and other ways of writing them as plain ones, sign for sign."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in text)


def _found(text: str) -> Iterator[Leak]:
    for run in RUN.finditer(text):
        digits = re.sub(r"[^0-9xX]", "", run.group()).upper()
        if kind := _kind(digits):
            yield Leak(kind, run.start())


def _kind(digits: str) -> str:
    """Tell what a run of digits is; empty when nothing that must be kept."""
    if len(digits) == len(WEIGHTS) + 1 and is_id_number(digits):
        return "id_number"
    digits = digits.rstrip("X")
    if is_old_id_number(digits):
        return "id_number"
    if MOBILE.fullmatch(digits):
        return "mobile"
    return "bank_card" if len(digits) in CARD and _is_luhn(digits) else ""


def is_id_number(digits: str) -> bool:
    """Whether 18 signs are an ID number: a day of birth that exists, and the check character."""
    if not digits[:-1].isdecimal() or not _is_day(digits[6:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False))
    return CHECK[total % 11] == digits[-1]


def is_old_id_number(digits: str) -> bool:
    """Whether 15 digits are an ID number of before 1999: a day of birth in the twentieth century."""
    return len(digits) == 15 and digits[0] in "12345678" and _is_day("19" + digits[6:12])  # noqa: PLR2004


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) >= date(1880, 1, 1)
    except ValueError:
        return False


def _is_luhn(digits: str) -> bool:
    """Whether the check digit of a card number holds (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004
