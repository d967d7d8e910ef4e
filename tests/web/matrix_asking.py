"""What tests of the whole site share: who is let in, and what was logged."""

from __future__ import annotations

import logging
import re

from tests.web.matrix import Row

NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


def one_of(row: Row) -> str:
    """Give somebody who is let in."""
    return "see" if isinstance(row.who, str) else min(row.who)


def line_of(record: logging.LogRecord) -> str:
    """Give what the site's settings make of it."""
    (handler,) = (one for one in logging.getLogger().handlers if one.name == "console")
    return handler.format(record)


def numbers_in(records: list[logging.LogRecord]) -> list[str]:
    """Give the lines that hold an ID number or a telephone number."""
    return [one for one in map(line_of, records) if NUMBERS.search(one)]
