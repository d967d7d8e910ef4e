"""The app `square`."""

from __future__ import annotations

from django.apps import AppConfig


class SquareConfig(AppConfig):
    """The app `square`."""

    name = "jiedui_web.square"
    label = "square"
    default_auto_field = "django.db.models.BigAutoField"
