"""Every word a user reads, in Chinese and English.

Takes a key such as ``table.column_missing`` and values for its places; gives the text. Refuses
unknown keys and missing values: a catalogue error is ours, never the user's.
"""

from jiedui.language.catalogue import LANGUAGES, Lang, Words, finding, text, words
from jiedui.language.numbers import decimal, integer

__all__ = ["LANGUAGES", "Lang", "Words", "decimal", "finding", "integer", "text", "words"]
