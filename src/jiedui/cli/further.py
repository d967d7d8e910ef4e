"""Commands that other installed packages add to ``jiedui``: the site's, and whose else says so."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

GROUP = "jiedui.commands"


def add_further_commands(app: typer.Typer) -> None:
    """Add the commands of every entry point of the group, each a `typer.Typer`."""
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        further: typer.Typer = point.load()
        app.registered_commands += further.registered_commands
        app.registered_groups += further.registered_groups
