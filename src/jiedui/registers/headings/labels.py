"""A heading taken apart: its levels, its unit, and the forms under which it is looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

MONEY: Mapping[str, int] = {
    "元": 1,
    "人民币元": 1,
    "yuan": 1,
    "千元": 1_000,
    "万元": 10_000,
    "百万元": 1_000_000,
    "亿元": 100_000_000,
}
"""Units of money, in yuan."""
SAME: Mapping[str, tuple[str, ...]] = {
    "人": ("人", "口", "名", "persons"),
    "平方米": ("平方米", "平米", "m2", "㎡"),
    "月": ("月", "个月", "months"),
    "": ("人", "户", "个", "名", "组", "年", "岁"),
}
"""By the unit of a column: the spellings that need no conversion; "" for a column without unit."""
OTHER_UNITS = ("亩", "公里", "千米", "公斤", "吨", "%", "美元", "港元", "hm2", "公顷", "角", "分")
REMARKS = re.compile(
    r"必填|选填|可选|必填项|是/否|有/无|是或否|有或无|男/女|下拉选择|y{4}[-/.年]?m{2}[-/.月]?(?:d{2}日?)?"
)
SERIAL = re.compile(
    r"(?:[a-z]?\d{1,3}[.、)]|\((?:\d{1,3}|[一二三四五六七八九十]{1,3})\)|[一二三四五六七八九十]{1,3}[、.])(?!\d)"
)
CACHED = 10_000
LONGEST = 200
"""So many signs of a heading are looked at."""
CIRCLED = re.compile("^[①-⑳]")
BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
OUTSIDE = re.compile(r"/(?![^(\[【]*[)\]】])")
"""A slash that stands in no bracket: it parts two levels."""
TITLE_UNIT = re.compile(r"单位:([^\s;;。()]+)")


@dataclass(frozen=True, slots=True)
class Label:
    """A heading as it is looked up.

    Attributes
    ----------
    full : tuple of str
        Each level with all it says, only letters and digits.
    bare : tuple of str
        Each level without units and remarks in brackets.
    units : tuple of str
        The unit in brackets of each level; empty when none.
    """

    full: tuple[str, ...]
    bare: tuple[str, ...]
    units: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The unit of the last level that has one."""
        return self._unit(len(self.units))

    def _unit(self, levels: int) -> str:
        """Give the unit of the last of the upper levels that has one."""
        return next(filter(None, reversed(self.units[:levels])), "")

    def forms(self) -> Iterator[tuple[int, str, str]]:
        """Give levels dropped, form and unit: the whole path first, the last level last."""
        for dropped in range(len(self.full)):
            whole, bare = "".join(self.full[dropped:]), "".join(self.bare[dropped:])
            yield dropped, whole, self._unit(dropped)
            if bare != whole:
                yield dropped, bare, self.unit


@lru_cache(maxsize=CACHED)
def read_label(heading: str) -> Label:
    """Take a heading apart.

    Examples
    --------
    >>> read_label("家庭收入/2.工资性收入（万元）")
    Label(full=('家庭收入', '工资性收入万元'), bare=('家庭收入', '工资性收入'), units=('', '万元'))
    >>> read_label("县(市、区、旗)").bare
    ('县市区旗',)
    """
    levels = [_without_serial(level) for level in OUTSIDE.split(_plain(heading))]
    parted = [_parted(level) for level in levels if level]
    return Label(
        full=tuple(key(level) for level in levels if level),
        bare=tuple(key(bare) for bare, _ in parted),
        units=tuple(unit for _, unit in parted),
    )


@lru_cache(maxsize=CACHED)
def key(text: str) -> str:
    """Give the letters and digits of a text, as headings are compared."""
    return "".join(sign for sign in _plain(text) if sign.isalnum())


def title_unit(title: str) -> str:
    """Give the one unit of money that a title states for the whole sheet; empty when none or several.

    Examples
    --------
    >>> title_unit("项目表 单位：万元、户"), title_unit("填报单位：某局")
    ('万元', '')
    """
    named = TITLE_UNIT.findall(unicodedata.normalize("NFKC", title))
    found = {unit for names in named for unit in re.split("[、,/]", names) if unit in MONEY}
    return found.pop() if len(found) == 1 else ""


def is_unit(text: str) -> bool:
    """Tell whether a text in brackets is a unit."""
    base = text.partition("/")[0]
    return base in MONEY or base in OTHER_UNITS or any(base in spellings for spellings in SAME.values())


def _plain(text: str) -> str:
    """Give a text in half width and small letters, without spaces, line breaks and circled numbers."""
    cut = CIRCLED.sub("", text.strip()[:LONGEST])
    return "".join(unicodedata.normalize("NFKC", cut).casefold().split())


def _without_serial(level: str) -> str:
    """Leave out the number that counts a heading, unless nothing else is there."""
    return SERIAL.sub("", level, count=1) if SERIAL.match(level) else level


def _parted(level: str) -> tuple[str, str]:
    """Part a level into its words and its unit."""
    unit = ""
    words = level
    for found in BRACKETS.finditer(level):
        inside = found[1].removeprefix("单位").lstrip(":")
        if is_unit(inside):
            unit = inside
        elif not REMARKS.fullmatch(inside):
            continue
        words = words.replace(found[0], "")
    return (words, unit) if words else (level, "")
