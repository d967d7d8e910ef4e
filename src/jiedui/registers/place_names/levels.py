"""What a place code says by itself: its level, and what it lies in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jiedui.registers.place_names.tables import COUNTY, GROUP, TOWNSHIP, VILLAGE

CODE = re.compile(r"\d{6}|\d{9}|\d{12}|\d{14,15}", re.ASCII)
PROVINCE_DIGITS, PREFECTURE_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 2, 4, 6, 9, 12
BY_LENGTH: Mapping[int, str] = {
    COUNTY_DIGITS: COUNTY,
    TOWNSHIP_DIGITS: TOWNSHIP,
    VILLAGE_DIGITS: VILLAGE,
}


def is_code(text: str) -> bool:
    """Tell whether a text has the digits of a place code.

    Examples
    --------
    >>> is_code("610204"), is_code("61020410"), is_code("６１０２０４")
    (True, False, False)
    """
    return bool(CODE.fullmatch(text)) and not text.startswith("0")


def shorten(code: str) -> str:
    """Give a code without the zeros that stand for the whole of a township or county.

    Examples
    --------
    >>> shorten("610204000000"), shorten("610204100000"), shorten("610204100201")
    ('610204', '610204100', '610204100201')
    """
    for length in (VILLAGE_DIGITS, TOWNSHIP_DIGITS):
        if len(code) == length and code.endswith("000"):
            code = code[:-3]
    return code


def level_of(code: str) -> str:
    """Give the level of a shortened code.

    Examples
    --------
    >>> level_of("610000"), level_of("610204"), level_of("610204100"), level_of("61020410020101")
    ('province', 'county', 'township', 'group')
    """
    if len(code) == COUNTY_DIGITS and code.endswith("00"):
        return "province" if code.endswith("0000") else "prefecture"
    return BY_LENGTH.get(len(code), GROUP)


def parents_of(code: str) -> tuple[str, ...]:
    """Give the codes that may be what a shortened code lies in, the nearest first.

    Examples
    --------
    >>> parents_of("610204100201")
    ('610204100', '610204', '610200', '610000')
    """
    county = code[:COUNTY_DIGITS]
    longer = [code[:length] for length in (VILLAGE_DIGITS, TOWNSHIP_DIGITS, COUNTY_DIGITS)]
    whole = [county[:length].ljust(COUNTY_DIGITS, "0") for length in (PREFECTURE_DIGITS, PROVINCE_DIGITS)]
    return tuple(one for one in dict.fromkeys((*longer, *whole)) if one != code)
