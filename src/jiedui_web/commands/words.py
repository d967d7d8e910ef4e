"""Texts of the commands, in every language one after the other; read without Django."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


def both(key: str, /, **values: object) -> str:
    """Give a text in every language; a value that holds words in every language gives its own.

    Examples
    --------
    >>> both("commands.data").split(" / ")[1]
    'folder of the site: database, keys, uploads'
    """
    return " / ".join(
        _texts(lang)[key.removeprefix("commands.")].format_map(
            {name: value[lang] if isinstance(value, Mapping) else value for name, value in values.items()}
        )
        for lang in LANGUAGES
    )


def words(key: str) -> dict[str, str]:
    """Give a text by language, as a value for another."""
    return {lang: _texts(lang)[key.removeprefix("commands.")] for lang in LANGUAGES}


@cache
def _texts(lang: str) -> dict[str, str]:
    """Read the catalogue of the commands."""
    path = Path(__file__).parent.parent / "language" / lang / "commands.toml"
    texts: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["commands"]
    return texts
