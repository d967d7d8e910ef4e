"""Names as five peoples form them, put together from pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.words import read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

HAN, TIBETAN, UYGHUR, YI, MONGOL = range(5)
SECTIONS = ("han", "tibetan", "uyghur", "yi", "mongol")
INTERPUNCT = "·"
SKEW = 1.25
"""Above 1 the first words of a list are drawn more often."""
ONE_SIGN = 0.16
"""Share of Han given names with one sign."""
LONG_NAME = 0.04
"""Share of Uyghur names with a third part."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces of names in one list, and where each kind begins and ends."""

    words: Sequence[str]
    spans: dict[str, tuple[int, int]]

    def draw(self, kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> Ints:
        """Draw pieces of a kind, the first of a list more often than the last."""
        low, high = self.spans[kind]
        return low + np.minimum((high - low) * rng.random(shape) ** SKEW, high - low - 1).astype(np.int64)


@cache
def pieces() -> Pieces:
    """Give the pieces; the first is empty, the second the interpunct."""
    words = ["", INTERPUNCT]
    spans = {}
    for section in SECTIONS:
        for kind, listed in read_words()[section].items():
            made = listed if isinstance(listed[0], str) else [one + other for one, other in product(*listed)]
            spans[f"{section}.{kind}"] = len(words), len(words) + len(made)
            words += made
    return Pieces(words, spans)


def draw_given(style: Ints, male: Truths, rng: np.random.Generator) -> Ints:
    """Draw the first given piece of each person.

    Parameters
    ----------
    style
        Shape of the result: one of `HAN`, `TIBETAN`, `UYGHUR`, `YI`, `MONGOL`.
    """
    given = np.zeros(style.shape, np.int64)
    for number, section in enumerate(SECTIONS):
        for sex, is_sex in (("male", male), ("female", ~male)):
            chosen = (style == number) & is_sex
            given[chosen] = pieces().draw(f"{section}.{sex}", (int(chosen.sum()),), rng)
    return given


def draw_families(style: Ints, rng: np.random.Generator) -> Ints:
    """Draw surnames for Han, clans for Yi, nothing for the others."""
    family = np.zeros(style.shape, np.int64)
    for number, kind in ((HAN, "han.surnames"), (YI, "yi.clans")):
        chosen = style == number
        family[chosen] = pieces().draw(kind, (int(chosen.sum()),), rng)
    return family


def compose(
    *, style: Ints, male: Truths, family: Ints, given: Ints, father: Ints, rng: np.random.Generator
) -> Ints:
    """Give the five pieces of each name, shape (n, 5).

    Parameters
    ----------
    father
        The given piece of the father, the second part of Uyghur names.
    """
    names = np.zeros((len(style), 5), np.int64)
    second = draw_given(np.where(style == TIBETAN, TIBETAN, HAN), male, rng)
    dotted = (style == UYGHUR) | (style == YI)
    plain = (style == HAN) & (rng.random(len(style)) >= ONE_SIGN)
    names[:, 0] = np.where((style == HAN) | (style == YI), family, given)
    names[:, 1] = dotted
    names[:, 2] = np.select(
        [style == HAN, style == YI, style == UYGHUR, style == TIBETAN], [given, given, father, second], 0
    )
    longer = (style == UYGHUR) & (rng.random(len(style)) < LONG_NAME)
    names[:, 3] = np.where(plain, second, longer)
    names[longer, 4] = pieces().draw("uyghur.male", (int(longer.sum()),), rng)
    return names


def join_names(names: Ints) -> pa.StringArray:
    """Put the pieces of each name together."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array(pieces().words)
    return pc.binary_join_element_wise(*(words.take(pa.array(column)) for column in names.T), "")
