"""The catalogues and the text of a key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language

Lang = str
"""The name of a folder of catalogues: ``zh``, ``en``, …"""
SHIPPED = Path(__file__).parent
FIRST: Lang = "zh"


def _folders() -> list[Path]:
    """Give the folders that hold a folder for each language."""
    further = getattr(settings, "JIEDUI_LANGUAGES", None)
    return [SHIPPED, *([Path(further)] if further else [])]


@cache
def languages() -> dict[Lang, str]:
    """Give the languages there are, each with its own name; Chinese first."""
    found = {
        folder.name
        for root in _folders()
        for folder in root.iterdir()
        if folder.is_dir() and (folder / "site.toml").is_file()
    }
    return {
        lang: catalogue(lang)["site.language"] for lang in sorted(found, key=lambda one: (one != FIRST, one))
    }


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Give every text of a language, keys joined by dots.

    Raises
    ------
    ValueError
        If two files of the language define the same key.
    """
    found: dict[str, str] = {}
    for file in sorted(path for root in _folders() for path in (root / lang).glob("*.toml")):
        for key, value in _flat(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in found:
                raise ValueError(f"{lang}/{file.name}: {key} stands twice")
            found[key] = value
    return found


def this_language() -> Lang:
    """Give the language of the request, as our catalogues name it (``zh-hans`` is ``zh``)."""
    active = (get_language() or FIRST).split("-")[0]
    return active if active in languages() else FIRST


def text_in(lang: Lang, key: str, **values: object) -> str:
    """Give the text of a key in a language; a value that holds words in several languages gives its own.

    Raises
    ------
    KeyError
        If the key, or a value for one of its places, is missing.
    """
    own = {
        name: value.get(lang, "") if isinstance(value, Mapping) else value for name, value in values.items()
    }
    return catalogue(lang)[key].format_map(own)


def text(key: str, **values: object) -> str:
    """Give the text of a key in the language of the request."""
    return text_in(this_language(), key, **values)


lazy_text = lazy(text, str)
"""As `text`, looked up when it is shown: for labels of forms and choices."""


def _flat(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Join nested keys by dots."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
