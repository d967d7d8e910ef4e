"""The app that holds template tags and checks of the whole."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site as a whole."""

    name = "jiedui_web.config"
    label = "site_config"

    def ready(self) -> None:
        """Make the checks known."""
        from jiedui_web.config import checks  # noqa: F401 - registered by being imported
