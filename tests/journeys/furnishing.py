"""What must have been done before every kind of page has something to show."""

from __future__ import annotations

import base64
import hmac
import time
from typing import TYPE_CHECKING

from tests.journeys.site import Visitor
from tests.journeys.test_site_journey import (
    PROGRAMME,
    approve,
    decide,
    import_households,
    publish,
    wait_for,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from tests.journeys.site import Site

ORDER = 7
STEP_S, DIGITS = 30, 6


def furnish(site: Site, chromium: Browser) -> str:
    """Import, pair, write and protect an account; gives the address of a map of headings that waits."""
    people = {
        user: Visitor(chromium, site, lang="zh", size="desk", user=user)
        for user in ("yunhe-enter", "yunhe-see", "province-decide", "province-approve")
    }
    clerk, planner, approver = (
        people[name] for name in ("yunhe-enter", "province-decide", "province-approve")
    )
    mapping = leave_unmapped(clerk)
    import_households(clerk, ORDER)
    if planner.context.request.get(f"{site.url}/published/{PROGRAMME}/").status != 200:
        chosen = decide(planner)
        approve(approver, chosen)
        publish(planner, chosen)
    write_articles(planner, approver)
    protect(people["yunhe-see"])
    for one in people.values():
        one.close()
    return mapping


def leave_unmapped(clerk: Visitor) -> str:
    """Upload a table whose headings nobody has confirmed yet."""
    path = clerk.site.folder / "待核对.csv"
    path.write_text("编号甲,户主姓名乙,村丙\n1,张三,某村\n", encoding="utf-8")
    clerk.go("/registers/imports/new/")
    clerk.page.select_option("[name=programme]", "yunhe")
    clerk.page.fill("[name=place_code]", "990020")
    clerk.page.set_input_files("[type=file]", path)
    clerk.press("imports.upload")
    wait_for(clerk, "imports.map")
    return clerk.page.url.removeprefix(clerk.site.url) + "mapping/"


def write_articles(writer: Visitor, publisher: Visitor) -> None:
    """Write two articles, the first of which somebody else publishes."""
    for title in ("春耕培训安排", "夏季用工信息"):
        writer.go("/desk/write/")
        writer.page.select_option("[name=section]", "news")
        writer.page.fill("[name=title]", title)
        writer.page.fill("[name=body]", "## 安排\n\n- 三月开始\n\n| 地点 | 人数 |\n|---|---|\n| 甲村 | 20 |")
        writer.press("site.save")
        if title == "春耕培训安排":
            publisher.go(writer.page.url.removeprefix(writer.site.url))
            publisher.press("square.publish")


def protect(visitor: Visitor) -> None:
    """Set a second factor up."""
    visitor.go("/accounts/2fa/totp/activate/")
    if "/reauthenticate/" in visitor.page.url:
        visitor.page.fill("[name=password]", visitor.site.passwords[visitor.user])
        visitor.press("accounts.confirm")
    visitor.page.fill("[name=code]", code_of(visitor.page.locator("main code").inner_text()))
    visitor.press("accounts.activate")
    visitor.site.signed[visitor.user] = dict(visitor.context.storage_state())


def code_of(secret: str) -> str:
    """Give the code that an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, (int(time.time()) // STEP_S).to_bytes(8, "big"), "sha1")
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF
    return str(number)[-DIGITS:].zfill(DIGITS)
