"""The printed report, set by typst where it and a Chinese font are there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from jiedui.language import Lang, Words, text, words
from jiedui.publish.grids import comparison_of, prices_of
from jiedui.publish.publication import Publication
from jiedui.publish.report import certificate_words

FONTS = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "FangSong",
    "SimSun",
    "Songti SC",
    "STSong",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
"""Families that hold Chinese letters, the best for print first."""


def typeset(publication: Publication, path: Path, *, lang: Lang, maps: Mapping[str, str]) -> Words | None:
    """Write the PDF; where it cannot be made, give the reason and how to get it."""
    try:
        import typst
    except ImportError:
        return words("publish.pdf.no_typst")
    fonts = typst.Fonts()
    family = chosen_font(fonts.families())
    if family is None:
        return words("publish.pdf.no_font", fonts="、".join(FONTS))
    data = json.dumps(_content(publication, lang, maps) | {"font": family}, ensure_ascii=False)
    template = files("jiedui.publish").joinpath("templates/report.typ").read_bytes()
    path.write_bytes(typst.compile(template, font_paths=fonts, sys_inputs={"data": data}, timestamp=0))
    return None


def chosen_font(families: Sequence[str]) -> str | None:
    """Give the best Chinese font among those there are.

    Examples
    --------
    >>> chosen_font(["DejaVu Sans", "SimSun", "Noto Sans CJK SC"])
    'SimSun'
    """
    return next((family for family in FONTS if family in families), None)


def _content(publication: Publication, lang: Lang, maps: Mapping[str, str]) -> dict[str, object]:
    """Give all that the template sets, as JSON can hold it."""
    keys = ("notices", "comparison", "comparison_note", "measure", "certificates", "limits", "sources")
    return {
        "lang": lang,
        "title": publication.title[lang],
        "lead": publication.lead[lang],
        "figures": [(number, counted[lang]) for number, counted in publication.figures],
        "notices": [sentence[lang] for sentence in publication.notices],
        "limits": [sentence[lang] for sentence in publication.limits],
        "sources": [source[lang] for source in publication.sources],
        "proposals": [name[lang] for name in publication.proposals.values()],
        "measures": [asdict(measure) for measure in comparison_of(publication, lang)],
        "certificates": certificate_words(lang),
        "pictures": [
            {
                "title": picture.title[lang],
                "drawing": drawing,
                "prices": asdict(prices) if prices else None,
            }
            for picture, drawing in zip(publication.pictures, maps.values(), strict=True)
            for prices in [prices_of(publication, picture.proposal, lang)]
        ],
        "words": {key: text(f"publish.{key}", lang) for key in keys},
        "footer": text("publish.print_footer", lang, page="{page}", pages="{pages}"),
    }
