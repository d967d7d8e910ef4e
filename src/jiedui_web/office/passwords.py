"""One-time passwords: drawn at random, easy to read out and to type."""

from __future__ import annotations

import secrets

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from jiedui_web.language import text

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look alike."""
GROUPS, LONG = 4, 4


def one_time_password() -> str:
    """Draw a password of about 79 bits.

    Examples
    --------
    >>> len(one_time_password())
    19
    """
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(LONG)) for _ in range(GROUPS))


class OtherPasswordValidator:
    """Refuses the password that somebody has already: a one-time password is used one time."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse the present password."""
        if isinstance(user, AbstractBaseUser) and user.pk and user.check_password(password):
            raise ValidationError(text("office.same_password"))

    def get_help_text(self) -> str:
        """Say so."""
        return text("office.same_password")
