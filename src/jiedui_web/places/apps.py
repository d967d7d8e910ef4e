"""The app of places and programmes."""

from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places and programmes."""

    name = "jiedui_web.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
