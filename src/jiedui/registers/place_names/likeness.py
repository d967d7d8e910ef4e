"""Stems that differ by one sign, or sound the same: to be asked about, never taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from jiedui.registers.place_names.endings import SHORTEST

LONG = 3
"""From so many signs on, one left out or added is a slip; of two, only one wrong."""


class Likeness:
    """Stems by what is left when one sign is taken out, and by their sound.

    Examples
    --------
    >>> list(Likeness(["麻子", "石桥", "河"]).like("麻字"))
    [('麻子', 'sound')]
    >>> list(Likeness(["麻子", "石桥"]).like("麻于"))
    [('麻子', 'sign')]
    """

    __slots__ = ("_by_key", "_by_sound")

    def __init__(self, stems: Iterable[str]) -> None:
        by_key: defaultdict[str, list[str]] = defaultdict(list)
        by_sound: defaultdict[str, list[str]] = defaultdict(list)
        for stem in sorted(stems):
            if len(stem) >= SHORTEST:
                by_sound[sound(stem)].append(stem)
                for key in _keys(stem):
                    by_key[key].append(stem)
        self._by_key = dict(by_key)
        self._by_sound = dict(by_sound)

    def like(self, written: str) -> Iterator[tuple[str, str]]:
        """Give the other stems like a text, each once: ``sound`` or ``sign``."""
        given = {written}
        for stem in self._by_sound.get(sound(written), ()):
            if stem not in given:
                given.add(stem)
                yield stem, "sound"
        for key in _keys(written):
            for stem in self._by_key.get(key, ()):
                if stem not in given and is_near(written, stem):
                    given.add(stem)
                    yield stem, "sign"


def is_near(one: str, other: str) -> bool:
    """Tell whether two stems differ by one sign: wrong, left out or added.

    Examples
    --------
    >>> is_near("麻子", "麻于"), is_near("上麻子", "麻子"), is_near("麻", "麻子"), is_near("麻子", "子麻")
    (True, True, False, False)
    """
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    if len(long) != len(short) + 1 or len(long) < LONG:
        return False
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def sound(stem: str) -> str:
    """Give the syllables of a stem without tones, each sign as it is read alone.

    Examples
    --------
    >>> sound("麻子")
    'ma zi'
    """
    return " ".join(map(_syllable, stem))


@cache
def _syllable(sign: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(sign))


def _keys(stem: str) -> Iterator[str]:
    """Give what stems that differ by one sign have in common."""
    yield stem
    for at in range(len(stem)):
        yield f"{stem[:at]}?{stem[at + 1 :]}"
        yield stem[:at] + stem[at + 1 :]
