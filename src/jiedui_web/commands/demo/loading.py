"""Loading the demo."""

from __future__ import annotations

import typer

from jiedui_web.commands.demo.people import make_people
from jiedui_web.commands.words import both


def load_demo() -> list[tuple[str, str, str]]:
    """Load the demo into an empty site; gives user name, one-time password and function of its users."""
    typer.echo(both("commands.loading_demo"))
    return make_people()
