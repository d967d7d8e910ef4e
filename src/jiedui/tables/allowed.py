"""What a column allows, in words: for findings, for the codebook and for the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.language import LANGUAGES, Lang, Words, text, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiedui.tables.declaration import Column


def allowed(column: Column, lang: Lang) -> str:
    """Say which values a column allows beyond its type; empty when it allows all of them.

    Examples
    --------
    >>> from jiedui.tables import Column
    >>> lat = Column("lat", "number", {"zh": "纬度", "en": "latitude"}, at_least=-90, at_most=90)
    >>> allowed(lat, "zh"), allowed(lat, "en")
    ('在 -90 至 90 之间', 'between -90 and 90')
    """
    parts = []
    if column.above is not None:
        parts.append(text("codebook.above", lang, low=_plain(column.above)))
    if column.at_least is not None and column.at_most is not None:
        parts.append(text("codebook.between", lang, low=_plain(column.at_least), high=_plain(column.at_most)))
    elif column.at_least is not None:
        parts.append(text("codebook.at_least", lang, low=_plain(column.at_least)))
    elif column.at_most is not None:
        parts.append(text("codebook.at_most", lang, high=_plain(column.at_most)))
    if column.choices:
        parts.append(listed(column.choices)[lang])
    elif column.type in ("date", "boolean"):
        parts.append(text(f"codebook.allowed_{column.type}", lang))
    return text("codebook.part_mark", lang).join(parts)


def allowed_words(column: Column) -> Words:
    """Say which values a column allows, in each language."""
    return {lang: allowed(column, lang) for lang in LANGUAGES}


def listed(items: Iterable[str]) -> Words:
    """Write items one after the other, as each language does."""
    found = list(items)
    if not found:
        return words("codebook.none")
    return {lang: text("codebook.list_mark", lang).join(found) for lang in LANGUAGES}


def _plain(bound: float) -> str:
    """Write a bound as a user types it."""
    return str(int(bound)) if float(bound).is_integer() else repr(bound)
