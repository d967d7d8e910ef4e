"""The documents about the site say what is on its pages, and name what there is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from jiedui.language import LANGUAGES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
WEB = ROOT / "src" / "jiedui_web"
LITERAL = 4
"""A text with less of its own than that would fit any word."""
ABOUT_PAGES = ("tutorial/site_*.md", "how-to/use_the_api.md")


@cache
def patterns(lang: str) -> tuple[str, frozenset[str]]:
    """Give the texts with places of a language as one pattern, and those without as they are."""
    texts = {
        text
        for path in (WEB / "language" / lang).glob("*.toml")
        for section in tomllib.loads(path.read_text(encoding="utf-8")).values()
        for text in section.values()
    }
    said = [text for text in texts if "{" in text and len(re.sub(r"\{\w+\}", "", text)) >= LITERAL]
    placed = [re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in said]
    return "|".join(placed), frozenset(texts)


def pages(lang: str) -> list[Path]:
    return [path for shape in ABOUT_PAGES for path in sorted((DOCS / lang).glob(shape))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_printed_bold_stands_on_a_page_of_the_site(lang: str) -> None:
    pattern, texts = patterns(lang)
    unknown = [
        (path.name, word)
        for path in pages(lang)
        for word in re.findall(r"\*\*(.+?)\*\*", path.read_text(encoding="utf-8"))
        if word not in texts and not re.fullmatch(pattern, word)
    ]
    assert unknown == []


def test_bold_words_are_as_many_in_both_languages() -> None:
    for path in pages("en"):
        twin = DOCS / "zh" / path.relative_to(DOCS / "en")
        counts = [len(re.findall(r"\*\*.+?\*\*", one.read_text(encoding="utf-8"))) for one in (path, twin)]
        assert counts[0] == counts[1], path.name


def named_files(path: Path) -> Iterator[str]:
    """Give the files of the project that a page names as code."""
    text = path.read_text(encoding="utf-8")
    yield from re.findall(r"`((?:tests|src|deploy|docs|examples)/[\w./-]+\.\w+)`", text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["security", "access", "audit_trail"])
def test_every_file_that_a_promise_names_is_there(page: str, lang: str) -> None:
    path = DOCS / lang / "explanation" / f"{page}.md"
    named = set(named_files(path))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_of_the_threat_model_names_a_test_or_says_that_there_is_none(lang: str) -> None:
    page = (DOCS / lang / "explanation" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and line.count("|") == 5][2:]
    assert len(rows) >= 15
    none = {"zh": "无测试", "en": "no test"}[lang]
    assert [row for row in rows if "`tests/" not in row and none not in row] == []


def test_both_languages_name_the_same_tests() -> None:
    for page in ("security", "access", "audit_trail"):
        named = [sorted(named_files(DOCS / lang / "explanation" / f"{page}.md")) for lang in LANGUAGES]
        assert named[0] == named[1], page
