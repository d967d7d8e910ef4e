"""The site started as a new user starts it, and people who sign in to it in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui_web.language import text_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
HANDED = re.compile(r"^  (\S+) +(\S{4}(?:-\S{4}){3}) ", re.MULTILINE)
"""A line that hands a user and a one-time password over."""
OWN = "chosen-by-the-journey-"
PATIENCE_S = 120.0
HOUSEHOLDS = "40"


@dataclass
class Site:
    """A site that answers, and the passwords of its people."""

    url: str
    folder: Path
    passwords: dict[str, str]
    signed: dict[str, dict[str, object]] = field(default_factory=dict)
    """What the browser keeps of each user who signed in."""
    day: date = date(2027, 1, 1)
    """The first day of the next decision: each lies after the one before."""

    def next_day(self) -> str:
        """Give the first day of a decision."""
        self.day += timedelta(days=1)
        return self.day.isoformat()


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Serve a new site with a small demo on a free port; the passwords are read from what is printed."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = str(tried.getsockname()[1])
    said = folder / "said.txt"
    command = [sys.executable, "-m", "jiedui_web.commands", "serve", "--data", str(folder / "site")]
    env = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}", "PYTHONUNBUFFERED": "1", "JIEDUI_DEMO_HOUSEHOLDS": HOUSEHOLDS,
    }  # fmt: skip
    for name in ("JIEDUI_SITE", "JIEDUI_LOCAL", "JIEDUI_HOSTS", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    with said.open("wb") as out:
        server = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--port", port, "--demo"], stdout=out, stderr=out, env=env, cwd=folder
        )
    try:
        yield Site(f"http://127.0.0.1:{port}", folder, _handed(said, port, server))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _handed(said: Path, port: str, server: subprocess.Popen[bytes]) -> dict[str, str]:
    """Wait until the site says that it is served; gives the users and their one-time passwords."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        text = said.read_text(encoding="utf-8")
        if f"http://127.0.0.1:{port}/" in text:
            return dict(HANDED.findall(text))
        time.sleep(0.2)
    raise AssertionError(said.read_text(encoding="utf-8"))


class Visitor:
    """Somebody at a browser: of a language and a size of window, signed in or not.

    Whatever the browser complains of, or asks of another origin, is kept in ``said``.
    """

    def __init__(
        self, browser: Browser, site: Site, *, lang: str, size: str, scripts: bool = True, user: str = ""
    ) -> None:
        self.site, self.lang, self.user = site, lang, user
        width, height = SIZES[size]
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height},
            locale={"zh": "zh-CN"}.get(lang, lang),
            java_script_enabled=scripts,
            is_mobile=size == "phone",
            has_touch=size == "phone",
            storage_state=site.signed.get(user),  # type: ignore[arg-type]
        )
        self.context.add_cookies([{"name": "jiedui_language", "value": lang, "url": site.url}])
        self.context.set_default_timeout(PATIENCE_S * 1000)
        self.said: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self.said.append(f"{said.text} {said.location['url']}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda asked: self._look(asked.url))
        if user and user not in site.signed:
            self.sign_in()

    def _look(self, url: str) -> None:
        if not url.startswith((self.site.url, "data:")):
            self.said.append(f"asked {url}")

    def word(self, key: str, **values: object) -> str:
        """Give a text of the site in the visitor's language."""
        return text_in(self.lang, key, **values)

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.site.url + path)

    def press(self, key: str, **values: object) -> None:
        """Press the first button or link of this text."""
        word = self.word(key, **values)
        button = self.page.get_by_role("button", name=word, exact=True)
        link = self.page.get_by_role("link", name=word, exact=True)
        button.or_(link).first.click()

    def sign_in(self) -> None:
        """Sign in; at the first time the one-time password is changed, as the site asks."""
        self.go("/accounts/login/")
        self.page.fill("[name=login]", self.user)
        self.page.fill("[name=password]", self.site.passwords[self.user])
        self.page.locator("main form button").click()
        if "/accounts/password/" in self.page.url:
            self._choose_password()
        assert "/accounts/" not in self.page.url, self.page.locator("main").inner_text()
        self.site.signed[self.user] = dict(self.context.storage_state())

    def _choose_password(self) -> None:
        old, new = self.site.passwords[self.user], OWN + self.user[::-1]
        fields = self.page.locator("input[type=password]")
        for place, value in enumerate((old, new, new)):
            fields.nth(place).fill(value)
        self.page.locator("main form button").click()
        self.site.passwords[self.user] = new

    def close(self) -> None:
        """Leave; nothing was complained of."""
        said, self.said = self.said, []
        self.context.close()
        assert said == [], f"{self.user}: {said}"
