"""The app `office`."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The app `office`."""

    name = "jiedui_web.office"
    label = "office"
    default_auto_field = "django.db.models.BigAutoField"
