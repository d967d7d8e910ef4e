"""The command line: ``jiedui check``, ``jiedui run``, ``jiedui new``."""

from jiedui.cli.commands import app
from jiedui.cli.further import add_further_commands

__all__ = ["add_further_commands", "app"]
