"""The app `office`."""

from __future__ import annotations

from allauth.account.signals import password_changed
from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The app `office`."""

    name = "jiedui_web.office"
    label = "office"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear when somebody chooses a password of his own."""
        password_changed.connect(_settle, dispatch_uid="office")


def _settle(user: object, **_: object) -> None:
    """Note the new password."""
    from jiedui_web.accounts.models import User
    from jiedui_web.office.actions import settle_password

    if isinstance(user, User):
        settle_password(user)
