"""The examples in the documents run and give what is printed below them, the same code in both languages."""

from __future__ import annotations

import ast
import doctest
import re
from pathlib import Path

import pytest
from benchmarks.pairs.fairness import ASKED, SLOW, base_rows, short_rows

from jiedui.language import LANGUAGES

DOCS = Path(__file__).parents[1] / "docs"


def blocks(path: Path) -> list[str]:
    """Give the Python blocks of a page."""
    return re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def relative(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()


PAGES = [path for lang in LANGUAGES for path in sorted((DOCS / lang).rglob("*.md")) if blocks(path)]


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_the_examples_of_a_page_give_what_it_prints(path: Path) -> None:
    told: list[str] = []
    page = doctest.DocTestParser().get_doctest("\n".join(blocks(path)), {}, relative(path), str(path), 0)
    outcome = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(page, out=told.append)
    assert outcome.attempted > 0
    assert outcome.failed == 0, "".join(told)


@pytest.mark.parametrize("path", [path for path in PAGES if relative(path).startswith("en/")], ids=relative)
def test_the_examples_of_both_languages_differ_in_names_only(path: Path) -> None:
    assert shapes(DOCS / "zh" / path.relative_to(DOCS / "en")) == shapes(path)


def shapes(path: Path) -> list[str]:
    """Give the code of a page with its texts left out."""
    parser = doctest.DocTestParser()
    return [_shape(example.source) for block in blocks(path) for example in parser.get_examples(block)]


def _shape(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_prices_of_fairness_are_as_measured(lang: str, measured: set[tuple[str, ...]]) -> None:
    page = (DOCS / lang / "explanation" / "fairness_and_its_price.md").read_text(encoding="utf-8")
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines()]
    told = {row[1:] for row in rows if len(row) > 1 and row[1][:1].isdigit()}
    slow = {row[1:] for row in rows if row[0] in SLOW}
    assert len(slow) == len(SLOW)
    assert told - slow == measured


@pytest.fixture(scope="module")
def measured() -> set[tuple[str, ...]]:
    """Measure what takes no minute."""
    return {row[1:] for row in (*base_rows(ASKED), *short_rows())}
