"""The app `office`."""

from __future__ import annotations

from allauth.account.signals import password_changed, user_logged_in
from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The app `office`."""

    name = "jiedui_web.office"
    label = "office"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear when somebody signs in, or chooses a password of his own."""
        password_changed.connect(_settle, dispatch_uid="office")
        user_logged_in.connect(_note_sign_in, dispatch_uid="office")


def _settle(user: object, **_: object) -> None:
    """Note the new password."""
    from jiedui_web.accounts.models import User
    from jiedui_web.office.actions import settle_password

    if isinstance(user, User):
        settle_password(user)


def _note_sign_in(user: object, **_: object) -> None:
    """Note that somebody signed in."""
    from jiedui_web.accounts.models import User
    from jiedui_web.office.actions import note_sign_in

    if isinstance(user, User):
        note_sign_in(user)
