"""The program: runs a command; errors of ours are shown without a traceback, with their exit code."""

from __future__ import annotations

import sys

from jiedui.cli import add_further_commands, app
from jiedui.errors import JieduiError


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    add_further_commands(app)
    try:
        app()
    except JieduiError as error:
        from jiedui.cli.screen import show_findings

        show_findings(error.findings)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
