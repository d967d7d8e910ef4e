"""Names made comparable: one form, one spelling, their sounds without tone, their shape, their parts."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

HAN_TWO, HAN_THREE, INTERPUNCT = "han_2", "han_3", "interpunct"
FAMILIES = (HAN_TWO, HAN_THREE, INTERPUNCT)
"""Families of names: Han names of up to two signs, longer Han names, names without surname."""
DOTS = re.compile(r"[·•．.‧∙⋅・･●。]")
BRACKETS = re.compile(r"\(.*\)[·•．.‧∙⋅・･●。]*$")
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")
NOT_NAMES = frozenset({"", "无", "不详", "未知", "-", "/", "空", "NULL"})
LONG_HAN = 4
READINGS = 8
"""At most so many readings of one name are compared."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name in the forms that are compared.

    Attributes
    ----------
    form : str
        Simplified, without dots, spaces and a bracket at the end.
    spelling : str
        As `form`, each word that has several ways of writing in its first way.
    sounds : tuple of str
        Readings without tone, syllables apart by a space; as a surname is read first.
    shape : str
        As `form`, each character by the first of those it is taken for.
    parts : tuple of str
        The parts of a name with interpunct, in their spelling; a name without has one.
    """

    family: str
    form: str
    spelling: str
    sounds: tuple[str, ...]
    shape: str
    parts: tuple[str, ...]


def read_name(written: str) -> Name | None:
    """Give a name in the forms that are compared; None for what is no name, such as 不详.

    Examples
    --------
    >>> read_name("麦麦提．阿不都").spelling == read_name("买买提阿卜杜").spelling
    True
    >>> read_name("单国強").sounds[0]
    'shan guo qiang'
    """
    parts = _parts(written)
    form = "".join(parts)
    if form in NOT_NAMES:
        return None
    family = _family(parts)
    spelt = tuple(_spell(part) for part in parts) if family == INTERPUNCT else parts
    spelling = "".join(spelt)
    shape = form.translate(_spellings().alike)
    return Name(family, form, spelling, _sounds(spelling, family), shape, spelt)


def name_table(written: Iterable[str]) -> pa.Table:
    """Give the distinct names of a column with the fields of `Name`; null where it is none."""
    import pyarrow as pa

    texts = sorted(set(written))
    names = [read_name(text) for text in texts]
    columns = {
        field: [getattr(name, field) if name else None for name in names]
        for field in ("family", "form", "spelling", "sounds", "shape", "parts")
    }
    kinds = {"sounds": pa.list_(pa.string()), "parts": pa.list_(pa.string())}
    arrays = {field: pa.array(values, kinds.get(field, pa.string())) for field, values in columns.items()}
    return pa.table({"written": pa.array(texts, pa.string()), **arrays})


@dataclass(frozen=True, slots=True)
class _Spellings:
    """The tables of ``spellings.toml``, ready to use."""

    way: re.Pattern[str]
    word: re.Pattern[str]
    whole: re.Pattern[str]
    first: dict[str, str]
    alike: dict[int, str]
    surnames: dict[str, str]


@cache
def _spellings() -> _Spellings:
    told = tomllib.loads(files(__package__).joinpath("spellings.toml").read_text(encoding="utf-8"))
    first = {way: row[0] for row in told["words"] for way in row}
    ways = sorted(first, key=lambda way: (-len(way), way))
    words = "|".join(way for way in ways if len(way) > 1)
    alike = {ord(sign): group[0] for group in told["alike"] for sign in group}
    surnames = dict(row.split() for row in told["surnames"])
    way, word, whole = (re.compile(text) for text in ("|".join(ways), words, f"(?:{words})+"))
    return _Spellings(way, word, whole, first, alike, surnames)


@cache
def _converter() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def _parts(written: str) -> tuple[str, ...]:
    """Clean a name and take it apart at its dots."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", written)).upper()
    plain = BRACKETS.sub("", _converter().convert(plain))  # type: ignore[attr-defined]
    return tuple(part for part in DOTS.split(plain) if part)


def _family(parts: tuple[str, ...]) -> str:
    name = "".join(parts)
    told = _spellings()
    if len(parts) > 1 or len(name) > LONG_HAN or told.whole.fullmatch(name):
        return INTERPUNCT
    if len(name) == LONG_HAN and told.word.search(name):
        return INTERPUNCT
    return HAN_TWO if len(name) <= len("王明") else HAN_THREE


def _spell(part: str) -> str:
    told = _spellings()
    return told.way.sub(lambda match: told.first[match.group()], part)


@cache
def _readings(sign: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    return tuple(pinyin(sign, style=Style.NORMAL, heteronym=True)[0])


def _sounds(spelling: str, family: str) -> tuple[str, ...]:
    """Read a name; of a Han name the surname with all its readings, then the given name."""
    choices = [_readings(sign)[:1] for sign in spelling]
    if family != INTERPUNCT:
        own = _spellings().surnames.get(spelling[0])
        choices[0] = tuple(dict.fromkeys((*((own,) if own else ()), *_readings(spelling[0]))))
        choices[1:] = [_readings(sign)[:2] for sign in spelling[1:]]
    return tuple(" ".join(choice) for choice in islice(product(*choices), READINGS))
