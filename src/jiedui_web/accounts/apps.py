"""The app of people and reach."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and reach."""

    name = "jiedui_web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
