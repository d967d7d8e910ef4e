"""One-time passwords: drawn at random, easy to read out and to type."""

from __future__ import annotations

import secrets

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
