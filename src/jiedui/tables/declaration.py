"""What a table is: declared once, and from that come the check, the schema, the template, the codebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from jiedui.language import LANGUAGES, Lang, Words

if TYPE_CHECKING:
    import pyarrow as pa

Type = Literal["text", "integer", "number", "money", "date", "boolean"]
"""``date`` is a text ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``: dates carry their precision.
``money`` is read in its unit (yuan) and held as a whole number of the minor unit (fen)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, unit, words and constraints.

    Attributes
    ----------
    name : str
        The word used in code and in files for machines.
    words : Words
        The heading in each language.
    unit : Words
        The unit in each language; empty when the value has none.
    required : bool
        Whether the column must stand in the file and each cell be filled.
    at_least, at_most : float or None
        Bounds, both allowed.
    above : float or None
        A bound that is itself not allowed.
    choices : tuple of str
        The values allowed; empty when free.
    source : str
        Paper, law or office a value comes from, where it is one for all rows.
    aliases : tuple of str
        Other headings that offices use; a register matches them, `read_table` does not.
    """

    name: str
    type: Type
    words: Words
    unit: Words | None = None
    required: bool = True
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    source: str = ""
    aliases: tuple[str, ...] = ()

    def heading(self, lang: Lang) -> str:
        """Give the heading as a user reads it: words and, in brackets, the unit."""
        if not self.unit:
            return self.words[lang]
        left, right = ("（", "）") if lang == "zh" else (" (", ")")
        return f"{self.words[lang]}{left}{self.unit[lang]}{right}"

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.type in ("integer", "number", "money")

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading a file may carry for this column."""
        with_unit = (self.heading(lang) for lang in LANGUAGES)
        return (self.name, *self.words.values(), *with_unit)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its words, its columns, and the columns that together name a row."""

    name: str
    words: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Find a column by its name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    def schema(self) -> pa.Schema:
        """Give the Arrow schema of a checked table."""
        import pyarrow as pa

        types = {
            "text": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "money": pa.int64(),
            "date": pa.string(),
            "boolean": pa.bool_(),
        }
        return pa.schema([pa.field(column.name, types[column.type]) for column in self.columns])
