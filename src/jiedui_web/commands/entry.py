"""The commands that the site adds to ``jiedui``; without the extra ``web`` they say what to install."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True)
