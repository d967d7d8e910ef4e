"""The catalogues: one folder a language, TOML files of ``key = "text with {places}"``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from jiedui.errors import Finding

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
Words = Mapping[str, str]
"""One idea in every language: ``{"zh": "结对", "en": "pairing"}``."""


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Every text of a language, keys joined by dots.

    Raises
    ------
    ValueError
        If two files of the language define the same key.
    """
    found: dict[str, str] = {}
    for file in sorted(files(__package__).joinpath(lang).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for key, value in _flat(tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in found:
                    raise ValueError(f"{lang}/{file.name}: {key} stands twice")
                found[key] = value
    return found


def text(key: str, lang: Lang, **values: object) -> str:
    """Give the text of a key with its places filled.

    Raises
    ------
    KeyError
        If the key, or a value for one of its places, is missing.

    Examples
    --------
    >>> text("word.helper", "zh"), text("word.helper", "en")
    ('帮扶方', 'helper')
    """
    return catalogue(lang)[key].format_map(
        {name: value.get(lang, "") if isinstance(value, Mapping) else value for name, value in values.items()}
    )


def words(key: str, **values: object) -> Words:
    """Give the text of a key in every language."""
    return {lang: text(key, lang, **values) for lang in LANGUAGES}


def finding(rule: str, *, file: str = "", sheet: str = "", cell: str = "", **values: object) -> Finding:
    """Give the finding of a rule; a value may be a text, a number or words in both languages."""
    both = words(rule, file=file, sheet=sheet, cell=cell, **values)
    return Finding(rule=rule, zh=both["zh"], en=both["en"], file=file, sheet=sheet, cell=cell)


def _flat(tree: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    """Join nested keys by dots."""
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping):
            pairs.extend(_flat(value, f"{prefix}{key}."))
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs
