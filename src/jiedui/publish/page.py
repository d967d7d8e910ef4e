"""A page of chapters, each with pictures and tables: what a run over registers or needs shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from jiedui.language import Lang, Words, text
from jiedui.publish.cells import decimal_places, shown
from jiedui.publish.grids import LONG, Grid, Heading
from jiedui.publish.rendering import render
from jiedui.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter of a page.

    Attributes
    ----------
    pictures : tuple of (Words, str)
        A caption and an SVG drawing in the language of the page.
    tables : tuple of (Table, pyarrow.Table)
        The declaration, whose words are the caption, and the rows.
    """

    title: Words
    lead: Words = field(default_factory=lambda: {"zh": "", "en": ""})
    pictures: tuple[tuple[Words, str], ...] = ()
    tables: tuple[tuple[Table, pa.Table], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows."""

    title: Words
    lead: Words
    figures: tuple[tuple[str, Words], ...]
    notices: tuple[Words, ...]
    chapters: tuple[Chapter, ...]
    limits: tuple[Words, ...] = ()
    sources: tuple[Words, ...] = ()
    run: Mapping[str, str] = field(default_factory=dict)


def render_page(page: Page, lang: Lang, *, files: Sequence[str] = ()) -> str:
    """Give the HTML of a page; it needs nothing else, no script and no network.

    Parameters
    ----------
    files : sequence of str
        The names of the files that stand beside it.
    """
    return render(
        "page.html.j2",
        lang={"zh": "zh-CN", "en": "en"}[lang],
        t=partial(text, lang=lang),
        title=page.title[lang],
        lead=page.lead[lang],
        figures=[(number, words[lang]) for number, words in page.figures],
        notices=[words[lang] for words in page.notices],
        chapters=[_chapter(chapter, lang) for chapter in page.chapters],
        limits=[words[lang] for words in page.limits],
        sources=[words[lang] for words in page.sources],
        run=sorted(page.run.items()),
        files=files,
        long=LONG,
    )


def _chapter(chapter: Chapter, lang: Lang) -> dict[str, object]:
    """Give a chapter in one language."""
    return {
        "title": chapter.title[lang],
        "lead": chapter.lead[lang],
        "pictures": [(caption[lang], drawing) for caption, drawing in chapter.pictures],
        "grids": [_grid(declared, rows, lang) for declared, rows in chapter.tables],
    }


def _grid(declared: Table, rows: pa.Table, lang: Lang) -> Grid:
    """Give a table in words; a column of the other language is left out."""
    columns = [column for column in declared.columns if column.name not in {"zh", "en"} - {lang}]
    values = [rows[column.name].to_pylist() for column in columns]
    places = [decimal_places(cells, column) for cells, column in zip(values, columns, strict=True)]
    texts = [
        [shown(cell, column, lang, places=digits) for cell in cells]
        for cells, column, digits in zip(values, columns, places, strict=True)
    ]
    return Grid(
        declared.words[lang],
        tuple(Heading.of(column, lang) for column in columns),
        tuple(zip(*texts, strict=True)),
        ("",) * rows.num_rows,
    )
