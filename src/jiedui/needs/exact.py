"""Exact numbers: weights and cut-offs are fractions, and a decimal that hides one is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from jiedui.errors import InputError
from jiedui.language import finding

NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18}|/0*[1-9]\d{0,8})?")
HIDDEN = (3, 6, 7, 9, 12, 14, 15, 18, 24, 30, 36)
"""Denominators of weights met in practice whose fractions have no finite decimal."""
COARSE = (3, 6)
"""Those that two decimals, such as 0.33 or 0.17, may stand for."""
PLACES = 2
DOUBLE = 16
"""Signs from which on the text of a float shows all its precision."""
LARGEST_BOTTOM = 360


def read_fraction(value: object, *, file: str = "", cell: str = "") -> Fraction:
    """Give the exact value of a weight or a cut-off.

    Parameters
    ----------
    value : str, int, float, Decimal or Fraction
        ``"1/6"``, ``0.25``, ``1``. A Python float that is to its last digit a fraction of denominator up to
        360, as ``1 / 6`` gives it, is that fraction.
    file, cell : str
        Where it stands, for the finding.

    Raises
    ------
    InputError
        If it is no number, or a decimal that stands for a fraction, such as 0.166 for 1/6.

    Examples
    --------
    >>> read_fraction("1/6"), read_fraction(0.25)
    (Fraction(1, 6), Fraction(1, 4))
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, float) and (exact := _double(value)):
        return exact
    text = "" if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal) else str(value)
    if not NUMBER.fullmatch(text):
        raise InputError([finding("needs.not_number", file=file, cell=cell, found=str(value)[:40])])
    if "." in text and (meant := hidden_fraction(text)):
        raise InputError([finding("needs.hidden_fraction", file=file, cell=cell, found=text, meant=meant)])
    return Fraction(text)


def hidden_fraction(text: str) -> str:
    """Say which fraction a decimal was rounded or cut from; empty where it is exact.

    Examples
    --------
    >>> hidden_fraction("0.166"), hidden_fraction("0.3333"), hidden_fraction("0.25")
    ('1/6', '1/3', '')
    """
    places = len(text.partition(".")[2])
    number, step = Fraction(text), Fraction(1, 10**places)
    if places < PLACES:
        return ""
    for bottom in COARSE if places == PLACES else HIDDEN:
        meant = Fraction(round(number * bottom), bottom)
        is_finite = not _odd_part(meant.denominator) > 1
        if not is_finite and -step / 2 <= meant - number < step:
            return f"{meant.numerator}/{meant.denominator}"
    return ""


def _double(value: float) -> Fraction | None:
    """Give the one fraction of small denominator whose nearest double this is."""
    if len(repr(value)) < DOUBLE or not -1 <= value <= 1:
        return None
    meant = Fraction(value).limit_denominator(LARGEST_BOTTOM)
    return meant if float(meant) == value else None


def _odd_part(number: int) -> int:
    """Take the factors 2 and 5 out of a denominator: above 1, its decimals never end."""
    for prime in (2, 5):
        while number % prime == 0:
            number //= prime
    return number
