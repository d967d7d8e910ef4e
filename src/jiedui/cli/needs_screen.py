"""What a run that finds needs shows in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from jiedui.cli.screen import console, show_paths
from jiedui.language import text

if TYPE_CHECKING:
    from jiedui.language import Lang, Words
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


def show_written(notes: Sequence[Words], target: Path, lang: Lang) -> None:
    """Say what was written where, what is for the office itself, and what was left out."""
    screen = console()
    for note in notes:
        screen.print(Text(note[lang]), soft_wrap=True)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    inside = [path for path in files if path.parent.name == "office"]
    show_paths([path for path in files if path not in inside])
    screen.print(text("screen.office", lang))
    show_paths(inside)
