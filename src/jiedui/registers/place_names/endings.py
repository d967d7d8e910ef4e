"""The endings of names: what 村, 村委会, 自治州 and the like may become when a clerk writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jiedui.registers.place_names.plain import in_words
from jiedui.registers.place_names.tables import COUNTY, GROUP, TOWNSHIP, VILLAGE

PEOPLES = (
    "阿昌", "白", "保安", "布朗", "布依", "朝鲜", "达斡尔", "傣", "德昂", "东乡", "侗", "独龙", "俄罗斯",
    "鄂伦春", "鄂温克", "高山", "仡佬", "哈尼", "哈萨克", "赫哲", "回", "基诺", "京", "景颇", "柯尔克孜",
    "拉祜", "黎", "傈僳", "珞巴", "满", "毛南", "门巴", "蒙古", "苗", "仫佬", "纳西", "怒", "普米", "羌",
    "撒拉", "畲", "水", "塔吉克", "塔塔尔", "土家", "土", "佤", "维吾尔", "乌孜别克", "锡伯", "瑶", "彝",
    "裕固", "藏", "壮", "各",
)  # fmt: skip
"""The peoples named in the names of places, and 各族."""
BARE = ("蒙古", "哈萨克", "柯尔克孜", "维吾尔", "塔吉克", "锡伯", "达斡尔")
"""Those that stand without 族 in some names."""
PEOPLE = f"(?:(?:{'|'.join(PEOPLES)})族|{'|'.join(BARE)})"
OWN: Mapping[str, str] = {
    "province": f"{PEOPLE}*自治区|特别行政区|省|市",
    "prefecture": f"{PEOPLE}*自治州|地区|盟|市",
    COUNTY: f"{PEOPLE}*自治[县旗]|{PEOPLE}+区|林区|特区|[县区市旗]",
    TOWNSHIP: f"{PEOPLE}+[乡镇]|(?:民族)?(?:[乡镇]|苏木)|(?:街道|地区)?办事处|街道|地区",
    VILLAGE: "村?村民委员会|村?村委会|行政村|村|(?:社区)?(?:居民委员会|居委会)|社区|嘎查(?:(?:村民)?委员会)?",
    GROUP: "村民小组|村民组|小组|自然村|组|社|队|村",
}
"""The ending that a whole name carries, at each level."""
NAMES = {level: re.compile(f"(.+?)({own})") for level, own in OWN.items()}
VILLAGES = ("村", "村委会", "村民委员会", "行政村", "村村委会", "村村民委员会")
COMMUNITIES = ("社区", "社区居委会", "社区居民委员会", "居委会", "居民委员会")
BANNER_VILLAGES = ("嘎查", "嘎查委员会", "嘎查村民委员会")
STREETS = ("街道", "街道办事处", "街道办", "街办", "办事处")
GROUPS = ("组", "小组", "村民组", "村民小组", "社", "队", "自然村")
SAME = {VILLAGE: (VILLAGES, COMMUNITIES, BANNER_VILLAGES), TOWNSHIP: (STREETS,), GROUP: (GROUPS,)}
"""Endings of one kind of place: any of them is its whole name."""
COUNTED = re.compile(r"第?(\d{1,2})", re.ASCII)
NUMBERS = {in_words(number): str(number) for number in range(1, 100)}
SHORTEST = 2
"""A name is not shortened to a single sign."""


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a name: a stem and the endings that may follow it.

    Attributes
    ----------
    exact : tuple of str
        Endings that make a whole name.
    loose : tuple of str
        Endings that make a short form; the empty one only after two signs or more.
    """

    stem: str
    exact: tuple[str, ...]
    loose: tuple[str, ...] = ()

    def spellings(self) -> dict[str, bool]:
        """Give everything that the form spells, and whether it is a whole name."""
        both = [(end, False) for end in self.loose] + [(end, True) for end in self.exact]
        return {self.stem + end: exact for end, exact in both}


def forms_of(name: str, level: str) -> tuple[Form, ...]:
    """Give the forms of a plain name.

    Examples
    --------
    >>> forms_of("耀州区", "county")[0].spellings()
    {'耀州': False, '耀州区': True}
    >>> sorted(forms_of("黔东南苗族侗族自治州", "prefecture")[0].spellings(), key=len)[:3]
    ['黔东南', '黔东南州', '黔东南自治州']
    """
    stem, own = _split(name, level)
    exact, loose = _endings(own, level)
    if len(stem) < SHORTEST:
        loose = tuple(end for end in loose if end)
    stems = _counted(stem) if level == GROUP else (stem,)
    return tuple(Form(one, exact, loose) for one in stems)


@cache
def all_endings(level: str) -> tuple[str, ...]:
    """Give the endings that a place of a level may have at all, the longest first."""
    own = {
        COUNTY: ("县", "区", "市", "旗", "自治县"),
        TOWNSHIP: ("乡", "镇", "民族乡", "苏木"),
        "prefecture": ("市", "地区", "盟", "自治州", "州"),
        "province": ("省", "市", "自治区"),
    }
    known = {end for kind in SAME.get(level, ()) for end in kind} | set(own.get(level, ()))
    return tuple(sorted(known, key=lambda end: (-len(end), end)))


def _split(name: str, level: str) -> tuple[str, str]:
    """Cut the ending off a name, the longest that leaves a stem; 东乡族自治县 is 东乡 + 族自治县."""
    if not (parts := NAMES[level].fullmatch(name)):
        return name, ""
    stem, own = parts.groups()
    if own.startswith("自治") and stem[:-1] in PEOPLES:
        return stem[:-1], stem[-1] + own
    return stem, own


def _endings(own: str, level: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the exact and the loose endings beside an own ending."""
    kinds = SAME.get(level, ())
    for kind in kinds:
        if own in kind:
            return kind, ("",)
    if not own:
        return ("",), tuple(end for kind in kinds for end in kind)
    short = ["", own[-1]]
    if "自治" in own:
        people, _, last = own.partition("自治")
        short = ["", people, f"自治{last}", *([last] if last in "州县旗" else [])]
    elif own.endswith(("族乡", "族镇")):
        short.append(f"民族{own[-1]}")
    elif "族区" not in own:
        short = [""]
    return (own,), tuple(end for end in dict.fromkeys(short) if end != own)


def _counted(stem: str) -> tuple[str, ...]:
    """Give the spellings of a counted group: 第1, 1, 第一, 一."""
    bare = NUMBERS.get(stem.removeprefix("第"), stem)
    if not (digits := COUNTED.fullmatch(bare)) or int(digits[1]) == 0:
        return (stem,)
    number = int(digits[1])
    return tuple(f"{first}{spelt}" for first in ("", "第") for spelt in (str(number), in_words(number)))
