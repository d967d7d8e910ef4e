"""The app of the commands."""

from __future__ import annotations

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    """Commands of the site."""

    name = "jiedui_web.commands"
    label = "commands"
