"""Periods: the words in force, dated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from jiedui.errors import InputError
from jiedui.language import Words, finding


@dataclass(frozen=True, slots=True)
class Period:
    """A span of years with its own objects, places, pairings and offices."""

    id: str
    name: Words
    words: dict[str, Words]


def load_period(name: str, *, file: str = "programme.toml") -> Period:
    """Find a period by its id.

    Raises
    ------
    InputError
        If there is no such period; `file` says where its name was read.

    Examples
    --------
    >>> load_period("2026-").words["place"]["en"]
    'counties of less developed areas'
    """
    periods = tomllib.loads(files(__package__).joinpath("periods.toml").read_text(encoding="utf-8"))
    if name not in periods:
        raise InputError([finding("scheme.period", file=file, found=name, allowed=" | ".join(periods))])
    content = periods[name]
    keys = ("object", "place", "pairing", "office")
    return Period(name, content["name"], {key: content[key] for key in keys})
