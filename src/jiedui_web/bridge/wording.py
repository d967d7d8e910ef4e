"""Words for registers, their columns and values, and the columns that words mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jiedui.registers.tables import REGISTERS

JOINED = " + "
OPEN_SIGNS = 4
MINOR = 100
"""Minor units of money in one: fen in a yuan."""


def target_words(feeds: Iterable[Sequence[str]], lang: str) -> str:
    """Name the columns that a heading feeds: ``register / column``, joined by ``+``."""
    return JOINED.join(
        f"{_words(register, '', lang)} / {_words(register, column, lang)}" for register, column in feeds
    )


def targets(lang: str) -> list[str]:
    """Name every column that a heading may feed."""
    return [
        target_words([(table.name, column.name)], lang) for table in REGISTERS for column in table.columns
    ]


def read_target(typed: str) -> list[list[str]] | None:
    """Give the columns that words in any language name; none when they name nothing we know."""
    known = _by_words()
    parts = [part.strip() for part in typed.split(JOINED.strip()) if part.strip()]
    found = [known.get(part) for part in parts]
    return None if None in found else [list(pair) for pair in found if pair]


def register_words(register: str, lang: str) -> str:
    """Name a register."""
    return _words(register, "", lang)


def column_words(register: str, column: str, lang: str) -> str:
    """Name a column of a register."""
    return _words(register, column, lang)


def _words(register: str, column: str, lang: str) -> str:
    """Give the words of a register, or of one of its columns; its name when it is not declared."""
    for table in REGISTERS:
        if table.name == register:
            words = table.words if not column else table.column(column).words
            return words["zh" if lang == "zh" else "en"]
    return column or register


def _by_words() -> dict[str, tuple[str, str]]:
    return {
        f"{table.words[lang]} / {column.words[lang]}": (table.name, column.name)
        for table in REGISTERS
        for column in table.columns
        for lang in table.words
    }


def cell_words(register: str, column: str, value: object) -> str:
    """Give a value as it is read: money in its unit, telephone numbers with stars."""
    shown = str(value)
    if column == "phone":
        long = len(shown) > 2 * OPEN_SIGNS
        return f"{shown[:3]}{'*' * OPEN_SIGNS}{shown[-OPEN_SIGNS:]}" if long else "*" * len(shown)
    is_money = any(
        one.type == "money"
        for table in REGISTERS
        if table.name == register
        for one in table.columns
        if one.name == column
    )
    return f"{int(shown) / MINOR:,.2f}" if is_money and isinstance(value, int) else shown
