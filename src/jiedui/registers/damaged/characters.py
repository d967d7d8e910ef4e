"""Which characters are traditional, which simplified, and how each may be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HAN = "\u3400-\u9fff\U00020000-\U000323af"
PINYIN = "a-zāáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜêńňǹḿɑɡ\u0300\u0301\u0304\u0308\u030c"
EVERYDAY = range(0x3400, 0xA000)
BRACKET = rf"\([{PINYIN}]{{1,8}}\)"
"""One word in letters of pinyin between half-width brackets, nothing else."""
ONE_FORM = str.maketrans("ɑɡ", "ag")
UNCHANGED = "捱拚菸薹袷醣榘吒糸劄扞苧薳爇"
"""Signs that a converter takes for traditional although the standard of 2013 keeps them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A character that is traditional in some words and right in others.

    Attributes
    ----------
    said : str
        The readings, apart by spaces, by which pinyin after it shows that it is the traditional form; none
        where a name may have it.
    changed, kept : str
        Patterns of the words in which it is, and is not, the traditional form of `simplified`; in them
        the character itself stands as ``@``.
    alone : str
        Words that show damage by themselves: no name and no simplified text has them.
    """

    simplified: str
    said: str
    changed: str
    kept: str
    alone: str = ""


CHOICES: Mapping[str, Choice] = {
    "乾": Choice(
        "干",
        "gān",
        "@[部净淨旱燥果预預扰擾线線涸群活劲勁货貨洗警枯草粮糧系係细細支渠校流股脆杯道河]|"
        "[饼餅骨若相主树樹才实實苦能晒曬包基晾烘肉豆葡风風精单單肯敢巧大]@",
        "@[隆坤县縣清陵卦元安州位宁寧]|@部[长長]",
        "@[净淨旱燥枯涸]|[饼餅骨若]@",
    ),
    "著": Choice(
        "着",
        "zhe zhuó zháo zhāo",
        "@[力重眼手实實想急装裝陆陸凉涼落火迷色]|"
        "[随隨跟沿为為朝向对對本有接看等带帶靠照凭憑冒伴味志誌围圍绕繞沉衣附穿着住坐站走拉拿抱背望听聽说說写寫活"
        "开開关關过過忙笑当當挂掛放连連循抓守迎顺順闲閒躺睡握捧含怀懷]@",
        "@[名作称稱述者书書录錄]|[显顯卓编編专專论論原名巨译譯遗遺土昭拙合所新]@",
    ),
    "瞭": Choice("了", "liǎo le", "@", "@[望哨台楼樓见見远遠]", "@[解然]"),
    "於": Choice(
        "于",
        "yú",
        "@[是此其本该該我今年各每全这這一二三四五六七八九十\\d]|"
        "[关關对對由等位用属屬至处處低高大小少多优優生死成立建设設源限基利便鉴鑒在归歸终終始忙善乐樂勇敢急难難易"
        "适適忠服同致力现現助基置公止先後后晚早次介存出起安长長短强強异異缘緣得流于起毕畢业業务務来來自赖賴"
        "有不无無期疲苦免过過近甘勤疏敏求]@",
        "^@[^\\d是此其]",
        "[关關对對由属屬至位处處基鉴鑒]@",
    ),
    "徵": Choice(
        "征",
        "zhēng",
        "@[求收地兵集信文订訂管购購询詢程服战戰召用迁遷缴繳候得稿补補税稅]|[特象表应應]@",
        "[商角宫宮魏]@|@羽",
        "@[求收集]|[特象]@",
    ),
    "藉": Choice("借", "jiè", "@[口助此机機以由故]|[凭憑]@", "[狼慰枕蕴蘊]@"),
    "夥": Choice("伙", "huǒ", "@[伴计計食]|[合团團同大散入搭家]@", "[甚]@"),
    "麽": Choice("么", "me ma", "[什甚怎这這那多要]@", "幺@", "[什甚怎这這那]@"),
    "摺": Choice("折", "zhé", "@[叠疊扇页頁]|[存奏]@|不@不", ""),
    "昇": Choice("升", "", "@[级級旗]|[提上晋晉攀回]@", ""),
    "陞": Choice("升", "", "@[级級学學职職]|[提上晋晉]@", ""),
    "釐": Choice("厘", "", "@[米清定革]|[公毫分]@", ""),
    "剋": Choice("克", "kè", "@[服制]|[攻]@", "@[扣]"),
    "麴": Choice("曲", "", "[酒大]@", ""),
    "龢": Choice("和", "", "", ""),
    "鍾": Choice("钟", "", "@[爱愛情灵靈]|[龙龍]@", ""),
    "祕": Choice("秘", "", "@[密书書诀訣方]|[神奥奧]@", ""),
    "蒐": Choice("搜", "", "@[集寻尋罗羅购購证證]", ""),
    "氾": Choice("泛", "", "@[滥濫]", ""),
    "脩": Choice("修", "", "@[正订訂改建理复復]", "束@"),
    "谿": Choice("溪", "", "", ""),
    "噁": Choice("恶", "ě", "@[心]", "二@"),
    "覆": Choice("复", "", "[反答回批函电電]@", "@"),
}
"""Beside these words a person decides: 魏徵, 乾县, names with 昇 or 於 stay as they are."""


@cache
def simplified_of() -> Mapping[str, str]:
    """Give the simplified form of each character that is traditional and nothing else.

    Rare characters beyond the basic plane are left out: patterns of them are slow.
    """
    import opencc

    every = [chr(code) for code in EVERYDAY]
    turned = opencc.OpenCC("t2s").convert("\n".join(every)).split("\n")
    pairs = zip(every, turned, strict=True)
    left = {*CHOICES, *UNCHANGED}
    return {old: new for old, new in pairs if old != new and ord(new) in EVERYDAY and old not in left}


@cache
def traditional() -> str:
    """Give the characters that only traditional texts have, for a class of a pattern."""
    return "".join(simplified_of())


@cache
def simplified_only() -> re.Pattern[str]:
    """Give the pattern of characters that only simplified texts have: no code of Big5 holds them."""
    import opencc

    targets = sorted(set(simplified_of().values()))
    turned = opencc.OpenCC("s2t").convert("\n".join(targets)).split("\n")
    pairs = zip(targets, turned, strict=True)
    return re.compile(f"[{''.join(new for new, old in pairs if new != old and not _in_big5(new))}]")


def _in_big5(sign: str) -> bool:
    try:
        sign.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


def is_reading(syllable: str, sign: str, simplified: str) -> bool:
    """Tell whether a syllable with its tone mark is a reading that a traditional character has as such.

    Examples
    --------
    >>> is_reading("lián", "聯", "联"), is_reading("lian", "聯", "联"), is_reading("men", "們", "们")
    (True, False, True)
    """
    from pypinyin.pinyin_dict import pinyin_dict

    plain = unicodedata.normalize("NFC", syllable.translate(ONE_FORM))
    if sign in CHOICES:
        return plain in CHOICES[sign].said.split()
    return any(plain in pinyin_dict.get(ord(form), "").split(",") for form in (sign, simplified))
