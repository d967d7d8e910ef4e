"""What offices write for blank, yes, no and each choice, as data."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jiedui.tables import Column

NUMBERED = re.compile(r"_\d+$")
"""The end of the name of one of several equal columns: ``risk_3``."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Spellings by what they mean.

    Attributes
    ----------
    truth : mapping of str to bool
        Yes and no.
    choices : mapping
        By column, the choice that each spelling means.
    """

    blank: frozenset[str]
    truth: Mapping[str, bool]
    choices: Mapping[str, Mapping[str, str]]


@cache
def wording() -> Wording:
    """Read the spellings."""
    told = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    truth = {word: is_true for name, is_true in (("yes", True), ("no", False)) for word in told[name]}
    choices = {
        column: {spelling: choice for choice, spellings in meant.items() for spelling in spellings}
        for column, meant in told["choices"].items()
    }
    return Wording(frozenset(told["blank"]), truth, choices)


def is_blank_word(text: str) -> bool:
    """Tell whether a text says that there is nothing."""
    return text.casefold() in wording().blank


def choice_of(text: str, column: Column) -> str | None:
    """Give the choice that a text means in a column; None when it means none.

    Examples
    --------
    >>> from jiedui.registers.tables import PERSONS
    >>> choice_of("男性", PERSONS.column("sex")), choice_of("长期慢性病,残疾", PERSONS.column("health"))
    ('男', '长期慢性病，残疾')
    """
    return _spellings(NUMBERED.sub("", column.name), column.choices).get(_compared(text))


@cache
def _spellings(name: str, choices: tuple[str, ...]) -> Mapping[str, str]:
    aliases = wording().choices.get(name, {})
    own = {_compared(choice): choice for choice in choices}
    return {_compared(alias): choice for alias, choice in aliases.items() if choice in choices} | own


def _compared(text: str) -> str:
    """Give letters and digits in half width and small: how spellings are compared."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
