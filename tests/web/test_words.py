"""Words of the site: every text in the catalogues, in each language, with the same places; all used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from jiedui_web.language import catalogue, languages

ROOT = Path(__file__).parents[2] / "src" / "jiedui_web"
TEMPLATES = sorted(ROOT.rglob("*.html")) + sorted(ROOT.rglob("*.txt"))
CODE = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)
SAID = re.compile(r"""\{%\s*t\s+["']([a-z_.0-9]+)["']""")
HAN = re.compile(r"[\u4e00-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{3,}")
WHOLE_KEY = re.compile(r"""["']([a-z_]+\.[a-z_0-9]+(?:\.[a-z_0-9]+)*)["']""")


def places(text: str) -> set[str]:
    """Name the places that a text leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_says_the_same() -> None:
    """Equal keys, equal places."""
    zh = catalogue("zh")
    for lang in languages():
        own = catalogue(lang)
        assert own.keys() == zh.keys()
        assert {key: places(text) for key, text in own.items()} == {
            key: places(text) for key, text in zh.items()
        }


def test_every_key_that_a_template_says_is_known() -> None:
    """No page fails for want of a word."""
    said = {key for path in TEMPLATES for key in SAID.findall(path.read_text(encoding="utf-8"))}
    assert said - catalogue("zh").keys() == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_words_of_its_own(path: Path) -> None:
    """Neither Chinese nor English stands between tags; it comes from the catalogues."""
    text = path.read_text(encoding="utf-8")
    if path.name == "robots.txt":
        return
    text = re.sub(
        r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<script.*?</script>|<[^>]*>|&[a-z]+;", " ", text, flags=re.DOTALL
    )
    assert not HAN.search(text)
    assert LETTERS.findall(text) == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_holds_chinese_words(path: Path) -> None:
    """Code says keys; examples in docstrings and notes on law may say more."""
    text = re.sub(r'""".*?"""|#.*', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    allowed = {"中文"} if path.name == "settings.py" else set()
    assert set(re.findall(r"[\u4e00-\u9fff]+", text)) <= allowed


def test_every_key_is_used() -> None:
    """A word that nobody says goes; keys put together at run time share the section of their values."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *CODE])
    whole = set(WHOLE_KEY.findall(text))
    sections = (
        set(re.findall(r"""f["']([a-z_]+(?:\.[a-z_]+)*)\.\{""", text))
        | set(re.findall(r"""in_words:["']([a-z_.]+)["']""", text))
        | set(re.findall(r"""f["']([a-z_]+(?:\.[a-z_]+)*[._])[a-z_]*\{""", text))
    )
    unused = [
        key
        for key in catalogue("zh")
        if key not in whole and not any(key.startswith(section) for section in sections)
    ]
    assert unused == []
