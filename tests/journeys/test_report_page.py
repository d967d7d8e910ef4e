"""The report opened in a real browser, on a desk and on a phone, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from jiedui.programmes import publish_run, run_folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "east_west_2016"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
VIEWS = {"desk": (1440, 1000), "phone": (390, 844)}
SHOWN = ("decision", "units_relief_1", "places_share")
"""Proposals the pages are built with; the first and the last have maps."""
WORDS = {
    "zh": (
        "不是对决策的评价",
        "not a judgement of the decision",
        "2016年决定",
        "未核实",
        "不评价 2016 年的决定",
    ),
    "en": (
        "不是对决策的评价",
        "not a judgement of the decision",
        "Decision of 2016",
        "nconfirmed",
        "do not judge",
    ),
}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is missing: python3 do.py system installs it"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=["zh", "en"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lang: Literal["zh", "en"] = request.param
    folder = tmp_path_factory.mktemp(lang) / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("out"))
    settings = (folder / "programme.toml").read_text(encoding="utf-8")
    head, *asks = settings.split("[[proposals]]")
    wanted = [ask for ask in asks if any(f'id = "{name}"' in ask for name in SHOWN)]
    head = head.replace('"units_relief", ', "")
    (folder / "programme.toml").write_text("[[proposals]]".join((head, *wanted)), encoding="utf-8")
    publish_run(run_folder(folder, lang=lang), folder / "out")
    return folder / "out" / "report.html"


@pytest.fixture(params=VIEWS)
def page(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Page]:
    width, height = VIEWS[request.param]
    opened = browser.new_page(viewport={"width": width, "height": height})
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda asked: said.append(asked.url) if asked.url.startswith("http") else None)
    opened.goto(report.as_uri())
    yield opened
    assert said == [], "the page stands alone and says nothing"
    opened.close()


def test_the_page_fits_its_window(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_shows_the_comparison_the_maps_and_what_it_does_not_show(page: Page) -> None:
    lang = page.locator("html").get_attribute("lang") or ""
    words = WORDS["zh" if lang.startswith("zh") else "en"]
    content = page.content()
    assert [word for word in words if word not in content] == []
    assert page.locator("svg[role=img]").count() == 2
    assert page.locator("svg[role=img]").first.is_visible()


def test_every_section_opens_and_tables_have_captions(page: Page) -> None:
    for section in page.locator("details").all():
        section.locator("summary").first.click()
        assert section.get_attribute("open") is not None
    assert page.locator("table").count() == page.locator("table > caption").count()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


LABELS = """() => [...document.querySelectorAll('figure svg')].map(svg =>
  [...svg.querySelectorAll('text[class*=helper]')].map(label => label.getBoundingClientRect())
    .filter(box => box.width > 0).map(box => [box.left, box.top, box.right, box.bottom]))"""
LINE = 0.25
"""The part of a text's box that its signs leave free: fonts with Chinese set tall lines."""
EDGE = 2
"""Pixels by which the width of a text may differ from the width the map reckoned with."""


def apart(one: list[float], other: list[float]) -> bool:
    """Whether the signs of two labels keep clear of each other."""
    free = LINE * (one[3] - one[1])
    beside = one[2] - EDGE <= other[0] or other[2] - EDGE <= one[0]
    return beside or one[3] - free <= other[1] or other[3] - free <= one[1]


def test_every_helper_has_a_label_and_none_collide(page: Page) -> None:
    for labels in page.evaluate(LABELS):
        assert len(labels) == 21
        for place, one in enumerate(labels):
            assert [other for other in labels[place + 1 :] if not apart(one, other)] == []
