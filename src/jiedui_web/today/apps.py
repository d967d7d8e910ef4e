"""The app `today`."""

from __future__ import annotations

from django.apps import AppConfig


class TodayConfig(AppConfig):
    """The app `today`."""

    name = "jiedui_web.today"
    label = "today"
    default_auto_field = "django.db.models.BigAutoField"
