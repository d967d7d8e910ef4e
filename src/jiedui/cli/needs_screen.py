"""What a run that finds needs shows in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from jiedui.cli.screen import console

if TYPE_CHECKING:
    from jiedui.programmes.needs import NeedsRun


def show_needs(run: NeedsRun) -> None:
    """Show the figures at the head of the page."""
    from jiedui.programmes.needs import make_page

    screen, page = console(), make_page(run)
    screen.print(Text(page.title[run.lang]))
    for number, words in page.figures:
        screen.print(Text(f"{number:>16}  {words[run.lang]}"), soft_wrap=True)
    for notice in page.notices:
        screen.print(Text(notice[run.lang]), soft_wrap=True)
