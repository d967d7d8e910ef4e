"""The report as one page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from jiedui.language import Lang, text
from jiedui.publish.grids import LONG, Grid, comparison_of, pairs_of, parts_of, prices_of
from jiedui.publish.publication import Publication
from jiedui.publish.rendering import render

CERTIFICATES = ("prices", "tree", "solver", "heuristic", "none")


@dataclass(frozen=True, slots=True)
class Section:
    """One proposal: its name, its tables, and who stays without help."""

    name: str
    lacking: tuple[str, ...]
    prices: Grid | None
    parts: Grid | None
    pairs: Grid | None

    @property
    def is_short(self) -> bool:
        """Tell whether its parts are few enough to be shown at once."""
        return self.parts is not None and len(self.parts.rows) <= LONG

    @property
    def is_long(self) -> bool:
        """Tell whether its pairs are shown in brief."""
        return self.pairs is not None and len(self.pairs.rows) > LONG


def render_report(
    publication: Publication, lang: Lang, *, maps: Mapping[str, str], files: Sequence[str]
) -> str:
    """Give the HTML of the report.

    Parameters
    ----------
    maps : mapping of str to str
        File name and SVG of each picture, in the order of ``publication.pictures``.
    files : sequence of str
        The names of the files that stand beside the report.
    """
    return render(
        "report.html.j2",
        lang={"zh": "zh-CN", "en": "en"}[lang],
        t=partial(text, lang=lang),
        title=publication.title[lang],
        lead=publication.lead[lang],
        figures=[(number, words[lang]) for number, words in publication.figures],
        notices=[words[lang] for words in publication.notices],
        limits=[words[lang] for words in publication.limits],
        sources=[words[lang] for words in publication.sources],
        proposals=[words[lang] for words in publication.proposals.values()],
        measures=comparison_of(publication, lang),
        certificates=certificate_words(lang),
        pictures=list(
            zip((picture.title[lang] for picture in publication.pictures), maps.values(), strict=True)
        ),
        sections=sections_of(publication, lang),
        is_graded=any(
            "confirmed" in (column.name for column in table.columns)
            for table in publication.declarations.values()
        ),
        run=[(_named(path, lang), value) for path, value in _facts(publication.run)],
        files=files,
    )


def sections_of(publication: Publication, lang: Lang) -> list[Section]:
    """Give the section of each proposal, in their order."""
    return [
        Section(
            words[lang],
            tuple(sentence[lang] for sentence in publication.lacking.get(name, ())),
            prices_of(publication, name, lang),
            parts_of(publication, name, lang),
            pairs_of(publication, name, lang),
        )
        for name, words in publication.proposals.items()
    ]


def certificate_words(lang: Lang) -> list[tuple[str, str]]:
    """Give each kind of certificate and how to read it."""
    return [
        (text(f"publish.certificate.{kind}", lang), text(f"publish.certificate_meaning.{kind}", lang))
        for kind in CERTIFICATES
    ]


def _facts(record: Mapping[str, object], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give each fact of the run with the way to it, keys in order."""
    for key, value in sorted(record.items()):
        if isinstance(value, Mapping):
            yield from _facts(value, (*path, key))
        else:
            fact = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield (*path, key), fact


def _named(path: Sequence[str], lang: Lang) -> str:
    """Give the way to a fact in words, as far as the catalogue knows them."""
    try:
        first = text(f"publish.run_item_name.{path[0]}", lang)
    except KeyError:
        first = path[0]
    return " › ".join((first, *path[1:]))
