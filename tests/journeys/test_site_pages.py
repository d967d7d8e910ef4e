"""Every page to which links lead, in both languages, on a desk and a phone: no fault is found in any."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.journeys.crawling import kinds, pages_of
from tests.journeys.furnishing import furnish
from tests.journeys.site import CHROMIUM, SIZES, Site, Visitor

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is missing: python3 do.py system installs it"
)
HTML = Path(__file__).parents[1] / "html"
VALIDATE = HTML / "node_modules" / ".bin" / "html-validate"
PEOPLE = (
    "", "yunhe-enter", "yunhe-see", "province-decide", "province-approve", "province-audit",
    "province-administer",
)  # fmt: skip
"""Who walks through the site; the first is nobody in particular, the third has a second factor."""
STARTS = {
    "": ("/", "/accounts/login/", "/archiver/", "/accounts/inactive/"),
    "yunhe-enter": ("/registers/imports/", "/today/", "/accounts/logout/"),
    "yunhe-see": ("/accounts/2fa/",),
}
UNSEEN = {
    "found": "what a whole ID number found",
    "import_progress": "a part of a page",
    "mfa_authenticate": "between password and code",
    "mfa_reauthenticate": "asked for only after some minutes",
}
"""Pages that no link leads to, and why."""
MOST_BYTES = 60_000
"""Of an ordinary page over the network, compressed, without its map."""
Walked = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def walked(site: Site, chromium: Browser) -> Walked:
    """Give the pages that each person is the first to see."""
    mapping = furnish(site, chromium)
    seen: set[str] = set()
    found: Walked = {}
    for user in PEOPLE:
        visitor = Visitor(chromium, site, lang="zh", size="desk", user=user)
        further = (mapping,) if user == "yunhe-enter" else ()
        pages = pages_of(visitor, *STARTS.get(user, ("/today/",)), *further)
        visitor.close()
        found[user] = {name: path for name, path in pages.items() if name not in seen}
        seen |= pages.keys()
    return found


def test_links_lead_to_every_kind_of_page(walked: Walked) -> None:
    found = {name for pages in walked.values() for name in pages}
    assert set(kinds()) - found == UNSEEN.keys()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing(site: Site, chromium: Browser, walked: Walked, lang: str, size: str) -> None:
    faults: list[str] = []
    for visitor, name, path in visits(site, chromium, walked, lang, size):
        visitor.go(path)
        fits = visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        faults += [] if fits else [f"{name} {path}: wider than the window"]
        for one in Axe().run(visitor.page).response["violations"]:
            where = [node["target"] for node in one["nodes"]][:3]
            faults.append(f"{name} {path}: {one['id']} {where}")
    assert faults == []


def test_pages_are_light(site: Site, chromium: Browser, walked: Walked) -> None:
    heavy = {}
    for visitor, name, path in visits(site, chromium, walked, "zh", "phone"):
        answer = visitor.context.request.get(site.url + path, headers={"Accept-Encoding": "gzip"})
        size = int(answer.headers.get("content-length", len(answer.body())))
        if size > MOST_BYTES:
            heavy[name] = size
    assert heavy == {}


@pytest.mark.skipif(not VALIDATE.is_file(), reason="html-validate is missing: npm ci in tests/html")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_validate_finds_nothing(
    site: Site, chromium: Browser, walked: Walked, lang: str, tmp_path: Path
) -> None:
    for visitor, name, path in visits(site, chromium, walked, lang, "desk"):
        answer = visitor.context.request.get(site.url + path)
        (tmp_path / f"{name}.html").write_bytes(answer.body())
    node = shutil.which("node") or "node"
    command = [node, str(VALIDATE), "--config", str(HTML / ".htmlvalidate.json"), "--formatter", "json"]
    told = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)  # noqa: S603
    faults = [
        f"{Path(file['filePath']).stem}:{one['line']} {one['ruleId']} {one['message']}"
        for file in json.loads(told.stdout)
        for one in file["messages"]
    ]
    assert faults == []


def visits(
    site: Site, chromium: Browser, walked: Walked, lang: str, size: str
) -> Iterator[tuple[Visitor, str, str]]:
    """Go to each page as the person who saw it first; the browser complains of nothing."""
    for user, pages in walked.items():
        visitor = Visitor(chromium, site, lang=lang, size=size, user=user)
        for name, path in pages.items():
            yield visitor, name, path
        visitor.close()
