"""Styles and scripts that the oldest browsers in offices understand (Chromium 86, Safari 14)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src" / "jiedui_web" / "static" / "jiedui"
SHEETS = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted(STATIC.glob("*.js"))
TOO_NEW = (
    ":has(", ":is(", ":where(", "@container", "@layer", "color-mix(", "aspect-ratio", "inset:", "inset-",
    "dvh", "svh", "subgrid", "text-wrap", "@scope", "@starting-style", "popover",
)  # fmt: skip
"""Younger than Chromium 86."""
TOO_NEW_SCRIPT = ("??=", "||=", "&&=", "#!", ".at(", "structuredClone", ".replaceAll(", "import(", "await ")


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_asks_for_nothing_too_new(path: Path) -> None:
    """No feature of after 2020 as a requirement, no nesting."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [one for one in TOO_NEW if one in text] == []
    assert "&" not in text
    inside = re.sub(r"@(media|supports)[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}", r"\2", text)
    assert not re.search(r"\{[^{}]*\{", inside)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_asks_for_nothing_too_new(path: Path) -> None:
    """Old browsers run it."""
    text = path.read_text(encoding="utf-8")
    assert [one for one in TOO_NEW_SCRIPT if one in text] == []


def test_the_sheet_stays_small() -> None:
    """One sheet of at most 20 KB before compression."""
    assert sum(path.stat().st_size for path in SHEETS) <= 20_000
