"""Where the households of one county live: townships, villages, their codes and peoples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.ids import UNASSIGNED
from jiedui.registers.synthetic.words import read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

TOWNSHIPS = (10, 15)
"""A county has so many townships, the second number excluded."""
VILLAGE_HOUSEHOLDS = (80, 150)
SMALL_VILLAGE = 50
"""A county too small for two full villages a township has villages of this size."""
PEOPLES = ("汉族", "彝族", "藏族", "维吾尔族", "蒙古族", "回族", "苗族")
STYLES = (0, 3, 1, 2, 4, 0, 0)
"""How each people forms names: as Han, Tibetan, Uyghur, Yi, Mongolian (0 to 4)."""
SHARES = (0.62, 0.09, 0.07, 0.09, 0.05, 0.04, 0.04)


@dataclass(frozen=True, slots=True)
class Territory:
    """One county of a made-up land.

    Attributes
    ----------
    code : int
        Six digits that begin with 99.
    townships : sequence of str
    township : array of int64
        The township of each village, counted from 0.
    villages : sequence of str
        Different within a township.
    codes : array of int64
        Twelve digits each.
    people : array of int64
        The people most households of the village belong to: index in `PEOPLES`.
    village : array of int64
        The village of each household.
    """

    code: int
    county: str
    townships: Sequence[str]
    township: Ints
    villages: Sequence[str]
    codes: Ints
    people: Ints
    village: Ints


def make_territory(part: int, *, households: int, rng: np.random.Generator) -> Territory:
    """Give the places of one county and the village of each household, in order."""
    words = read_words()["places"]
    names = [first + second for first in words["first"] for second in words["second"]]
    code = int(UNASSIGNED) * 10_000 + 100 * (part // 40) + 20 + 2 * (part % 40)
    townships = min(int(rng.integers(*TOWNSHIPS)), max(1, households // 30))
    count = _village_count(households, townships, rng)
    township = np.sort(np.arange(count) % townships)
    within = np.arange(count) - np.searchsorted(township, township)
    return Territory(
        code=code,
        county=_county_name(part, names),
        townships=[
            names[place] + words["kinds"][place % len(words["kinds"])]
            for place in rng.permutation(len(names))[:townships]
        ],
        township=township,
        villages=_village_names(township, names, rng),
        codes=code * 1_000_000 + (100 + township) * 1000 + 200 + within,
        people=rng.choice(len(PEOPLES), count, p=SHARES),
        village=_settle(households, count, rng),
    )


def _county_name(part: int, names: Sequence[str]) -> str:
    """Give each part a name of its own; two names together where there are more parts than names."""
    more, place = divmod(part * 37, len(names))
    return names[place] + (names[more] if part >= len(names) else "") + "县"


def _village_count(households: int, townships: int, rng: np.random.Generator) -> int:
    usual = round(households / rng.integers(100, 131))
    small = min(2 * townships, max(1, households // SMALL_VILLAGE))
    return max(usual, small, townships, 1)


def _village_names(township: Ints, names: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Draw names without repeating one in a township: the same name in two townships is usual."""
    orders = [rng.permutation(len(names)) for _ in range(int(township.max()) + 1)]
    starts = np.searchsorted(township, township)
    return [
        names[orders[one][(place - start) % len(names)]] + "村"
        for place, (one, start) in enumerate(zip(township, starts, strict=True))
    ]


def _settle(households: int, villages: int, rng: np.random.Generator) -> Ints:
    """Share the households out over the villages, sizes apart as 80 is from 150."""
    weights = rng.uniform(*VILLAGE_HOUSEHOLDS, villages)
    bounds = np.round(np.cumsum(weights) / weights.sum() * households).astype(np.int64)
    return np.searchsorted(bounds, np.arange(households), side="right")
