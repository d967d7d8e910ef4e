"""What is logged holds no number of a person, whoever typed it where."""

from __future__ import annotations

import logging
import re

NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
"""ID numbers, and numbers of mobile telephones."""


class WithoutNumbers(logging.Formatter):
    """Writes a line, with whatever was raised, without numbers of persons."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line.

        Examples
        --------
        >>> made = logging.makeLogRecord({"msg": "/record/990101199001011234/"})
        >>> WithoutNumbers().format(made)
        '/record/***/'
        """
        return NUMBERS.sub("***", super().format(record))
