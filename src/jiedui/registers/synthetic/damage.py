"""How the same name and number come out of two offices: misheard, miscopied, written another way."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jiedui.registers.synthetic.names import INTERPUNCT
from jiedui.registers.synthetic.words import read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

INTERPUNCTS = ("•", "．", "・", "‧", "", " ")
LEAST_HAN = 2


@cache
def _homophones() -> Mapping[str, str]:
    """Give for each sign the next one that sounds alike."""
    groups = read_words()["homophones"]["groups"]
    return {sign: group[(place + 1) % len(group)] for group in groups for place, sign in enumerate(group)}


@cache
def _variants() -> Sequence[tuple[str, str]]:
    """Give pairs of transliterations, long ones first."""
    pairs = read_words()["homophones"]["parts"]
    return sorted(((one, other) for one, other in pairs), key=lambda pair: -len(pair[0]))


def homophone(name: str, draw: float) -> str:
    """Write one sign as another that sounds alike; the same where none does."""
    places = [place for place, sign in enumerate(name) if sign in _homophones()]
    if not places:
        return name
    place = places[int(draw * len(places))]
    return name[:place] + _homophones()[name[place]] + name[place + 1 :]


def dropped_sign(name: str, draw: float) -> str:
    """Leave one sign out after the first, where two stay."""
    if len(name) <= LEAST_HAN:
        return name
    place = 1 + int(draw * (len(name) - 1))
    return name[:place] + name[place + 1 :]


def interpunct(name: str, draw: float) -> str:
    """Write the interpunct as another sign, or leave it out."""
    return name.replace(INTERPUNCT, INTERPUNCTS[int(draw * len(INTERPUNCTS))])


def transliteration(name: str, draw: float) -> str:
    """Write one part in another transliteration."""
    del draw
    for one, other in _variants():
        if one in name:
            return name.replace(one, other, 1)
    return name


def first_part(name: str, draw: float) -> str:
    """Leave out what follows the first interpunct."""
    del draw
    return name.split(INTERPUNCT, maxsplit=1)[0]


def wrong_digit(number: str, draw: float) -> str:
    """Copy one digit wrongly."""
    place = 6 + int(draw * 11)
    return number[:place] + str((int(number[place]) + 1 + int(draw * 97) % 8) % 10) + number[place + 1 :]


def missing_digit(number: str, draw: float) -> str:
    """Leave one digit out."""
    place = 6 + int(draw * 12)
    return number[:place] + number[place + 1 :]


def swapped_digits(number: str, draw: float) -> str:
    """Exchange two digits that stand beside each other and differ."""
    places = [place for place in range(6, 16) if number[place] != number[place + 1]]
    if not places:
        return number
    place = places[int(draw * len(places))]
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def swapped_day_and_month(number: str, draw: float) -> str:
    """Exchange day and month where the day can be a month."""
    del draw
    month, day = number[10:12], number[12:14]
    return number[:10] + day + month + number[14:] if day <= "12" else number


def old_number(number: str, draw: float) -> str:
    """Give the number of 15 digits that was used before 1999."""
    del draw
    return number[:6] + number[8:17] if number[6:8] == "19" else number


NAME_DAMAGE: Mapping[str, Callable[[str, float], str]] = {
    "homophone": homophone,
    "dropped_sign": dropped_sign,
    "interpunct": interpunct,
    "transliteration": transliteration,
    "first_part": first_part,
}
ID_DAMAGE: Mapping[str, Callable[[str, float], str]] = {
    "wrong_digit": wrong_digit,
    "missing_digit": missing_digit,
    "swapped_digits": swapped_digits,
    "swapped_day_and_month": swapped_day_and_month,
    "old_number": old_number,
}
OF_DOTTED = ("interpunct", "transliteration", "first_part", "interpunct")
OF_PLAIN = ("homophone", "dropped_sign", "homophone", "transliteration")


def damage_names(names: list[str], rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Damage each name in one way; a way that does not apply leaves it as it is.

    Returns
    -------
    tuple of list of str and list of str
        The names, and the way each was damaged: empty where it is as it was.
    """
    which, draws = rng.random(len(names)), rng.random(len(names))
    ways = [
        (OF_DOTTED if INTERPUNCT in name else OF_PLAIN)[int(one * 4)]
        for name, one in zip(names, which, strict=True)
    ]
    return _damage(names, ways, draws, NAME_DAMAGE)


def damage_ids(numbers: list[str], rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Damage each ID number in one way; see `damage_names`."""
    all_ways = tuple(ID_DAMAGE)
    ways = [all_ways[int(one * len(all_ways))] for one in rng.random(len(numbers))]
    return _damage(numbers, ways, rng.random(len(numbers)), ID_DAMAGE)


def _damage(
    texts: list[str],
    ways: list[str],
    draws: np.ndarray,
    damage: Mapping[str, Callable[[str, float], str]],
) -> tuple[list[str], list[str]]:
    changed = [damage[way](one, float(draw)) for one, way, draw in zip(texts, ways, draws, strict=True)]
    told = [way if new != old else "" for new, old, way in zip(changed, texts, ways, strict=True)]
    return changed, told
