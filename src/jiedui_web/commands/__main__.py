"""The commands of the site by themselves: ``python -m jiedui_web.commands serve``."""

from __future__ import annotations

from jiedui_web.commands.entry import app

if __name__ == "__main__":
    app(prog_name="jiedui")
