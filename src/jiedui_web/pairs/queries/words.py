"""What a programme calls its sides: the words of its scheme, else ours."""

from __future__ import annotations

from jiedui_web.bridge.pairing import Words, words_of_scheme
from jiedui_web.language import languages, text_in
from jiedui_web.places.models import Programme


def vocabulary(programme: Programme) -> dict[str, Words]:
    """Give the words for ``helper`` and ``recipient``, and whatever else the scheme names."""
    own = {
        side: {lang: text_in(lang, f"pairs.{side}") for lang in languages()}
        for side in ("helper", "recipient")
    }
    return own | words_of_scheme(programme.scheme)
