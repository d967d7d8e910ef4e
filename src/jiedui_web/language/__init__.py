"""What the site says: one folder a language, TOML files of ``key = "text with {places}"``.

Takes keys and values; gives texts in the language of the request, or lazily. Refuses unknown keys. A further
language is a folder of catalogues, here or in the folder that the setting ``JIEDUI_LANGUAGES`` names.
"""

from jiedui_web.language.catalogue import Lang, catalogue, languages, lazy_text, text, text_in, this_language

__all__ = ["Lang", "catalogue", "languages", "lazy_text", "text", "text_in", "this_language"]
