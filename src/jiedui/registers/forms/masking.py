"""ID numbers hidden but for their last four signs, wherever something leaves the register."""

from __future__ import annotations

import re

ID_NUMBER = re.compile(r"(?<!\d)\d{11,14}(?=\d{3}[\dXx](?!\d))")
ID_COLUMNS = ("id_number", "head_id_number")


def masked(words: str) -> str:
    """Hide all but the last four signs of what may be an ID number.

    Examples
    --------
    >>> masked("990101" + "199001011234"), masked("530102")
    ('**************1234', '530102')
    """
    return ID_NUMBER.sub(lambda digits: "*" * len(digits[0]), words)


def hidden(value: str) -> str:
    """Hide all but the last four signs of an ID number, right or wrong."""
    return "*" * (len(value) - 4) + value[-4:]
