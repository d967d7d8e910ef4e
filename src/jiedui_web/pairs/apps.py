"""The app `pairs`."""

from __future__ import annotations

from django.apps import AppConfig


class PairsConfig(AppConfig):
    """The app `pairs`."""

    name = "jiedui_web.pairs"
    label = "pairs"
    default_auto_field = "django.db.models.BigAutoField"
