"""The page of a run that finds needs, chapter by chapter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jiedui.language import decimal, integer, words
from jiedui.programmes.needs.areas_chapter import areas_chapter
from jiedui.programmes.needs.income_chapter import income_chapter
from jiedui.programmes.needs.pairing_chapter import pairing_chapter
from jiedui.programmes.needs.survey_chapter import interval, survey_chapter, values_of
from jiedui.programmes.needs.targeting_chapter import targeting_chapter
from jiedui.programmes.needs.units_chapter import units_chapter
from jiedui.publish import Chapter, Page

if TYPE_CHECKING:
    from jiedui.language import Words
    from jiedui.programmes.needs.running import NeedsRun


def make_page(run: NeedsRun) -> Page:
    """Make the page of a run."""
    programme = run.content.programme
    return Page(
        title=programme.name,
        lead=programme.lead,
        figures=tuple(_figures(run)),
        notices=(words("needs_run.survey_notice"), words("needs_run.area_notice")),
        chapters=tuple(_chapters(run)),
        limits=programme.limits,
        sources=programme.sources,
        run=run.survey.origin,
    )


def _chapters(run: NeedsRun) -> Iterator[Chapter]:
    yield survey_chapter(run)
    if run.income is not None:
        yield income_chapter(run)
    yield areas_chapter(run)
    if run.targeted is not None:
        yield targeting_chapter(run)
    if run.needs is not None:
        yield units_chapter(run)
    if run.paired is not None:
        yield pairing_chapter(run)


def _figures(run: NeedsRun) -> Iterator[tuple[str, Words]]:
    """Give the figures at the head of the page."""
    whole = values_of(run, "")
    H, A, M0 = (whole[name] for name in ("H", "A", "M0"))  # noqa: N806 - letters of Alkire and Foster
    yield integer(H["n"]), words("needs_run.asked")
    yield f"{decimal(100 * H['b'], 1)} %", words("needs_run.H", interval=interval(H) or "–")
    yield f"{decimal(100 * A['b'], 1)} %", words("needs_run.A")
    yield decimal(M0["b"], 3), words("needs_run.M0")
    if run.income is not None:
        below = next(row for row in run.income.table.to_pylist() if row["measure"] == "fgt0")
        yield f"{decimal(100 * below['b'], 1)} %", words("needs_run.below")
    if run.needs is not None:
        yield integer(run.needs.num_rows), words("needs_run.needs")
