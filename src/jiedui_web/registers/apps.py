"""The app `registers`."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The app `registers`."""

    name = "jiedui_web.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"
