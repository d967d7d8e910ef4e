"""The command line: ``jiedui check``, ``jiedui run``, ``jiedui new``."""

from jiedui.cli.commands import app

__all__ = ["app"]
